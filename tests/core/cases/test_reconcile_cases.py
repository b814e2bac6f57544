"""A processor's file beside the ledger: every way in which they can disagree is found, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.reconcile import Comparison, Difference, Entered, Found, Settled, reconcile

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
PERIOD = (MONDAY, MONDAY + timedelta(days=7))


def entered(number: int, **fields: object) -> Entered:
    """A capture of 40.00 in the ledger."""
    at = MONDAY + timedelta(hours=number)
    found = Entered(f"k{number}", f"ch_{number}", "capture", f"O{number}", Decimal("40.00"), "USD", Decimal("1.46"), at)
    return replace(found, **fields)  # type: ignore[arg-type]


def settled(line: int, of: Entered, **fields: object) -> Settled:
    """The row of the file that says the same."""
    row = Settled(line, of.key, of.reference, of.kind, of.order, of.amount, of.currency, of.fee, of.at)
    return replace(row, **fields)  # type: ignore[arg-type]


def words(comparison: Comparison) -> list[str]:
    """The differences by name."""
    return [found.difference.value for found in comparison.found]


def test_what_agrees_is_counted_and_nothing_else_is_said() -> None:
    ledger = [entered(1), entered(2)]
    found = reconcile([settled(2, ledger[0]), settled(3, ledger[1])], ledger, PERIOD)
    assert found == Comparison(rows=2, matched=2)


def test_each_side_may_lack_what_the_other_has() -> None:
    ledger = [entered(1), entered(2)]
    found = reconcile([settled(2, ledger[0]), settled(3, entered(9))], ledger, PERIOD)
    assert words(found) == ["missing_here", "missing_there"]


def test_what_was_entered_outside_the_period_need_not_be_in_the_file() -> None:
    before = entered(1, at=MONDAY - timedelta(seconds=1))
    after = entered(2, at=PERIOD[1])
    assert words(reconcile([], [before, after], PERIOD)) == []
    assert reconcile([settled(2, before)], [before], PERIOD).matched == 1, "a row that is there is matched all the same"


def test_amount_currency_kind_and_fee_are_compared_in_this_order() -> None:
    one = entered(1)
    cases: dict[str, dict[str, object]] = {
        "amount": {"amount": Decimal("39.99"), "fee": Decimal(2)},
        "currency": {"currency": "EUR", "amount": Decimal(1)},
        "kind": {"kind": "refund", "currency": "EUR"},
        "fee": {"fee": Decimal("1.50")},
    }
    for difference, fields in cases.items():
        assert words(reconcile([settled(2, one, **fields)], [one], PERIOD)) == [difference]


def test_a_fee_that_only_the_file_knows_is_taken_over() -> None:
    one = entered(1, fee=None)
    found = reconcile([settled(2, one, fee=Decimal("1.46"))], [one], PERIOD)
    assert (found.matched, found.fees) == (1, {"k1": Decimal("1.46")})
    assert reconcile([settled(2, entered(1), fee=None)], [entered(1)], PERIOD).matched == 1


def test_a_row_that_comes_twice_is_named() -> None:
    one = entered(1)
    assert words(reconcile([settled(2, one), settled(3, one)], [one], PERIOD)) == ["twice"]


def test_without_keys_several_captures_of_one_charge_are_told_apart_by_amount() -> None:
    """Stripe names all captures of one authorisation by the same charge."""
    first, second = entered(1, reference="ch", amount=Decimal(10)), entered(2, reference="ch", amount=Decimal(30))
    rows = [settled(2, second, key=""), settled(3, first, key="")]
    assert reconcile(rows, [first, second], PERIOD).matched == 2
    odd = [settled(2, second, key=""), settled(3, first, key="", amount=Decimal(11))]
    assert words(reconcile(odd, [first, second], PERIOD)) == ["amount"]


LEDGERS = st.lists(st.integers(0, 30), unique=True, max_size=12)


@given(LEDGERS, LEDGERS, st.sets(st.integers(0, 30)))
def test_every_row_and_every_entry_is_accounted_for_once(ours: list[int], theirs: list[int], spoilt: set[int]) -> None:
    """Whatever the two say and in whatever order: matched and differences together are all rows and all entries."""
    ledger = [entered(number) for number in ours]
    rows = [
        settled(line, entered(number), amount=Decimal(41 if number in spoilt else 40))
        for line, number in enumerate(theirs, start=2)
    ]
    found = reconcile(rows, ledger, PERIOD)
    both = set(ours) & set(theirs)
    assert found.matched == len(both - spoilt)
    assert sorted(words(found)) == sorted(
        ["amount"] * len(both & spoilt)
        + ["missing_here"] * len(set(theirs) - both)
        + ["missing_there"] * len(set(ours) - both)
    )
    backwards = reconcile(rows[::-1], ledger[::-1], PERIOD)
    assert (backwards.matched, sorted(words(backwards))) == (found.matched, sorted(words(found)))
    assert Difference.TWICE not in {one.difference for one in found.found}


def test_of_entries_alike_a_row_without_a_key_belongs_to_the_one_that_was_entered_first() -> None:
    later, sooner = entered(1, key="k1", reference="ch", at=MONDAY + timedelta(hours=9)), entered(2, reference="ch")
    found = reconcile([settled(2, sooner, key="")], [later, sooner], PERIOD)
    assert [one.ours for one in found.found] == [later], "the other one is missing in the file"


def test_a_difference_says_what_each_side_has() -> None:
    one = entered(1)
    (fee,) = reconcile([settled(2, one, fee=Decimal("1.50"))], [one], PERIOD).found
    assert (fee.amounts, fee.their_currency) == ((Decimal("1.46"), Decimal("1.50")), "")
    (currency,) = reconcile([settled(2, one, currency="EUR")], [one], PERIOD).found
    assert (currency.amounts, currency.their_currency) == ((Decimal("40.00"), Decimal("40.00")), "EUR")
    theirs = settled(2, entered(9))
    here, there = reconcile([theirs], [one], PERIOD).found
    assert (here.either, here.amounts, here.their_currency) == (theirs, (None, Decimal("40.00")), "")
    assert (there.either, there.amounts, there.their_currency) == (one, (Decimal("40.00"), None), "")
    with pytest.raises(ValueError, match="of a row or of an entry"):
        _ = Found(Difference.AMOUNT, None, None).either


def test_an_entry_that_a_row_names_by_its_key_is_no_other_row_s_partner() -> None:
    one = entered(1)
    found = reconcile([settled(2, one), settled(3, one, key="")], [one], PERIOD)
    assert (found.matched, words(found)) == (1, ["missing_here"])

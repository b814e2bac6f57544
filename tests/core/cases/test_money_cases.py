"""What an order's customer should have paid, and what a card may be asked for, in cases to the cent."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from raincheck.core.cards import (
    Above,
    Authorisation,
    Charge,
    Cover,
    Draw,
    Use,
    cover,
    draw,
    drawn,
    give_back,
    holds_until,
    refund,
    window_days,
)
from raincheck.core.errors import Malformed
from raincheck.core.money import (
    LineMoney,
    OrderMoney,
    after_shipping,
    at_stake,
    before_shipping,
    check_charge,
    cut_kept,
    deposit_of,
    due,
    given_back,
    movements,
    rounded,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAMPS, VASES = 1, 2


def money(text: str) -> Decimal:
    return Decimal(text)


def order(*lines: LineMoney, fee: str = "0", tax: str = "0", taxed: str = "0", decimals: int = 2) -> OrderMoney:
    return OrderMoney(dict(enumerate(lines, start=1)), money(fee), money(tax), money(taxed), decimals)


def lamps(*, open_units: int = 0, kept: int = 0, share: str = "0", shipped: int | None = None) -> LineMoney:
    """Lamps at 40.00; what was shipped was kept, unless said otherwise."""
    return LineMoney(money("40.00"), money(share), open_units, kept if shipped is None else shipped, kept)


@pytest.mark.parametrize(
    ("line", "owed"),
    [
        (lamps(open_units=3), "0.00"),
        (lamps(open_units=2, kept=1), "45.00"),
        (lamps(open_units=2, shipped=1), "5.00"),
        (lamps(open_units=2, share="1"), "85.00"),
        (lamps(open_units=2, share="0.25"), "25.00"),
        (lamps(shipped=1), "0.00"),
        (lamps(), "0.00"),
    ],
    ids=[
        "nothing has left", "one was shipped: with the fee", "it came back, the rest follows: the fee stays",
        "paid at placing", "a quarter in advance", "all came back: nothing, the fee neither", "all was cancelled",
    ],
)  # fmt: skip
def test_51_the_fee_is_owed_once_from_the_first_capture_on(line: LineMoney, owed: str) -> None:
    assert due(order(line, fee="5.00")) == money(owed)


def test_tax_follows_the_goods_in_proportion() -> None:
    assert due(order(lamps(open_units=2, kept=1), tax="10.00", taxed="120.00")) == money("43.33")
    assert due(order(lamps(kept=3), tax="10.00", taxed="120.00")) == money("130.00")


def test_tax_on_goods_that_cost_nothing_follows_the_fee() -> None:
    free = LineMoney(money("0"), kept_units=1, shipped_units=1)
    assert due(order(free, fee="5.00", tax="1.00")) == money("6.00")
    waiting = LineMoney(money("0"), open_units=1)
    assert due(order(waiting, fee="5.00", tax="1.00")) == money("0.00")


def test_half_a_coin_is_rounded_away_from_zero_in_the_coins_of_the_currency() -> None:
    assert [rounded(money("2.345"), decimals) for decimals in (0, 2, 3)] == [money("2"), money("2.35"), money("2.345")]
    assert [rounded(money(text), 0) for text in ("0.5", "1.5", "-0.5")] == [1, 2, -1]
    assert due(order(LineMoney(money("0.5"), kept_units=1, shipped_units=1), decimals=0)) == 1


def test_shipping_moves_open_units_to_kept_ones_and_a_cut_makes_them_cheaper() -> None:
    before = order(lamps(open_units=3, kept=1), LineMoney(money("9.00"), open_units=1))
    after = after_shipping(before, {LAMPS: 2}, {LAMPS: money("1.50")})
    assert after.lines[LAMPS] == LineMoney(money("40.00"), money("0"), 1, 3, 3, money("3.00"))
    assert after.lines[VASES] == before.lines[VASES]
    assert due(after) == money("117.00")
    assert before_shipping(after, {LAMPS: 2}, {LAMPS: money("1.50")}) == before


def test_of_what_comes_back_each_unit_has_had_the_same_part_of_the_cut() -> None:
    line = LineMoney(money("40"), kept_units=3, shipped_units=3, cut=money("1.00"))
    assert cut_kept(line, 1) == money("0.6667")
    assert cut_kept(line, 3) == 0


def test_at_stake_is_what_shipping_would_capture_and_nothing_where_it_is_paid() -> None:
    two_lines = order(lamps(open_units=2), LineMoney(money("9.00"), open_units=1), fee="5.00")
    assert at_stake(two_lines) == money("94.00")
    assert at_stake(two_lines, {LAMPS: 1}) == money("45.00")
    assert at_stake(order(lamps(open_units=2, share="1"))) == 0


def test_every_movement_is_the_difference_to_what_was_moved_before() -> None:
    assert movements(money("0"), [money("40"), money("40"), money("15")]) == [40, 0, -25]


def test_what_ends_gives_back_its_tax_and_the_fee_with_the_last_line_but_not_what_was_never_paid() -> None:
    left = OrderMoney(
        {LAMPS: LineMoney(Decimal(40), Decimal(1)), VASES: LineMoney(Decimal(10), Decimal(1))},
        Decimal(5), Decimal("9.99"), Decimal(100),
    )  # fmt: skip
    assert given_back(left, {LAMPS: 2, VASES: 2}) == {LAMPS: Decimal("87.99"), VASES: Decimal("27.00")}
    assert given_back(left, {LAMPS: 2, VASES: 2}, Decimal(100)) == {LAMPS: Decimal(0), VASES: Decimal("14.99")}
    assert given_back(left, {}) == {}


@pytest.mark.parametrize("charge", ["shipment", "order", "deposit:0.2", "deposit:0.9999"])
def test_times_of_charging_that_are_known(charge: str) -> None:
    check_charge(charge)


@pytest.mark.parametrize("charge", ["", "later", "deposit:", "deposit:none", "deposit:0", "deposit:1", "deposit:NaN",
                                    "deposit:0.00001"])  # fmt: skip
def test_times_of_charging_that_nobody_knows_are_refused(charge: str) -> None:
    with pytest.raises(Malformed, match=r"deposit|charge"):
        check_charge(charge)


def test_a_deposit_is_written_without_needless_noughts() -> None:
    assert deposit_of(money("0.5000")) == "deposit:0.5"


# Cards.


def held(
    id_: int, left: str, *, days: int | None = 7, amount: str | None = None, is_live: bool = True
) -> Authorisation:
    """An authorisation that holds for so many days; of its amount so much is left."""
    until = None if days is None else NOW + timedelta(days=days)
    return Authorisation(id_, money(amount or left), money(left), expires_at=until, is_live=is_live)


def test_48_an_authorisation_holds_for_its_scheme_s_days_or_as_the_processor_says_if_that_is_sooner() -> None:
    assert holds_until("visa", Use.CUSTOMER, NOW, {}, None) == NOW + timedelta(days=7)
    assert holds_until("visa", Use.CUSTOMER, NOW, {}, NOW + timedelta(days=3)) == NOW + timedelta(days=3)
    assert holds_until("visa", Use.CUSTOMER, NOW, {}, NOW + timedelta(days=9)) == NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("scheme", "use", "set_days", "days"),
    [
        ("visa", Use.MERCHANT, {}, 5), ("visa", Use.FINAL, {}, 7), ("mastercard", Use.CUSTOMER, {}, 30),
        ("mastercard", Use.FINAL, {}, 7), ("mastercard", Use.MERCHANT, {}, 30), ("amex", Use.MERCHANT, {}, 7),
        ("maestro", Use.CUSTOMER, {}, 7), ("maestro", Use.CUSTOMER, {"other": 3}, 3),
        ("amex", Use.MERCHANT, {"amex_merchant": 2, "amex": 9}, 2), ("visa", Use.MERCHANT, {"visa": 9}, 5),
    ],
)  # fmt: skip
def test_48_the_days_of_a_use_come_before_those_of_its_scheme(
    scheme: str, use: Use, set_days: dict[str, int], days: int
) -> None:
    assert window_days(scheme, use, set_days) == days


def test_48_what_has_run_out_or_was_not_approved_covers_nothing() -> None:
    live = [held(1, "10"), held(2, "20", days=0), held(3, "40", days=None), held(4, "80", is_live=False)]
    assert cover(live, NOW, Above()) == 50
    assert cover(live, NOW + timedelta(days=7), Above()) == 40, "at the very instant it has run out"


def test_captures_may_go_above_an_authorisation_by_whole_coins_of_its_amount() -> None:
    assert Above(money("0.15")).of(held(1, "5.00", amount="9.99")) == money("1.49")
    assert Above(money("0.15"), decimals=0).of(held(1, "5", amount="9")) == 1
    assert cover([held(1, "5.00", amount="10.00")], NOW, Above(money("0.15"))) == money("6.50")


def test_a_capture_draws_on_what_runs_out_first_and_the_newest_last() -> None:
    live = [held(1, "10", days=None), held(3, "10", days=2), held(2, "10", days=2), held(4, "10", days=1)]
    assert draw(money("35"), live, Above(), is_last=False) == [
        Draw(4, money("10")), Draw(2, money("10")), Draw(3, money("10")), Draw(1, money("5")),
    ]  # fmt: skip


def test_49_a_capture_is_final_only_when_nothing_is_left_to_ship() -> None:
    assert draw(money("4"), [held(1, "10")], Above(), is_last=False) == [Draw(1, money("4"), is_final=False)]
    assert draw(money("4"), [held(1, "10")], Above(), is_last=True) == [Draw(1, money("4"), is_final=True)]


def test_49_what_may_go_above_is_taken_only_when_all_that_is_left_is_not_enough() -> None:
    live, above = [held(1, "10"), held(2, "10", days=9)], Above(money("0.1"))
    assert draw(money("20"), live, above, is_last=False) == [Draw(1, money("10")), Draw(2, money("10"))]
    assert draw(money("21.50"), live, above, is_last=False) == [Draw(1, money("11")), Draw(2, money("10.50"))]
    assert draw(money("23"), live, above, is_last=True)[-1] == Draw(None, money("1")), "the card itself, never final"


def test_what_was_not_approved_yet_is_not_drawn_on() -> None:
    assert draw(money("5"), [held(1, "10", is_live=False)], Above(), is_last=False) == [Draw(None, money("5"))]


def test_50_what_nothing_needs_any_more_is_given_back_the_newest_first() -> None:
    live = [held(1, "10"), held(3, "10"), held(2, "10")]
    assert give_back(live, money("12")) == [Draw(3, money("10")), Draw(2, money("8"))]
    assert give_back(live, money("30")) == []
    assert give_back([held(1, "10"), held(2, "-1")], money("4")) == [Draw(1, money("6"))], "one was drawn above itself"


def test_50_a_refund_goes_back_the_way_it_came_the_newest_capture_first() -> None:
    charges = [Charge(1, money("10")), Charge(3, money("0")), Charge(2, money("10"))]
    assert refund(money("15"), charges) == [Draw(2, money("10")), Draw(1, money("5"))]
    assert refund(money("0"), charges) == []


def test_an_authorisation_with_its_final_capture_is_gone_the_others_have_less_left() -> None:
    one, two, three = held(1, "10"), held(2, "10"), held(3, "10")
    draws = [Draw(1, money("10"), is_final=True), Draw(2, money("4")), Draw(None, money("9"))]
    left = drawn([one, two, three], draws)
    assert [(it.id, it.left, it.captured) for it in left] == [(2, money("6"), money("4")), (3, money("10"), 0)]


def test_an_order_leaves_as_far_as_its_card_covers_it_with_what_is_on_its_way_already() -> None:
    on_card = Cover(order(lamps(open_units=3)), money("80"), leaving={LAMPS: 1})
    assert on_card.missing({LAMPS: 1}) is None, "two lamps at 40.00 are covered to the cent"
    assert on_card.missing({LAMPS: 2}) == 40
    assert Cover(order(lamps(open_units=3)), money("0"), is_waiting=True).missing({LAMPS: 1}) == 0
    other = Cover(order(lamps(open_units=1), LineMoney(money("9.00"), open_units=1)), money("45"), leaving={LAMPS: 1})
    assert other.missing({VASES: 1}) == 4

"""Cards through Stripe, over real HTTP to a small Stripe on this machine."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.gateways.requests import MONDAY, authorise, capture, refund, void
from tests.gateways.stripe_fake import CAPTURE_BEFORE, Stripe, stripe_at_work

from raincheck.gateways.cards import CardAnswer, CardRequest, CardRequestRefused, ProcessorAway
from raincheck.gateways.cards_stripe import StripeCards
from raincheck.gateways.stripe_words import major, minor

pytestmark = pytest.mark.slow

CARD = {"method": "cus_ann/pm_good"}


class Shop:
    """Our side: the gateway, and the account behind it."""

    def __init__(self, account: Stripe, api: str) -> None:
        self.account = account
        self.api = api
        self.cards = StripeCards("sk_test_ours", api)

    def send(self, request: CardRequest) -> CardAnswer:
        return self.cards.carry_out(request, MONDAY)

    def intent(self, number: int = 1) -> dict[str, object]:
        return self.account.intents[f"pi_{number}"]


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A shop with a Stripe account."""
    with stripe_at_work() as (account, api):
        shop = Shop(account, api)
        yield shop
        shop.cards.close()


def test_a_card_is_authorised_for_its_customer_and_says_until_when(shop: Shop) -> None:
    held = shop.send(authorise("a", **CARD))
    assert held == CardAnswer("approved", "pi_1", "visa", datetime.fromtimestamp(CAPTURE_BEFORE, UTC))
    assert shop.intent()["customer"] == "cus_ann"
    assert shop.intent()["amount"] == 10_000


def test_parcels_are_captured_one_by_one_and_the_last_releases_the_rest(shop: Shop) -> None:
    held = shop.send(authorise("a", **CARD)).reference
    first = shop.send(capture("c1", "40.00", held, **CARD))
    assert (first.reference, first.fee) == ("ch_1", Decimal("1.46"))
    assert shop.intent()["amount_capturable"] == 6_000
    second = shop.send(capture("c2", "30.00", held, is_final=True, **CARD))
    assert second.fee is None, "Stripe adds it to the first one's; the payout's file tells them apart"
    assert (shop.intent()["amount_received"], shop.intent()["status"]) == (7_000, "succeeded")


def test_where_a_card_is_captured_once_only_later_parcels_charge_it_directly(shop: Shop) -> None:
    held = shop.send(authorise("a", method="pm_once")).reference
    shop.send(capture("c1", "40.00", held, method="pm_once"))
    later = shop.send(capture("c2", "30.00", held, method="pm_once"))
    assert (later.outcome, later.reference) == ("approved", "ch_2")
    assert shop.intent(2)["amount_received"] == 3_000
    assert shop.send(capture("c2", "30.00", held, method="pm_once")).reference == "ch_2"
    assert len(shop.account.intents) == 2


def test_what_is_held_is_given_back_whole_in_part_and_after_a_capture(shop: Shop) -> None:
    whole = shop.send(authorise("a", **CARD)).reference
    shop.send(void("v1", "100.00", whole))
    assert shop.intent(1)["status"] == "canceled"
    part = shop.send(authorise("b", **CARD)).reference
    shop.send(capture("c", "40.00", part))
    assert shop.send(void("v2", "20.00", part)).outcome == "approved"
    assert shop.intent(2)["amount_capturable"] == 6_000, "Stripe cannot give back a part alone"
    shop.send(void("v3", "40.00", part))
    assert (shop.intent(2)["status"], shop.intent(2)["amount_received"]) == ("succeeded", 4_000)


def test_a_refund_goes_to_the_card_that_paid_and_never_over_the_capture(shop: Shop) -> None:
    charge = shop.send(capture("c", "40.00", **CARD)).reference
    assert shop.send(refund("r1", "15.00", charge)).reference == "re_1"
    assert shop.send(refund("r2", "25.01", charge)).reason == "more than was captured"


@pytest.mark.parametrize(("card", "reason"), [("pm_poor", "insufficient funds"), ("pm_stolen", "the bank says no")])
def test_a_declined_card_says_why_as_far_as_it_may_be_told(shop: Shop, card: str, reason: str) -> None:
    declined = shop.send(authorise("a", method=card))
    assert (declined.outcome, declined.reason) == ("declined", reason)
    assert shop.send(authorise("a", method=card)) == declined, "the same key, the same answer"


def test_more_than_was_authorised_is_declined(shop: Shop) -> None:
    held = shop.send(authorise("a", **CARD)).reference
    assert shop.send(capture("c", "100.01", held)).reason == "more than was authorised or captured"


def test_a_cancelled_authorisation_is_not_captured(shop: Shop) -> None:
    held = shop.send(authorise("a", **CARD)).reference
    shop.send(void("v", "100.00", held))
    assert shop.send(capture("c", "10.00", held)).reason == "the authorisation has ended"


@pytest.mark.parametrize("kind", ["authorise", "capture", "charge", "void", "refund"])
@pytest.mark.parametrize("forgets_keys", [False, True])
def test_a_line_that_breaks_after_stripe_acted_costs_nobody_anything(shop: Shop, kind: str, forgets_keys: bool) -> None:
    """The answer is lost; asked again, a day later when the key is forgotten, it is done once all the same."""
    held = shop.send(authorise("a", **CARD)).reference
    charge = shop.send(capture("c", "20.00", held, **CARD)).reference
    request = {
        "authorise": authorise("x", "30.00", **CARD),
        "charge": capture("x", "30.00", **CARD),
        "capture": capture("x", "30.00", held, **CARD),
        "void": void("x", "30.00", held, **CARD),
        "refund": refund("x", "10.00", charge, **CARD),
    }[kind]
    reads_first = kind in ("capture", "void", "refund")
    calls = len(shop.account.calls)
    if not reads_first:
        shop.account.trouble = "drop"
    else:
        _drop_after(shop.account, calls + 1)
    with pytest.raises(ProcessorAway):
        shop.send(request)
    shop.account.forgets_keys = forgets_keys
    answer = shop.cards.find("x") or shop.send(request)
    assert answer.outcome == "approved"
    books = (shop.account.intents, shop.account.refunds)
    before = repr(books)
    shop.account.forgets_keys = False
    assert shop.send(request).reference == answer.reference
    assert repr(books) == before


def _drop_after(account: Stripe, calls: int) -> None:
    """The line breaks at the call after the look."""
    act = account._act

    def watch(method: str, path: str, params: dict[str, Any]) -> dict[str, Any]:
        said = act(method, path, params)
        if len(account.calls) == calls:
            account.trouble = "drop"
        return said

    account._act = watch  # type: ignore[method-assign]


@pytest.mark.parametrize("trouble", ["500", "503", "429", "drop"])
def test_while_stripe_is_away_nothing_is_called_declined(shop: Shop, trouble: str) -> None:
    shop.account.trouble = trouble
    with pytest.raises(ProcessorAway):
        shop.send(authorise("a", **CARD))
    assert shop.send(authorise("a", **CARD)).outcome == "approved"
    assert len(shop.account.intents) == 1


def test_a_wrong_api_key_makes_money_wait(shop: Shop) -> None:
    wrong = StripeCards("sk_test_other", shop.api)
    with pytest.raises(ProcessorAway, match="RAINCHECK_STRIPE_KEY"):
        wrong.carry_out(authorise("a", **CARD), MONDAY)
    wrong.close()


def test_nobody_listening_is_away_too() -> None:
    with stripe_at_work() as (_, api):
        pass
    nobody = StripeCards("sk_test_ours", api)
    with pytest.raises(ProcessorAway):
        nobody.carry_out(authorise("a", **CARD), MONDAY)
    nobody.close()


def test_what_stripe_does_not_understand_is_no_decline(shop: Shop) -> None:
    shop.send(authorise("a", **CARD))
    with pytest.raises(CardRequestRefused, match="for something else"):
        shop.send(authorise("a", "99.00", **CARD))
    with pytest.raises(CardRequestRefused):
        shop.send(capture("c", "1.00", "pi_nothing"))
    with pytest.raises(CardRequestRefused, match="no authorisation of Stripe"):
        shop.send(capture("c", "1.00", "../refunds"))
    with pytest.raises(CardRequestRefused, match="no charge of Stripe"):
        shop.send(refund("r", "1.00", "pi_1"))


def test_what_was_never_asked_is_not_found(shop: Shop) -> None:
    assert shop.cards.find("nothing") is None


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("12.50", "USD", 1250),
        ("0.01", "EUR", 1),
        ("500", "JPY", 500),
        ("500.0000", "KRW", 500),
        ("5.120", "KWD", 5120),
        ("5", "ISK", 500),
        ("12", "MGA", 12),
    ],
)
def test_amounts_are_counted_as_stripe_counts_them(amount: str, currency: str, units: int) -> None:
    assert minor(Decimal(amount), currency) == units
    assert major(units, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.001", "USD"), ("0.5", "JPY"), ("5.124", "KWD"), ("5.5", "ISK"), ("NaN", "USD"), ("5", "UGX")],
)
def test_an_amount_that_cannot_be_said_exactly_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(CardRequestRefused):
        minor(Decimal(amount), currency)


def test_yen_reach_stripe_as_yen(shop: Shop) -> None:
    shop.send(replace(authorise("a", "500", **CARD), currency="JPY"))
    assert (shop.intent()["amount"], shop.intent()["currency"]) == (500, "jpy")

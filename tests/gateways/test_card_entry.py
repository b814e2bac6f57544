"""Cards entered on the processor's own page: handed over, called back, asked for, taken once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import stripe
from django.test import Client
from pytest_django import Settings
from tests.gateways.card_shop import open_shop, order
from tests.gateways.stripe_fake import Stripe, stripe_at_work

from raincheck.actions.cancel_order import cancel_order
from raincheck.core.errors import Refused
from raincheck.gateways.card_entry import Visit, ask_after_all, ask_after_next, card_choices, card_pages, open_card_page
from raincheck.gateways.cards import ProcessorAway
from raincheck.gateways.cards_tokens import TEST_CARDS, said_of
from raincheck.gateways.stripe_checkout import StripePages
from raincheck.store.db import one, rows, run

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "whsec_c2VjcmV0"


@pytest.fixture
def account(settings: Settings) -> Iterator[Stripe]:
    """A Stripe account that this installation uses; Ann has ordered a lamp, her card is declined there later."""
    with stripe_at_work() as (account, api):
        settings.STRIPE_KEY, settings.STRIPE_API, settings.STRIPE_WEBHOOK_SECRET = "sk_test_ours", api, SECRET
        open_shop(NOW, lamps=0)
        order("O1", 1, NOW)
        yield account


def visit(once: str = "form-1-of-the-page", card: str = "cus_ann/pm_old") -> Visit:
    return Visit("O1", once, "USD", "ann@example.com", card, "https://shop/done", "https://shop/back", "de")


def pages() -> StripePages:
    found = card_pages()
    assert isinstance(found, StripePages)
    return found


def card() -> str:
    return str(one("SELECT y.card FROM order_payment y JOIN sales_order o ON o.id = y.order_id WHERE o.ref = 'O1'")[0])


def handovers() -> list[tuple[str, str]]:
    return rows("SELECT state, outcome FROM card_handover ORDER BY id")


def due_now() -> None:
    run("UPDATE card_handover SET next_try_at = now() WHERE state = 'open'")


def test_a_card_entered_at_stripe_pays_from_then_on(account: Stripe) -> None:
    assert open_card_page(visit(), "customer") == f"{account.address}/page/cs_test_1"
    assert not ask_after_next(pages()), "it is not asked after at once"
    account.enter("cs_test_1", "pm_better")
    due_now()
    assert ask_after_all(pages()) == 1
    assert card() == "cus_ann/pm_better"
    assert handovers() == [("taken", "another card was given")]
    assert rows("SELECT actor FROM fact WHERE verb = 'card_given'") == [("customer",)]
    assert not ask_after_next(pages())


def test_stripe_is_asked_to_keep_the_card_for_the_customer_of_the_one_before(account: Stripe) -> None:
    open_card_page(visit(), "customer")
    open_card_page(visit("another-form-of-it", "tok_visa"), "customer")
    assert [one_["customer"] for one_ in account.sessions.values()] == ["cus_ann", None]
    account.enter("cs_test_2", "pm_first")
    due_now()
    ask_after_all(pages())
    assert card() == "cus_new/pm_first", "Stripe made one"


def test_a_double_click_opens_one_page(account: Stripe) -> None:
    assert open_card_page(visit(), "customer") == open_card_page(visit(), "customer")
    assert len(account.sessions) == len(handovers()) == 1


def test_a_page_that_nobody_used_is_asked_after_ever_more_seldom_and_then_no_more(account: Stripe) -> None:
    open_card_page(visit(), "customer")
    waits = []
    for _ in range(6):
        due_now()
        assert ask_after_next(pages())
        waits.append(round(one("SELECT extract(epoch FROM next_try_at - now())::float FROM card_handover")[0]))
    assert waits == sorted(waits)
    assert waits[-1] > 1_000
    account.sessions["cs_test_1"]["status"] = "expired"
    due_now()
    ask_after_next(pages())
    assert handovers() == [("unused", "no card was entered")]
    assert card() == "tok_visa"


def test_a_page_that_has_closed_is_forgotten_also_where_stripe_never_says_so(account: Stripe) -> None:
    open_card_page(visit(), "customer")
    run("UPDATE card_handover SET expires_at = now() - interval '1 second'")
    due_now()
    ask_after_next(pages())
    assert handovers() == [("unused", "no card was entered")]


@pytest.mark.parametrize("trouble", ["500", "429", "drop"])
def test_a_processor_that_is_away_changes_nothing_and_is_asked_again(account: Stripe, trouble: str) -> None:
    account.trouble = trouble
    with pytest.raises(ProcessorAway):
        open_card_page(visit(), "customer")
    assert handovers() == []
    open_card_page(visit(), "customer")
    account.enter("cs_test_1", "pm_better")
    account.trouble = trouble
    due_now()
    assert ask_after_next(pages())
    assert (card(), handovers()) == ("tok_visa", [("open", "")])
    due_now()
    ask_after_next(pages())
    assert card() == "cus_ann/pm_better"


def call(client: Client, account: Stripe, event: str = "evt_1", secret: str = SECRET, name: str = "cs_test_1") -> int:
    """Stripe calls that a page was completed."""
    about = {**account.sessions.get("cs_test_1", {}), "id": name, "mode": "setup"}
    body = json.dumps(
        {"id": event, "type": "checkout.session.completed", "created": 1_700_000_000, "data": {"object": about}}
    )
    at = int(datetime.now(UTC).timestamp())
    signature = stripe.WebhookSignature._compute_signature(f"{at}.{body}", secret)
    headers = {"stripe-signature": f"t={at},v1={signature}"}
    answer = client.post("/processors/stripe/events", body, content_type="application/json", headers=headers)
    return answer.status_code


def test_a_signed_call_has_the_card_fetched_at_once_however_often_it_comes(client: Client, account: Stripe) -> None:
    open_card_page(visit(), "customer")
    account.enter("cs_test_1", "pm_better")
    assert call(client, account, secret="whsec_forged") == 400
    assert not ask_after_next(pages())
    for event in ("evt_1", "evt_1", "evt_2"):
        assert call(client, account, event) == 204
    assert ask_after_all(pages()) == 1
    assert call(client, account, "evt_3") == 204
    assert not ask_after_next(pages())
    assert card() == "cus_ann/pm_better"
    assert rows("SELECT count(*) FROM fact WHERE verb = 'card_given'") == [(1,)]


def test_a_call_is_a_hint_only(client: Client, account: Stripe) -> None:
    """It says that a card was entered where none was, and for a visit that nobody made: nothing is taken."""
    open_card_page(visit(), "customer")
    assert call(client, account) == 204
    assert call(client, account, "evt_2", name="cs_test_of_somebody_else") == 204
    ask_after_all(pages())
    assert (card(), handovers()) == ("tok_visa", [("open", "")])


def test_a_card_that_comes_when_nothing_is_to_be_paid_any_more_is_not_taken(account: Stripe) -> None:
    open_card_page(visit(), "customer")
    account.enter("cs_test_1", "pm_better")
    cancel_order("O1")
    due_now()
    ask_after_all(pages())
    assert card() == "tok_visa"
    assert handovers() == [("unused", "order 'O1': nothing of it is owed or still to be charged")]
    with pytest.raises(Refused, match="owed or still"):
        open_card_page(visit("another-form-of-it"), "customer")


def test_with_the_test_processor_cards_are_chosen_by_name() -> None:
    assert card_pages() is None
    assert dict(card_choices()) == {token: said_of(token) for token in TEST_CARDS}
    assert len(set(dict(card_choices()).values())) == len(TEST_CARDS), "no two are called the same"
    open_shop(NOW, lamps=0)
    order("O1", 1, NOW)
    with pytest.raises(ProcessorAway, match="chosen by name"):
        open_card_page(visit(), "customer")
    assert ask_after_all(None) == 0
    assert one("SELECT sum(amount) FROM payment WHERE kind = 'authorise'") == (Decimal(40),)

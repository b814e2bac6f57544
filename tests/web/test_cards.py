"""Cards in the console: another card, what is paid and due in amounts that add up, money back by another way."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from tests.gateways.card_shop import open_shop, order, pay
from tests.gateways.stripe_fake import stripe_at_work
from tests.web.company import add_people
from tests.web.test_pages import text_of

from raincheck.actions.card_requests import take_request
from raincheck.actions.move_stock import count, return_goods
from raincheck.actions.permissions import Role
from raincheck.actions.place_order import place_order
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.actions.take_processor_event import REFUND_FAILED, ProcessorNews, take_processor_event
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.gateways.card_entry import ask_after_all, card_pages
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit
from raincheck.store.reads.law_evidence import evidence

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture
def sales(client: Client) -> Client:
    """Sales, in a shop that takes cards; ten lamps lie there."""
    open_shop(NOW)
    add_people()
    return signed_in(client, Role.SALES)


def signed_in(client: Client, role: Role) -> Client:
    client.force_login(User.objects.get(username=role.value.replace(" ", "-")))
    return client


def card() -> str:
    return str(one("SELECT card FROM order_payment")[0])


def sums(page: str) -> dict[str, str]:
    """The amounts of the Money section by what they are."""
    return dict(re.findall(r'<dt>([^<]+)</dt><dd class="num">([^<]+)</dd>', page))


def test_a_declined_card_is_replaced_from_the_order_page(sales: Client) -> None:
    order("O1", 1, NOW, "tok_declined")
    page = text_of(sales, "/orders/O1")
    assert "Payment declined" in page
    assert "the bank says no" in page
    assert "Try the same card now" in page
    form = text_of(sales, "/new/card/O1")
    assert "Test processor: no money moves." in form
    assert "Mastercard: pays" in form
    sales.post("/new/card/O1", {"card": "tok_mastercard"})
    pay(datetime.now(UTC))
    page = text_of(sales, "/orders/O1")
    assert "Payment declined" not in page
    assert "All of it is paid: $40.00." in page
    assert rows("SELECT actor FROM fact WHERE verb = 'card_given'") == [("sales",)]


def test_the_service_desk_leads_to_another_card_too(sales: Client) -> None:
    order("O1", 1, NOW, "tok_declined")
    page = text_of(sales, "/service/orders/O1")
    assert "$0.00 of $40.00 is paid." in page
    assert "Another card" in page
    tried = text_of(sales, "/service/try/O1?choice=retry_payment&units=1")
    assert "American Express: pays" in tried


@pytest.mark.parametrize("given", ["", "4242 4242 4242 4242", "4242424242424242", "<b>x</b>", "tok visa"])
def test_what_is_no_card_changes_nothing(sales: Client, given: str) -> None:
    order("O1", 1, NOW, "tok_declined")
    said = sales.post("/new/card/O1", {"card": given}, follow=True).content.decode()
    assert "not a number" in said
    assert "4242" not in said, "a number that somebody typed is repeated nowhere"
    assert card() == "tok_declined"


def test_who_may_not_change_orders_gives_no_card(sales: Client, client: Client) -> None:
    order("O1", 1, NOW, "tok_declined")
    reader = signed_in(client, Role.WAREHOUSE)
    assert reader.get("/new/card/O1").status_code == 403
    assert reader.post("/new/card/O1", {"card": "tok_visa"}).status_code == 403
    assert reader.post("/do/pay-back/O1", {"way": "cash", "reference": "1", "reason": "x"}).status_code == 403
    assert "/new/card/O1" not in reader.get("/orders/O1").content.decode()


def test_an_order_that_needs_none_says_so(sales: Client) -> None:
    order("PAID", 1, NOW)
    order("ELSEWHERE", 1, NOW, "")
    assert "Nothing of this order is owed" in text_of(sales, "/new/card/PAID")
    assert "pays by no card" in text_of(sales, "/new/card/ELSEWHERE")
    assert sales.get("/new/card/NOTHING").status_code == 404


def test_the_amounts_of_an_order_add_up_at_every_step(sales: Client) -> None:
    """Three lamps of 40.00 with 10.00 tax and 5.00 shipping: one ships, one comes back, one is cancelled."""
    count("main", {"lamp": 1}, NOW)
    asked = OrderRequest(
        "O1", (AskedLine("lamp", 3),), customer="ann", card="tok_visa", tax=Decimal(10), shipping_fee=Decimal(5)
    )
    place_order(asked, NOW)
    pay(NOW)
    page = sales.get("/orders/O1").content.decode()
    assert sums(page) == {
        "Goods": "$120.00",
        "Shipping": "$5.00",
        "Tax": "$10.00",
        "In all": "$135.00",
        "Charged": "$48.33",
        "Still to come": "$86.67",
    }
    assert "$48.33 of $135.00 is paid. $86.67 is charged as parcels leave; the Visa holds $86.67 for it" in page
    sales.post("/do/cancel-order/O1", {"units:lamp": "1", "by": "customer"})
    back = {"units:lamp": "1", "condition": "damaged", "once": "one form of one page"}
    signed_in(sales, Role.SERVICE).post("/do/take-back/O1", back)
    found = sums(sales.get("/orders/O1").content.decode())
    assert (found["In all"], found["To be given back"]) == ("$48.33", "-$43.33")
    pay(datetime.now(UTC))
    found = sums(sales.get("/orders/O1").content.decode())
    assert (found["Charged"], found["Given back"], found["Still to come"]) == ("$48.33", "-$43.33", "$43.33")
    assert audit() == []


def test_what_gives_money_back_does_so_once_for_a_form_however_often_it_is_sent(client: Client) -> None:
    """Of two lamps one comes back, and something is given back for the trouble: both forms are sent twice."""
    open_shop(NOW, lamps=2)
    add_people()
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), customer="ann"), NOW)
    service = signed_in(client, Role.SERVICE)
    form = {"units:lamp": "1", "condition": "good", "once": once_of(service.get("/orders/O1"))}
    said = [service.post("/do/take-back/O1", form, follow=True).content.decode() for _ in range(2)]
    assert ["This was done already" in text for text in said] == [False, True]
    form = {"choice": "goodwill", "amount": "5.00", "words": "late"}
    form["once"] = once_of(service.get("/service/try/O1", {"choice": "goodwill"}))
    said = [service.post("/do/help/O1", form, follow=True).content.decode() for _ in range(2)]
    assert ["This was done already" in text for text in said] == [False, True]
    assert rows("SELECT amount FROM payment WHERE kind = 'refund' ORDER BY id") == [(40,), (5,)]
    assert service.post("/do/help/O1", {**form, "once": ""}).status_code == 400
    assert audit() == []


def once_of(page: Any) -> str:
    """What tells the form of a page from others."""
    found = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def refuse_refund(reason: str = "the account is closed") -> None:
    """The processor says no to the refund that waits."""
    taken = take_request(datetime.now(UTC))
    assert taken is not None
    assert taken[0].kind == "refund"
    take_card_answer(taken[0].key, CardWord(is_approved=False, reason=reason))


def returned(sales: Client) -> Client:
    order("O1", 1, NOW)
    return_goods("O1", {"lamp": 1}, at=NOW + timedelta(minutes=1))
    return sales


def test_a_refund_that_failed_is_shown_and_paid_back_by_another_way(sales: Client) -> None:
    returned(sales)
    refuse_refund()
    page = text_of(sales, "/orders/O1")
    assert "$40.00 could not go back to the card" in page
    assert "the account is closed" in page
    books = text_of(signed_in(sales, Role.SALES), "/money")
    assert "Refunds that no card took" in books
    assert "the account is closed $40.00" in books
    form = {"way": "cheque", "reference": "cheque 1042, registered", "reason": "the account is closed"}
    said = sales.post("/do/pay-back/O1", form, follow=True).content.decode()
    assert "on record that the money went" in said
    page = text_of(sales, "/orders/O1")
    assert "could not go back" not in page
    assert "Nothing is owed either way." in page
    assert "sales: cheque, cheque 1042, registered, the account is closed" in page
    assert "Refunds that no card took" not in text_of(sales, "/money")
    assert rows("SELECT kind, amount FROM payment WHERE request_id IS NULL") == [("refund", Decimal("40.0000"))]
    assert rows("SELECT closed_by FROM task WHERE kind = 'refund'") == [("sales",)]
    record = evidence("O1")
    assert record is not None
    assert any("cheque 1042, registered" in entry["what"] for entry in record["chronology"])
    assert audit() == []
    again = sales.post("/do/pay-back/O1", form, follow=True).content.decode()
    assert "nothing is left to be paid back" in again


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"way": "store_credit", "reference": "1", "reason": "x"}, "store credit is no refund"),
        ({"way": "", "reference": "1", "reason": "x"}, "a refund is paid by"),
        ({"way": "cash", "reference": " ", "reason": "x"}, "say what proves it"),
        ({"way": "cash", "reference": "1", "reason": ""}, "say why it cannot go back"),
    ],
)
def test_a_refund_by_hand_needs_its_way_its_proof_and_its_reason(
    sales: Client, form: dict[str, str], said: str
) -> None:
    returned(sales)
    refuse_refund()
    assert said in sales.post("/do/pay-back/O1", form, follow=True).content.decode().lower().replace("’", "'")
    assert rows("SELECT count(*) FROM payment WHERE kind = 'refund'") == [(0,)]


def test_nothing_is_paid_back_by_hand_while_the_card_is_asked(sales: Client) -> None:
    returned(sales)
    form = {"way": "cash", "reference": "1", "reason": "x"}
    assert "nothing is left to be paid back" in sales.post("/do/pay-back/O1", form, follow=True).content.decode()


def test_a_refund_that_came_back_later_is_put_on_record_without_a_second_entry(sales: Client) -> None:
    returned(sales)
    pay(datetime.now(UTC))
    (key,) = one("SELECT key FROM card_request WHERE kind = 'refund'")
    news = ProcessorNews("local", "ev_1", REFUND_FAILED, datetime.now(UTC), "", key, Decimal(40), "USD")
    assert take_processor_event(news)
    assert "it was taken at first and sent back" in text_of(sales, "/orders/O1")
    sales.post("/do/pay-back/O1", {"way": "transfer", "reference": "T 77", "reason": "card closed"})
    assert rows("SELECT count(*) FROM payment WHERE kind = 'refund'") == [(1,)]
    assert rows("SELECT detail->>'amount', detail->>'reference' FROM fact WHERE verb = 'refunded_otherwise'") == [
        ("40.0000", "T 77")
    ]
    assert "could not go back" not in text_of(sales, "/orders/O1")
    assert audit() == []


@pytest.mark.slow
def test_with_stripe_a_card_is_entered_on_its_own_page(sales: Client, settings: object) -> None:
    with stripe_at_work() as (account, api):
        settings.STRIPE_KEY, settings.STRIPE_API = "sk_test_ours", api  # type: ignore[attr-defined]
        order("O1", 1, NOW, "tok_declined")
        form = sales.get("/new/card/O1").content.decode()
        assert "Test processor" not in form
        once = re.search(r'name="once" value="([^"]+)"', form)
        assert once is not None
        leaving = sales.post("/new/card/O1", {"how": "page", "once": once[1]})
        assert leaving.headers["Refresh"] == f"0; url={account.address}/page/cs_test_1"
        assert account.sessions["cs_test_1"]["success_url"] == "http://testserver/orders/O1"
        account.enter("cs_test_1", "pm_good")
        run("UPDATE card_handover SET next_try_at = now()")
        ask_after_all(card_pages())
        assert card() == "cus_new/pm_good"
        assert sales.post("/new/card/O1", {"how": "page", "once": "short"}).status_code == 400
        account.trouble = "500"
        away = sales.post("/new/card/O1", {"how": "page", "once": "x" * 30}, follow=True).content.decode()
        assert "does not answer just now" in away or "owed or still" in away

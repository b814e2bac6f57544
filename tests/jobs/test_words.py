"""In which language, in which words, with how sure a date a customer is written to, from what is on record."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.jobs.shop import OPENED_AT, open_shop, order_lamps

from raincheck.actions import catalogue
from raincheck.actions.message_words import back_to_shipped_words, put_words_in_force
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.save_preferences import save_preferences
from raincheck.core.settings import Settings
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.customer_language import language_for
from raincheck.store.db import one, rows
from raincheck.store.records import CustomerRecord, SupplierRecord

pytestmark = pytest.mark.django_db
LATER = OPENED_AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("preferred", "country", "language"),
    [
        ("es", "DE", "es"),
        ("fr", "DE", "de"),
        ("", "AT", "de"),
        ("", "CH", "de"),
        ("", "MX", "es"),
        ("", "US", "en"),
        ("", "IN", "en"),
        ("", "FR", "de"),
        ("", "BE", "de"),
        ("", "", "de"),
        ("", "??", "de"),
    ],
)
def test_a_customer_is_written_to_in_what_they_chose_or_speak_or_the_company_does(
    preferred: str, country: str, language: str
) -> None:
    assert language_for(preferred, country, "de") == language


def written(event: str, ref: str = "O1") -> tuple[str, str, str, int]:
    drain(Mailbox(), LATER)
    found = one(
        """SELECT n.subject, n.body, n.language, n.template_version
           FROM notice n JOIN sales_order o ON o.id = n.order_id WHERE n.event = %s AND o.ref = %s""",
        [event, ref],
    )
    return found[0], found[1], found[2], found[3]


def test_a_message_is_in_the_customer_s_language_and_says_in_which_words() -> None:
    open_shop(Settings(warehouse="manual", digest=False))
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com", country="DE")])
    order_lamps(["O1"])
    subject, body, language, version = written("order_confirmed")
    assert subject == "Vielen Dank für Ihre Bestellung O1"
    assert (language, version) == ("de", 0)
    assert "/my/" in body
    save_preferences("ann", {"language": "es"})
    order_lamps(["O2"])
    assert written("order_confirmed", "O2")[0] == "Gracias por su pedido O2"


def test_words_of_the_company_s_own_are_used_until_they_are_taken_back() -> None:
    open_shop(Settings(warehouse="manual", digest=False))
    put_words_in_force("order_confirmed", "en", {"subject": "Hooray, {{ order.ref }}"}, actor="ann")
    order_lamps(["O1"])
    assert written("order_confirmed")[0] == "Hooray, O1"
    assert written("order_confirmed")[3] == 1
    back_to_shipped_words("order_confirmed", "en", actor="ann")
    order_lamps(["O2"])
    assert written("order_confirmed", "O2")[0] == "Thank you for your order O2"
    assert written("order_confirmed", "O2")[3] == 0
    assert written("order_confirmed")[3] == 1, "what was sent keeps its version"


def test_how_sure_a_date_is_is_said_only_where_the_supplier_has_a_record() -> None:
    settings = Settings(warehouse="manual", digest=False, promise_confidence=Decimal("0.9"))
    open_shop(settings)
    catalogue.save_suppliers([SupplierRecord("acme"), SupplierRecord("new")])
    catalogue.record_lateness("acme", [0] * 9 + [4], date(2026, 3, 1))
    due = date(2026, 3, 20)
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 1}, due, state="confirmed"), at=OPENED_AT)
    order_lamps(["O1"])
    assert "We keep nine of ten such dates." in written("backordered")[1]
    purchase(PurchaseRequest("P2", "new", "east", {"lamp": 1}, due, state="confirmed"), at=OPENED_AT)
    order_lamps(["O2"])
    assert "such dates" not in written("backordered", "O2")[1]
    catalogue.save_settings(replace(settings, promise_confidence=None), at=OPENED_AT)
    purchase(PurchaseRequest("P3", "acme", "east", {"lamp": 1}, due, state="confirmed"), at=OPENED_AT)
    order_lamps(["O3"])
    assert "such dates" not in written("backordered", "O3")[1]
    assert rows("SELECT confidence FROM inbound_line ORDER BY id") == [(Decimal("0.900"),), (None,), (None,)]

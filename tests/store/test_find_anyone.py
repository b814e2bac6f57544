"""A customer is found by anything that they may say: however it is written, whatever part of it they know."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from raincheck.actions.catalogue import save_customers, save_products, save_settings, save_sites, set_stock
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import rows, run
from raincheck.store.reads.clues import read_clues
from raincheck.store.reads.find_anyone import find_anyone
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "least", "most", "days"),
    [
        ("40", "40", "40.99", 60),
        ("$40.50", "40.50", "40.50", 60),
        ("40,50", "40.50", "40.50", 60),
        ("40 dollars", "40", "40.99", 60),
        ("40 euros last week", "40", "40.99", 7),
        ("40 yesterday", "40", "40.99", 1),
        ("40 today", "40", "40.99", 0),
        ("40.00 in the last 3 days", "40.00", "40.00", 3),
        ("40 2 weeks ago", "40", "40.99", 14),
    ],
)
def test_a_sum_on_a_card_is_read_as_it_is_said(said: str, least: str, most: str, days: int) -> None:
    amount = read_clues(said, TODAY).amount
    assert amount is not None
    assert (amount.least, amount.most) == (Decimal(least), Decimal(most))
    assert amount.since == TODAY - timedelta(days=days)


@pytest.mark.parametrize("said", ["forty", "40 lamps", "40 next year", "SO-40", "0"])
def test_what_is_no_sum_is_not_looked_for_among_charges(said: str) -> None:
    assert read_clues(said, TODAY).amount is None


@pytest.mark.parametrize("said", ["(0171) 555-12 34", "+49 171 5551234", "0049 171 555 12 34", "171/555.1234"])
def test_a_telephone_number_is_the_same_in_any_writing(said: str) -> None:
    assert read_clues(said, TODAY).phone_end == "43215551"


@pytest.mark.parametrize("said", ["1234", "SO-12345", "lamp 12345", ""])
def test_what_is_no_telephone_number_is_none(said: str) -> None:
    assert read_clues(said, TODAY).phone_end == ""


@pytest.fixture
def company() -> None:
    at = NOW - timedelta(days=3)
    save_settings(Settings(charge="order"), "Northlight", at=at)
    save_sites([SiteRecord("leeds")])
    save_products([ProductRecord("LAMP-3", "Arc floor lamp", Decimal("40.50"))], at=at)
    save_customers(
        [
            CustomerRecord("c17", "Robert Johnson", "rob@x.example", "(0171) 555-12 34", postcode="M1 1AA"),
            CustomerRecord("c18", "100% Wool_Co", "wool@x.example"),
            CustomerRecord("c19", "Greta Müller-Lüdenscheidt"),
            CustomerRecord("c20", "Siobhán O’Brien"),
        ]
    )
    set_stock("leeds", {"LAMP-3": 5}, at=at)
    place_order(OrderRequest("SO-20461", (AskedLine("LAMP-3", 1),), "c17", postcode="10 115"), at=at)


@pytest.mark.django_db
@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("SO-20461", "order", "SO-20461"),
        ("#so-204", "order", "SO-20461"),
        ("461", "order", "SO-20461"),
        ("-2046", "order", "SO-20461"),
        ("40", "order", "SO-20461"),
        ("$40.50 last week", "order", "SO-20461"),
        ("10115", "order", "SO-20461"),
        ("c17", "customer", "c17"),
        ("johnson", "customer", "c17"),
        ("jonson", "customer", "c17"),
        ("jhonson", "customer", "c17"),
        ("robert jonson", "customer", "c17"),
        ("muller", "customer", "c19"),
        ("Mueller", "customer", "c19"),
        ("ludenscheid", "customer", "c19"),
        ("siobhan obrien", "customer", "c20"),
        ("O'Brian", "customer", "c20"),
        ("ROB@X", "customer", "c17"),
        ("+49 171 5551234", "customer", "c17"),
        ("m11aa", "customer", "c17"),
        ("100% w", "customer", "c18"),
        ("arc floor", "product", "LAMP-3"),
        ("lamp-3", "product", "LAMP-3"),
    ],
)
def test_each_way_of_saying_it_finds_them(said: str, kind: str, code: str) -> None:
    if said == "10115":
        run("UPDATE sales_order SET postcode = '10115'")
    assert (kind, code) in [(one.kind, one.code) for one in find_anyone(said, TODAY)]


@pytest.mark.django_db
@pytest.mark.usefixtures("company")
def test_a_tracking_number_as_it_is_read_out_finds_its_order() -> None:
    run("UPDATE shipment SET carrier = 'UPS', tracking_number = '1Z999AA10123456784'")
    sent = {ref for (ref,) in rows("SELECT o.ref FROM shipment s JOIN sales_order o ON o.id = s.order_id")}
    found = {one.code for one in find_anyone("1z 999 aa1 0123 4567 84", TODAY) if one.because == "tracking number"}
    assert found == sent
    assert sent
    assert not [one for one in find_anyone("1Z999AA1012345678", TODAY) if one.because == "tracking number"]


@pytest.mark.django_db
@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("said", ["", "   ", "%", "_", "%%%", "\\", "zzzz", "\x00\x07", "9" * 400, "' OR 1=1 --"])
def test_what_means_nothing_finds_nobody_and_breaks_nothing(said: str) -> None:
    assert find_anyone(said, TODAY) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("company")
def test_a_charge_of_long_ago_is_not_the_one_that_is_meant() -> None:
    assert find_anyone("40", TODAY + timedelta(days=70)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("company")
def test_days_are_those_of_whoever_asks() -> None:
    """Nine in the morning in London is the evening of that day in Auckland, and the day before in Honolulu."""
    run("UPDATE sales_order SET placed_at = '2026-02-27 09:00+00'")
    for zone, day in (("UTC", "Fri 27 Feb"), ("Pacific/Auckland", "Fri 27 Feb"), ("Pacific/Honolulu", "Thu 26 Feb")):
        (found,) = find_anyone("SO-20461", TODAY, ZoneInfo(zone))
        assert found.note == f"Robert Johnson, placed {day}"

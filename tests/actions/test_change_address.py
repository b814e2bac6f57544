"""Another address for what has not left: rank stays, site and legal day follow, what has left is out of reach."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.actions.law_shop import OPENED_AT, at, events, open_shop, order_lamps, pass_time, truck

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import save_customers, save_products, save_settings, save_sites, set_stock
from raincheck.actions.change_address import UndeliverableAddress, change_address, checked_address
from raincheck.actions.floor import pick
from raincheck.actions.hold_order import hold_order
from raincheck.actions.law_delivery import set_fitting_period
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord
from raincheck.store.ship_to import Address, read_address

pytestmark = pytest.mark.django_db

NEW_YORK = Address("Ann Lee", "12 Bleecker Street", "Apt 4", "New York", "NY", "10012", "US")
SAN_FRANCISCO = Address("Ann Lee", "1 Market Street", "", "San Francisco", "CA", "94105", "US")
AUCKLAND = Address("Ann Lee", "1 Queen Street", "", "Auckland", "", "1010", "NZ")
HONOLULU = Address("Ann Lee", "1 Bishop Street", "", "Honolulu", "HI", "96813", "US")
BERLIN = Address("Ann Lee", "Hauptstraße 1", "", "Berlin", "", "10827", "DE")


def found_two_sites(**settings: Any) -> None:
    """Stock in New York and in San Francisco, nothing charged in advance."""
    save_settings(replace(Settings(), **settings), "Northlight", at=OPENED_AT)
    save_sites([SiteRecord("east", country="US", postcode="10001"), SiteRecord("west", country="US", postcode="94103")])
    save_products([ProductRecord("LAMP", "Lamp", Decimal(40))], at=OPENED_AT)
    save_customers([CustomerRecord("ann", "Ann Lee", "ann@example.com", country="US", postcode="10002")])
    set_stock("east", {"LAMP": 5}, at=OPENED_AT)
    set_stock("west", {"LAMP": 5}, at=OPENED_AT)


def place(ref: str = "O1", units: int = 2) -> None:
    """Ann orders lamps."""
    place_order(OrderRequest(ref, (AskedLine("LAMP", units),), "ann"), at=OPENED_AT)


def sites_of(ref: str) -> list[str]:
    """Where an order's units lie."""
    found = rows(
        """SELECT DISTINCT t.code FROM peg g JOIN order_line l ON l.id = g.line_id
           JOIN sales_order o ON o.id = l.order_id JOIN stock_level v ON v.id = g.stock_level_id
           JOIN site t ON t.id = v.site_id WHERE o.ref = %s ORDER BY 1""",
        [ref],
    )
    return [site for (site,) in found]


def address_of(ref: str) -> Address:
    """The address on record."""
    ((order,),) = rows("SELECT id FROM sales_order WHERE ref = %s", [ref])
    return read_address(order)


def test_the_new_address_is_served_from_the_nearer_site() -> None:
    found_two_sites(warehouse="manual")
    place()
    assert sites_of("O1") == ["east"]
    assert change_address("O1", SAN_FRANCISCO, at(0.1), "customer")
    assert sites_of("O1") == ["west"]
    assert address_of("O1") == SAN_FRANCISCO
    assert "address_changed" in events("O1")
    assert audit() == []


def test_what_waits_out_its_handling_is_released_anew() -> None:
    found_two_sites(handling_days=2)
    place()
    assert sites_of("O1") == ["east"]
    change_address("O1", SAN_FRANCISCO, at(0.1), "customer")
    assert sites_of("O1") == ["west"]
    assert rows("SELECT state, count(*) FROM shipment GROUP BY 1 ORDER BY 1") == [("cancelled", 1), ("released", 1)]
    assert audit() == []


def test_the_place_in_the_queue_stays() -> None:
    """Case 17: two wait for one truck; the first moves and is still served first."""
    open_shop(law="none")
    order_lamps("O1")
    order_lamps("O2")
    before = rows("SELECT order_id, joined_at, place, minus_score FROM claim ORDER BY order_id")
    change_address("O1", NEW_YORK, at(1), "customer")
    assert rows("SELECT order_id, joined_at, place, minus_score FROM claim ORDER BY order_id") == before
    truck(units=2)
    assert rows("SELECT promise_on IS NOT NULL FROM order_line ORDER BY id") == [(True,), (False,)]


def test_a_second_click_changes_nothing() -> None:
    found_two_sites(warehouse="manual")
    place()
    assert change_address("O1", NEW_YORK, at(0.1), "customer")
    written = rows("SELECT count(*) FROM fact")
    assert not change_address("O1", NEW_YORK, at(0.2), "customer")
    assert rows("SELECT count(*) FROM fact") == written
    assert events("O1").count("address_changed") == 1


def test_what_has_left_is_out_of_reach() -> None:
    found_two_sites()
    place()
    with pytest.raises(Refused, match="nothing of it is still to be sent"):
        change_address("O1", SAN_FRANCISCO, at(1), "customer")
    assert address_of("O1") == Address(postcode="10002", country="US")


def test_a_cancelled_order_goes_nowhere() -> None:
    open_shop(law="none")
    order_lamps()
    cancel_order("O1", at=at(1))
    with pytest.raises(Refused):
        change_address("O1", NEW_YORK, at(2), "customer")


def test_the_floor_is_told_when_it_has_the_order_in_hand() -> None:
    found_two_sites(warehouse="manual")
    place()
    pick("O1", at=at(0.1), actor="sam")
    change_address("O1", SAN_FRANCISCO, at(0.2), "customer")
    assert sites_of("O1") == ["east"], "what is picked is never taken"
    ((text,),) = rows("SELECT text FROM task WHERE kind = 'address' AND closed_at IS NULL")
    assert "check the label" in text


def test_the_record_says_who_and_where_but_no_street() -> None:
    found_two_sites(warehouse="manual")
    place()
    change_address("O1", NEW_YORK, at(0.1), "customer")
    change_address("O1", SAN_FRANCISCO, at(0.2), "bea")
    facts = rows("SELECT actor, detail::text FROM fact WHERE verb = 'address_changed' ORDER BY id")
    assert [actor for actor, _ in facts] == ["customer", "bea"]
    assert not any("Bleecker" in detail or "Ann" in detail for _, detail in facts)
    assert rows("SELECT street, postcode FROM replaced_address ORDER BY id") == [
        ("", "10002"),
        ("12 Bleecker Street", "10012"),
    ]


def test_the_legal_day_ends_at_midnight_where_it_goes() -> None:
    """Case 59: moved from New York to California, the last day ends three hours later, and that is on record."""
    open_shop()
    truck(10)
    order_lamps()
    change_address("O1", SAN_FRANCISCO, at(1), "customer")
    ((zone, cancels_at),) = rows("SELECT zone, cancels_at FROM law_clock")
    assert zone == "America/Los_Angeles"
    assert cancels_at == datetime(2026, 3, 13, 7, tzinfo=UTC)
    assert rows("SELECT count(*) FROM law_event WHERE kind = 'moved'") == [(1,)]


def test_nobody_loses_an_order_by_moving_east() -> None:
    """The last evening in California is the next day in Germany: the clock keeps counting in California."""
    open_shop()
    save_customers([CustomerRecord("ann", name="Ann Lee", email="ann@example.com", country="US", postcode="94105")])
    truck(10)
    order_lamps()
    change_address("O1", BERLIN, datetime(2026, 3, 13, 6, tzinfo=UTC), "customer")
    assert rows("SELECT zone FROM law_clock") == [("America/Los_Angeles",)]


def test_a_held_order_is_asked_before_its_last_day_is_over_at_the_new_address() -> None:
    """Noon in New York is past midnight in Auckland: the question goes out at noon there."""
    open_shop()
    truck(10)
    order_lamps()
    hold_order("O1", at(1))
    change_address("O1", AUCKLAND, at(2), "customer")
    pass_time(10.1)
    assert rows("SELECT stage, zone FROM law_clock") == [("answer_needed", "Pacific/Auckland")]
    assert "cancelled" not in events()
    assert audit() == []


def test_a_held_order_that_moves_far_west_is_looked_at_once_more() -> None:
    open_shop()
    save_customers([CustomerRecord("ann", name="Ann Lee", email="ann@example.com", country="NZ", postcode="1010")])
    truck(10)
    order_lamps()
    hold_order("O1", at(1))
    change_address("O1", HONOLULU, at(2), "customer")
    pass_time(10)
    assert rows("SELECT stage, asks_at FROM law_clock") == [("running", datetime(2026, 3, 12, 22, tzinfo=UTC))]


def test_the_further_period_of_a_buyer_who_moves_still_ends() -> None:
    """Art. 18(2): its end is told at the new address' midnight."""
    open_shop(law="eu-2011-83")
    order_lamps()
    pass_time(31)
    set_fitting_period("O1", at(40).date(), at=at(31))
    change_address("O1", BERLIN, at(32), "customer")
    assert rows("SELECT asks_at FROM law_clock") == [(datetime(2026, 4, 11, 22, tzinfo=UTC),)]
    pass_time(41)
    assert events().count("option_notice") == 2
    change_address("O1", SAN_FRANCISCO, at(41), "customer")
    pass_time(45)
    assert events().count("option_notice") == 2, "its end was told"
    assert audit() == []


def test_orders_that_wait_for_each_other_at_the_new_address_share_a_parcel() -> None:
    """Case 45: a second order moves to where the first waits in its merge window."""
    found_two_sites(merge_hours=24)
    save_products([ProductRecord("MUG", "Mug", Decimal(10))], at=OPENED_AT)
    set_stock("east", {"MUG": 5}, at=OPENED_AT)
    place("O1")
    place_order(OrderRequest("O2", (AskedLine("MUG", 1),), "ann", country="US", postcode="94105"), at=OPENED_AT)
    change_address("O1", NEW_YORK, at(0.1), "customer")
    change_address("O2", NEW_YORK, at(0.2), "customer")
    assert audit() == []


@pytest.mark.parametrize(
    ("address", "faults"),
    [
        (replace(NEW_YORK, postcode="94105"), {"postcode": "invalid"}),
        (replace(NEW_YORK, region=""), {"region": "required"}),
        (replace(NEW_YORK, name=" "), {"name": "required"}),
        (replace(NEW_YORK, street=""), {"street": "required"}),
        (replace(BERLIN, postcode="1082"), {"postcode": "invalid"}),
        (replace(BERLIN, country="XX"), {"country": "invalid"}),
        (replace(BERLIN, city="B" * 101), {"city": "too_long"}),
        (Address(), {"name": "required", "street": "required", "city": "required", "country": "required"}),
    ],
)
def test_an_address_says_what_is_wrong_with_it(address: Address, faults: dict[str, str]) -> None:
    with pytest.raises(UndeliverableAddress) as refused:
        checked_address(address)
    assert refused.value.faults == faults


def test_an_address_is_written_as_its_country_writes_it() -> None:
    typed = Address(" Ann  Lee\n", "12 High Street", "", "Leeds", "", "ls1 1aa", "gb")
    assert checked_address(typed) == Address("Ann Lee", "12 High Street", "", "Leeds", "", "LS1 1AA", "GB")

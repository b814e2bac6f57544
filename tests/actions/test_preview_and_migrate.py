"""A rule is looked at on the open book before it is saved; open orders follow it only when somebody migrates them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from raincheck.actions import catalogue
from raincheck.actions.hold_order import hold_order
from raincheck.actions.migrate_orders import migrate_orders
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.preview_change import Change, Preview, preview_change
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.run_timers import begin_days
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def company(db: None) -> None:
    """Five lamps here and ten on the 10th; torches come on the 20th. Nothing ships by itself."""
    catalogue.save_settings(Settings(warehouse="manual", settle_minutes=0, hold_days=3), at=AT)
    begin_days(AT)
    catalogue.save_suppliers([SupplierRecord("acme")])
    catalogue.save_sites([SiteRecord("east")], AT)
    catalogue.save_customers([CustomerRecord("ann", tier="gold"), CustomerRecord("bob")])
    catalogue.save_products(
        [ProductRecord("lamp", price=Decimal(40), category="light"), ProductRecord("torch", price=Decimal(9))], at=AT
    )
    catalogue.set_stock("east", {"lamp": 5}, at=AT)
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 10}, date(2026, 3, 10), "confirmed"), at=AT)
    purchase(PurchaseRequest("P2", "acme", "east", {"torch": 9}, date(2026, 3, 20), "confirmed"), at=AT)


def place(ref: str, customer: str, ship: str | None = None, **lines: int) -> None:
    asked = tuple(AskedLine(sku, units) for sku, units in lines.items())
    place_order(OrderRequest(ref, asked, customer, ship=ship), at=AT)


def figures() -> dict[tuple[str, str], tuple[int, date | None]]:
    """(order, SKU) -> reserved, expected on."""
    found = rows(
        """SELECT o.ref, p.sku, l.reserved, l.expected_on FROM order_line l JOIN sales_order o ON o.id = l.order_id
           JOIN product p ON p.id = l.product_id"""
    )
    return {(ref, sku): (reserved, expected_on) for ref, sku, reserved, expected_on in found}


def ships() -> dict[str, set[str]]:
    found = rows("SELECT o.ref, l.ship FROM order_line l JOIN sales_order o ON o.id = l.order_id")
    return {ref: {ship for other, ship in found if other == ref} for ref, _ in found}


def moved(preview: Preview) -> dict[tuple[str, str], tuple[int, date | None]]:
    return {(m.ref, m.sku): (m.difference.after.reserved, m.difference.after.expected_on) for m in preview.moved}


COMPLETE = ({"customer": "ann"}, {"ship": "complete"})


@pytest.mark.usefixtures("company")
def test_a_rule_alone_moves_nothing_that_is_open_and_says_what_it_would_have_decided() -> None:
    place("O1", "ann", lamp=4, torch=2)
    place("O2", "bob", lamp=3)
    preview = preview_change(Change(add=COMPLETE), LATER)
    assert (preview.migrating, preview.moved) == (0, ())
    (changed,) = preview.placed
    assert (changed.setting, changed.before, changed.after, changed.lines) == ("ship", "available", "complete", 2)
    add_policy(*COMPLETE, LATER)
    assert ships()["O1"] == {"available"}


@pytest.mark.usefixtures("company")
def test_a_preview_of_a_migration_is_what_migrating_then_does() -> None:
    """Ann's lamps wait for her torches, so they are lent to Bob, whose promise gets better."""
    place("O1", "ann", lamp=4, torch=2)
    place("O2", "bob", lamp=3)
    before = figures()
    preview = preview_change(Change(add=COMPLETE, migrate=True), LATER)
    assert figures() == before
    assert (preview.migrating, preview.migrating_orders) == (2, 1)
    assert (preview.gaining, preview.losing) == (1, 1)
    add_policy(*COMPLETE, LATER)
    migrated = migrate_orders([{"customer": "ann"}], "she asked for one parcel", LATER, "dana")
    assert (migrated.orders, migrated.lines) == (("O1",), 2)
    after = figures()
    assert {key: value for key, value in after.items() if before[key] != value} == moved(preview)
    assert after["O1", "lamp"] == (2, date(2026, 3, 20))
    assert after["O2", "lamp"] == (3, date(2026, 3, 2))
    assert audit() == []


@pytest.mark.usefixtures("company")
def test_a_migration_is_on_record_and_is_not_done_twice() -> None:
    place("O1", "ann", lamp=4, torch=2)
    add_policy(*COMPLETE, LATER)
    migrate_orders([{"customer": "ann"}], "she asked for one parcel", LATER, "dana")
    ((actor, detail),) = rows(
        """SELECT actor, detail->'terms'->'lamp'->>'ship' FROM fact
           WHERE verb = 'order_migrated' AND subject = 'order:O1'"""
    )
    assert (actor, detail) == ("dana", '["available", "complete"]')
    assert migrate_orders(None, "again", LATER).orders == ()
    ((trace,),) = rows("SELECT policy->'ship'->>'from' FROM order_line LIMIT 1")
    assert trace.startswith("rule ")


@pytest.mark.usefixtures("company")
def test_what_the_customer_chose_and_when_it_is_charged_stay() -> None:
    place("O1", "ann", ship="available", lamp=1)
    place("O2", "ann", lamp=1)
    add_policy({"customer": "ann"}, {"ship": "complete", "charge": "order"}, LATER)
    assert migrate_orders(None, "new terms", LATER).orders == ("O2",)
    assert ships() == {"O1": {"available"}, "O2": {"complete"}}
    assert rows("SELECT DISTINCT charge FROM sales_order") == [("shipment",)]
    assert rows("SELECT DISTINCT policy->'charge'->>'value' FROM order_line") == [("shipment",)]


@pytest.mark.usefixtures("company")
def test_units_accepted_stay_accepted_under_a_rule_that_would_have_refused_them() -> None:
    place("O1", "bob", lamp=9)
    add_policy({"category": "light"}, {"backorders": "deny"}, LATER)
    migrate_orders(None, "sold out", LATER)
    assert rows("SELECT reserved, backordered, refused, backorders FROM order_line") == [(5, 4, 0, "deny")]
    assert audit() == []


@pytest.mark.usefixtures("company")
def test_held_orders_migrate_too_and_a_reason_is_asked_for() -> None:
    place("O1", "ann", lamp=1)
    hold_order("O1", LATER)
    add_policy(*COMPLETE, LATER)
    with pytest.raises(Malformed, match="needs a reason"):
        migrate_orders(None, "  ", LATER)
    assert migrate_orders([{"order": "O1"}], "because", LATER).orders == ("O1",)


@pytest.mark.usefixtures("company")
def test_settings_that_count_from_the_next_pass_are_seen_on_the_open_book() -> None:
    """Half of the inbound kept back: whoever is last in rank loses the date; a day of transit moves all of them."""
    place("O1", "ann", lamp=8)
    place("O2", "bob", lamp=6)
    half = Settings(warehouse="manual", settle_minutes=0, hold_days=3, inbound_share=Decimal("0.5"))
    preview = preview_change(Change(settings=half), LATER)
    assert moved(preview) == {("O2", "lamp"): (0, None)}
    assert (preview.losing, preview.promises_broken, preview.book_lines) == (1, 1, 2)
    slower = Settings(warehouse="manual", settle_minutes=0, hold_days=3, transit_days=1)
    assert preview_change(Change(settings=slower), LATER).losing == 2


@pytest.mark.usefixtures("company")
def test_a_share_by_rule_counts_at_once_and_is_seen_before() -> None:
    place("O1", "ann", lamp=8)
    place("O2", "bob", lamp=6)
    preview = preview_change(Change(add=({"category": "light"}, {"inbound_share": "0.5"})), LATER)
    assert moved(preview) == {("O2", "lamp"): (0, None)}


@pytest.mark.usefixtures("company")
def test_ending_a_rule_is_previewed_as_well() -> None:
    rule = add_policy(*COMPLETE, AT - timedelta(hours=1))
    place("O1", "ann", lamp=4, torch=2)
    place("O2", "bob", lamp=3)
    preview = preview_change(Change(end=frozenset({str(rule)}), migrate=True), LATER)
    assert preview.migrating_orders == 1
    # Bob was told the 2nd and keeps it, so of Ann's four two come with the truck.
    assert moved(preview) == {("O1", "lamp"): (2, date(2026, 3, 10))}


@pytest.mark.usefixtures("company")
def test_an_order_that_has_shipped_in_part_may_be_told_to_send_the_rest_at_once() -> None:
    """What left before breaks no policy that came later."""
    catalogue.save_settings(Settings(settle_minutes=0, hold_days=3), at=AT)
    place("O1", "ann", lamp=4, torch=2)
    place("O2", "bob", "available", lamp=6)
    assert rows("SELECT sum(shipped) FROM order_line")[0][0] == 9 - 4
    add_policy(*COMPLETE, LATER)
    assert migrate_orders(None, "one more parcel at the most", LATER).orders == ("O1",)
    assert audit() == []


@pytest.mark.usefixtures("company")
def test_an_order_that_has_had_its_shipments_keeps_how_it_ships() -> None:
    catalogue.save_settings(Settings(settle_minutes=0), at=AT)
    place("O1", "ann", lamp=4, torch=2)
    add_policy({"customer": "ann"}, {"ship": "up_to:1"}, LATER)
    assert migrate_orders(None, "one parcel", LATER).orders == ()
    add_policy({"customer": "ann", "tier": "gold"}, {"ship": "up_to:2"}, LATER)
    assert migrate_orders(None, "two parcels", LATER).orders == ("O1",)
    assert audit() == []

"""A planner sees all supply by class with how sure it is; customers are promised what the contract counts."""

from datetime import UTC, date, datetime

import pytest

from raincheck.actions import catalogue
from raincheck.actions.move_stock import transfer
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.run_timers import begin_days
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.catalogue import find_products
from raincheck.store.reads.supply_classes import SupplyClass, supply_classes
from raincheck.store.records import ProductRecord, SiteRecord, SupplierRecord

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def classes(db: None) -> dict[str, SupplyClass]:
    """Lamps of every class; acme's four deliveries were 0, 0, 2 and 5 days late."""
    catalogue.save_settings(Settings(warehouse="manual"), at=AT)
    begin_days(AT)
    catalogue.save_suppliers([SupplierRecord("acme"), SupplierRecord("new")])
    catalogue.record_lateness("acme", [0, 0, 2, 5], AT.date())
    catalogue.save_sites([SiteRecord("east"), SiteRecord("west")], AT)
    catalogue.save_products([ProductRecord("lamp")], at=AT)
    catalogue.set_stock("east", {"lamp": 6}, at=AT)
    transfer("T1", "east", "west", date(2026, 3, 4), {"lamp": 2}, AT)
    for po, supplier, day, state in (
        ("P1", "acme", 10, "confirmed"), ("P2", "acme", 12, "sent"), ("P3", "new", 20, "draft"),
    ):  # fmt: skip
        purchase(PurchaseRequest(po, supplier, "east", {"lamp": 8}, date(2026, 3, day), state), AT)
    place_order(OrderRequest("O1", (AskedLine("lamp", 9),)), at=AT)
    product = find_products(["lamp"])["lamp"].id
    return {found.name: found for found in supply_classes(product, AT.date())}


def test_the_surest_comes_first(classes: dict[str, SupplyClass]) -> None:
    assert list(classes) == ["stock", "transfer", "confirmed", "sent", "draft"]


def test_only_stock_transfers_and_confirmed_orders_are_promised(classes: dict[str, SupplyClass]) -> None:
    assert {name: found.is_promised for name, found in classes.items()} == {
        "stock": True, "transfer": True, "confirmed": True, "sent": False, "draft": False,
    }  # fmt: skip
    # Nine ordered: four from the shelf, two with the transfer, three with the truck.
    assert {name: found.free for name, found in classes.items()} == {
        "stock": 0, "transfer": 0, "confirmed": 5, "sent": 8, "draft": 8,
    }  # fmt: skip


def test_a_day_is_as_sure_as_the_suppliers_record(classes: dict[str, SupplyClass]) -> None:
    (truck,) = classes["confirmed"].sources
    assert (truck.due_on, truck.sure_on) == (date(2026, 3, 10), date(2026, 3, 15))
    assert (truck.record.on_time, truck.record.deliveries) == (2, 4)
    (draft,) = classes["draft"].sources
    assert (draft.sure_on, draft.record.deliveries) == (date(2026, 3, 20), 0)

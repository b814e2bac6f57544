"""What the floor is asked to pick of kits: whole ones, with what they are made of."""

from datetime import UTC, datetime

import pytest

from raincheck.actions import catalogue, floor
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.shipments import pick_list
from raincheck.store.records import ProductRecord, SiteRecord

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _company() -> None:
    """Lamps for two kits in the east, torches in the west."""
    catalogue.save_settings(Settings(warehouse="manual"), at=AT)
    catalogue.save_sites([SiteRecord("east"), SiteRecord("west")], AT)
    catalogue.save_products(
        [ProductRecord("lamp"), ProductRecord("torch"), ProductRecord("set", name="Set", kit={"lamp": 2, "torch": 1})],
        AT,
    )
    catalogue.set_stock("east", {"lamp": 5}, AT)
    catalogue.set_stock("west", {"torch": 3}, AT)
    place_order(OrderRequest("O1", (AskedLine("set", 3),)), AT)


def test_whole_kits_are_to_be_picked() -> None:
    assert [(line.sku, line.name, line.units) for line in pick_list("O1")] == [("set", "Set (2 × lamp, 1 × torch)", 2)]
    floor.pick("O1", {"set": 2}, AT)
    assert pick_list("O1") == []
    assert audit() == []


def test_one_of_two_parcels_with_a_kit_does_not_leave_alone() -> None:
    east, west = floor.pick("O1", at=AT)
    with pytest.raises(Refused, match="parts of one kit are in several parcels"):
        floor.ship("O1", east, at=AT)
    assert sorted(floor.ship("O1", at=AT)) == sorted([east, west])
    assert rows("SELECT shipped, backordered FROM order_line") == [(2, 1)]
    assert audit() == []

"""What screens and the API show of planned and of shared parcels."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from raincheck.actions import catalogue, purchase
from raincheck.actions.place_order import place_order
from raincheck.actions.quote import quote
from raincheck.actions.run_timers import run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.reads.explain import explain
from raincheck.store.reads.order import order_view
from raincheck.store.reads.order_outcome import order_outcome
from raincheck.store.reads.planned_parcels import planned_parcels
from raincheck.store.reads.shipments import pick_list, pickable_orders, shipment_view
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def found(**settings: Any) -> None:
    """One lamp and two torches in the east; nine chairs on the 12th, a vase on the 22nd."""
    catalogue.save_settings(Settings(**settings), at=NINE)
    catalogue.save_suppliers([SupplierRecord("acme")])
    catalogue.save_sites([SiteRecord("east", country="US")], NINE)
    catalogue.save_customers([CustomerRecord("ann", country="US")])
    catalogue.save_products(
        [ProductRecord(sku, price=Decimal(10)) for sku in ("lamp", "torch", "chair", "vase")], at=NINE
    )
    catalogue.set_stock("east", {"lamp": 1, "torch": 2}, at=NINE)
    for po, sku, units, days in (("PC", "chair", 9, 10), ("PV", "vase", 1, 20)):
        due_on = NINE.date() + timedelta(days=days)
        purchase.purchase(purchase.PurchaseRequest(po, "acme", "east", {sku: units}, due_on, "confirmed"), at=NINE)


def asked(ref: str, lines: dict[str, int], ship: str | None = None) -> OrderRequest:
    return OrderRequest(ref, tuple(AskedLine(sku, units) for sku, units in lines.items()), "ann", ship=ship)


WAITING = asked("O1", {"lamp": 1, "chair": 9, "vase": 1}, "up_to:2")


def test_the_order_page_shows_the_parcels_that_are_still_to_come() -> None:
    found()
    order = place_order(WAITING, at=NINE).order
    assert [
        (one.leaves_on, one.site, one.waits_for, [(line.sku, line.units) for line in one.lines])
        for one in planned_parcels(order)
    ] == [
        (date(2026, 3, 12), "east", "waits_for_shipment", [("chair", 9), ("lamp", 1)]),
        (date(2026, 3, 22), "east", "", [("vase", 1)]),
    ]


def test_an_order_that_goes_as_it_comes_has_no_planned_parcels() -> None:
    found()
    assert planned_parcels(place_order(asked("O1", {"chair": 1}), at=NINE).order) == []


def test_an_order_is_answered_with_its_parcels_dates_as_a_quote_is() -> None:
    found()
    quoted = quote(WAITING, NINE)
    place_order(WAITING, at=NINE)
    outcome = order_outcome("O1")
    assert outcome is not None
    answered = {
        line.sku: [(piece.units, piece.source, piece.on, piece.reason) for piece in line.pieces]
        for line in outcome.lines
    }
    assert answered == {
        sku: [(piece.units, piece.source, piece.on, piece.reason.value) for piece in pieces]
        for sku, pieces in quoted.items()
    }
    assert answered["lamp"] == [(1, "on_hand", date(2026, 3, 12), "waits_for_shipment")]


def test_what_waits_for_its_parcel_is_not_on_the_pick_list() -> None:
    found(warehouse="manual")
    place_order(WAITING, at=NINE)
    assert pickable_orders() == []
    assert pick_list("O1") == []


def test_explain_says_that_the_lamp_waits_for_its_parcel() -> None:
    found()
    place_order(WAITING, at=NINE)
    explained = explain("O1", NINE.date(), "lamp")
    assert explained is not None
    assert "at most 2 parcels" in explained.lines[0].sentence


def test_a_shared_parcel_is_on_both_orders_each_with_its_own_units() -> None:
    found(merge_hours=4)
    place_order(asked("O1", {"lamp": 1}), at=NINE)
    place_order(asked("O2", {"torch": 2}), at=NINE)
    run_due(NINE + timedelta(hours=4))
    first, second = order_view("O1"), order_view("O2")
    assert first is not None
    assert second is not None
    assert [parcel.id for parcel in first.parcels] == [parcel.id for parcel in second.parcels]
    assert [(line.sku, line.units) for line in second.parcels[0].lines] == [("torch", 2)]
    parcel = shipment_view(first.parcels[0].id)
    assert parcel is not None
    assert (parcel.order_ref, parcel.other_refs) == ("O1", ["O2"])
    assert {line.sku: line.units for line in parcel.lines} == {"lamp": 1, "torch": 2}
    assert [order.captured for order in (first, second)] == [Decimal(10), Decimal(20)]

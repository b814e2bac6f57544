"""What is wanted later leaves in time also when the company's rules change meanwhile; weights hold in imports too."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from raincheck.actions import catalogue
from raincheck.actions.place_order import place_order
from raincheck.actions.place_orders import AskedOrder, place_orders
from raincheck.actions.run_timers import begin_days, run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings, Weights
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def company(db: None) -> None:
    """One site with five lamps."""
    catalogue.save_settings(Settings(), at=MONDAY)
    begin_days(MONDAY)
    catalogue.save_sites([SiteRecord("east")], MONDAY)
    catalogue.save_customers([CustomerRecord("ann", tier="gold"), CustomerRecord("bob")])
    catalogue.save_products([ProductRecord("lamp", price=Decimal(40), criticality="A")], at=MONDAY)
    catalogue.set_stock("east", {"lamp": 5}, at=MONDAY)


def asked(ref: str, units: int, customer: str = "bob", wanted_on: date | None = None) -> OrderRequest:
    """An order for lamps."""
    return OrderRequest(ref, (AskedLine("lamp", units),), customer, wanted_on=wanted_on)


@pytest.mark.usefixtures("company")
def test_a_longer_way_to_the_customer_makes_it_leave_sooner() -> None:
    place_order(asked("O1", 2, wanted_on=date(2026, 3, 20)), MONDAY)
    catalogue.save_settings(replace(read_settings(), transit_days=4), at=MONDAY)
    run_due(MONDAY + timedelta(days=30))
    shipped_at = rows("SELECT shipped_at FROM shipment")
    assert [at.astimezone(UTC) for (at,) in shipped_at] == [datetime(2026, 3, 16, tzinfo=UTC)]


@pytest.mark.usefixtures("company")
def test_orders_placed_together_are_ranked_by_their_scores() -> None:
    """Tier, value, criticality and a wanted day count for them as for one placed alone."""
    weights = Weights(*(Decimal(weight) for weight in (5, 3, 2, 1, 4)))
    catalogue.save_settings(replace(read_settings(), weights=weights), at=MONDAY)
    requests = [asked("1", 2), asked("2", 3, "ann"), asked("3", 4, wanted_on=date(2026, 6, 1))]
    place_orders([AskedOrder(request) for request in requests], MONDAY)
    for request in requests:
        place_order(replace(request, ref=f"{request.ref} alone"), MONDAY)
    scores = dict(rows("SELECT o.ref, c.minus_score FROM claim c JOIN sales_order o ON o.id = c.order_id"))
    assert len(scores) == 6
    assert len(set(scores.values())) == 3
    for request in requests:
        assert scores[request.ref] == scores[f"{request.ref} alone"]


@pytest.mark.usefixtures("company")
def test_orders_placed_together_keep_their_wanted_day() -> None:
    place_orders([AskedOrder(asked("1", 2, wanted_on=date(2026, 3, 20)))], MONDAY)
    assert rows("SELECT wanted_on FROM sales_order") == [(date(2026, 3, 20),)]
    assert rows("SELECT reserved, reason FROM order_line") == [(2, "not_yet_wanted")]
    assert rows("SELECT event FROM notice") == [("order_confirmed",)]

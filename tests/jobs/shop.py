"""A small shop on the database of the test: one lamp, one customer, as many orders as a test wants."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from raincheck.actions import catalogue
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord

OPENED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def open_shop(settings: Settings | None = None, *, lamps: int = 0) -> None:
    """Opens the shop with so many lamps on its shelf. By default the floor has to move before anything ships."""
    catalogue.save_settings(settings or Settings(warehouse="manual"), name="Field & Hearth", at=OPENED_AT)
    catalogue.save_sites([SiteRecord("east", country="US")])
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com"), CustomerRecord("bob")])
    catalogue.save_products([ProductRecord("lamp", name="Camp lamp", price=Decimal("40.00"))], at=OPENED_AT)
    if lamps:
        catalogue.set_stock("east", {"lamp": lamps}, at=OPENED_AT)


def order_lamps(refs: Iterable[str], *, customer: str = "ann", units: int = 1, at: datetime = OPENED_AT) -> None:
    """Places an order for each reference."""
    for ref in refs:
        place_order(OrderRequest(ref, (AskedLine("lamp", units),), customer), at)


def notice_states() -> dict[str, int]:
    """How many messages stand in which state."""
    return dict(rows("SELECT state, count(*) FROM notice GROUP BY state"))

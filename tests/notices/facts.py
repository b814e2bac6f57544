"""Facts of notices as tests write them: an order of a small shop, and what is said of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from raincheck.store.outbox_read import LineNow, NoticeFacts, SaidLine

LAMP, STOVE = "Camp lamp Ember", "Stove Kettle & Co <3>"


def line_now(sku: str = "LAMP", name: str = LAMP, ordered: int = 3, **figures: Any) -> LineNow:
    """A line of the order as it stands; open unless said otherwise."""
    line = LineNow(sku, name, ordered, ordered, 0, 0, 0, 0, Decimal("40.0000"), None, ship="available")
    return replace(line, **figures)


def said(sku: str = "LAMP", name: str = LAMP, units: int = 3, **more: Any) -> SaidLine:
    """A line of what happened."""
    return SaidLine(sku=sku, name=name, units=units, **more)


def facts(event: str, *lines: SaidLine, **more: Any) -> NoticeFacts:
    """A notice to Ann about order 1042, written on Monday 2 March 2026."""
    notice = NoticeFacts(
        id=7,
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        today=date(2026, 3, 2),
        event=event,
        address="ann@example.com",
        attempts=0,
        order_ref="1042",
        ordered_on=date(2026, 3, 2),
        charge="shipment",
        customer_name="Ann Verbeek",
        customer_country="NL",
        company_name="Field & Hearth",
        currency="EUR",
        said=lines,
        parcels=1,
        arrives_on=None,
        by_customer=False,
        by_law=False,
        order=(line_now(),),
    )
    return replace(notice, **more)

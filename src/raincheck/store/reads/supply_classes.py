"""A planner's view of a product's supply by class, each with how sure it is; customers are promised the first three.

Stock and what is confirmed (transfers too) count as dated supply (contract, "Dates"). What is sent or drafted is shown
with the day it would come, and promised to nobody. How sure a supplier's date is follows from its record of lateness.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from raincheck.core.supply import lateness_quantile
from raincheck.store.db import rows

SURE: Final = Decimal("0.9")
"""The quantile of a supplier's lateness that counts as nearly sure."""

CLASSES: Final = ("stock", "transfer", "confirmed", "sent", "draft")
"""The surest first. Confirmed orders of which a part has come count as confirmed."""


@dataclass(frozen=True, slots=True)
class Record:
    """A supplier's deliveries on record: how many, how many of them on their day or before, and the 0.9 quantile."""

    deliveries: int = 0
    on_time: int = 0
    sure_days: int = 0


@dataclass(frozen=True, slots=True)
class SupplySource:
    """Units of a class from one source. `free` of them nobody was promised; `kept` are set aside for groups.

    `due_on` is the source's own day, `sure_on` the day by which it has come nine times in ten; None: no day.
    """

    supply_class: str
    ref: str
    site: str
    units: int
    free: int
    due_on: date | None
    sure_on: date | None
    record: Record
    is_promised: bool


@dataclass(frozen=True, slots=True)
class SupplyClass:
    """A class with all its sources."""

    name: str
    units: int
    free: int
    next_on: date | None
    is_promised: bool
    sources: tuple[SupplySource, ...]


def supply_classes(product: int, today: date) -> list[SupplyClass]:
    """The classes that have units, the surest first. Three queries."""
    sources = [*_stock(product), *_inbound(product, today)]
    found: list[SupplyClass] = []
    for name in CLASSES:
        own = tuple(source for source in sources if source.supply_class == name)
        if own:
            days = [source.due_on for source in own if source.due_on is not None]
            found.append(
                SupplyClass(
                    name,
                    sum(source.units for source in own),
                    sum(source.free for source in own),
                    min(days, default=None),
                    own[0].is_promised,
                    own,
                )
            )
    return found


def _stock(product: int) -> list[SupplySource]:
    found = rows(
        """SELECT coalesce(nullif(t.name, ''), t.code), v.on_hand, v.on_hand - v.reserved
           FROM stock_level v JOIN site t ON t.id = v.site_id WHERE v.product_id = %s AND v.on_hand > 0
           ORDER BY t.code""",
        [product],
    )
    return [SupplySource("stock", "", site, units, free, None, None, Record(), True) for site, units, free in found]


def _inbound(product: int, today: date) -> list[SupplySource]:
    found = rows(
        """SELECT i.kind, i.state, i.ref, coalesce(nullif(t.name, ''), t.code), i.supplier_id,
                  CASE WHEN i.state IN ('draft', 'sent') THEN l.ordered ELSE l.owed END, l.owed - l.pegged,
                  coalesce(l.expected_on, l.due_on)
           FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id JOIN site t ON t.id = l.site_id
           WHERE l.product_id = %s AND i.state NOT IN ('received', 'closed_short', 'cancelled')
           ORDER BY 8 NULLS LAST, i.ref""",
        [product],
    )
    records = _records({supplier for *_, supplier, _, _, _ in found if supplier is not None})
    sources: list[SupplySource] = []
    for kind, state, ref, site, supplier, units, free, due_on in found:
        if not units:
            continue
        name = "transfer" if kind == "transfer" else state if state in ("draft", "sent") else "confirmed"
        record = records.get(supplier, Record())
        late_days = max(0, record.sure_days) if record.deliveries else 0
        sure_on = None if due_on is None else max(due_on + timedelta(days=late_days), today)
        is_promised = name in ("transfer", "confirmed")
        sources.append(
            SupplySource(name, ref, site, units, free if is_promised else units, due_on, sure_on, record, is_promised)
        )
    return sources


def _records(suppliers: Iterable[int]) -> dict[int, Record]:
    wanted = sorted(suppliers)
    found = rows(
        """SELECT supplier_id, array_agg(lateness_days) FROM supplier_lateness WHERE supplier_id = ANY(%s)
           GROUP BY supplier_id""",
        [wanted],
    )
    return {
        supplier: Record(len(days), sum(late <= 0 for late in days), lateness_quantile(days, SURE))
        for supplier, days in found
    }

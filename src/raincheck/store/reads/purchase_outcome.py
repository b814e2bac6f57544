"""A purchase order as programs see it: by codes, with each line's dates."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from raincheck.store.reads.named import first_named, named_rows


@dataclass(frozen=True, slots=True)
class PurchaseOutcomeLine:
    """A line. `owed` is confirmed and still to come, `pegged` of it promised."""

    sku: str
    ordered: int
    confirmed: int
    received: int
    damaged: int
    owed: int
    pegged: int
    unit_cost: Decimal | None
    due_on: date | None
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class PurchaseOutcome:
    """A purchase order."""

    id: int
    ref: str
    supplier: str | None
    site: str
    state: str
    ordered_on: date | None
    lines: tuple[PurchaseOutcomeLine, ...] = ()


def purchase_outcome(ref: str) -> PurchaseOutcome | None:
    """The purchase order with this reference, or None. Two queries."""
    found = first_named(
        PurchaseOutcome,
        """SELECT i.id, i.ref, s.code AS supplier, t.code AS site, i.state, i.ordered_on
           FROM inbound i JOIN site t ON t.id = i.site_id LEFT JOIN supplier s ON s.id = i.supplier_id
           WHERE i.kind = 'purchase' AND i.ref = %(ref)s""",
        {"ref": ref},
    )
    if found is None:
        return None
    lines = named_rows(
        PurchaseOutcomeLine,
        """SELECT p.sku, l.ordered, l.confirmed, l.received, l.damaged, l.owed, l.pegged, l.unit_cost, l.due_on,
                  l.expected_on
           FROM inbound_line l JOIN product p ON p.id = l.product_id WHERE l.inbound_id = %(id)s ORDER BY l.id""",
        {"id": found.id},
    )
    return replace(found, lines=tuple(lines))

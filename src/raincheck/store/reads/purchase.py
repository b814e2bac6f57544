"""Purchase orders: the list, and one of them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.store.reads.activity import FactView, facts_about
from raincheck.store.reads.named import first_named, named_rows

PAGE: Final = 50
OPEN_STATES: Final = ("draft", "sent", "confirmed", "part_received")


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase order in the list."""

    id: int
    ref: str
    state: str
    supplier: str
    site: str
    due_on: date | None
    ordered: int
    received: int
    owed: int
    pegged: int


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """A line. `confirmed` is the supplier's word, `owed` what is still to come of it."""

    sku: str
    name: str
    ordered: int
    confirmed: int
    received: int
    damaged: int
    owed: int
    pegged: int
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that counts on the purchase order."""

    ref: str
    customer: str
    sku: str
    units: int
    told_on: date | None


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A purchase order, whole."""

    id: int
    ref: str
    state: str
    supplier: str
    supplier_email: str
    site: str
    ordered_on: date | None
    created_at: datetime
    due_on: date | None
    expected_on: date | None
    lines: list[PurchaseLine] = field(default_factory=list)
    waiting: list[WaitingOrder] = field(default_factory=list)
    facts: list[FactView] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done about it."""
        return self.state in OPEN_STATES

    @property
    def owed(self) -> int:
        """Units still to come."""
        return sum(line.owed for line in self.lines)


def purchase_rows(state: str, before: int | None, limit: int = PAGE) -> list[PurchaseRow]:
    """Purchase orders, the newest first; `state` open shows all that can still change. One query."""
    conditions = ["i.kind = 'purchase'"]
    params: dict[str, Any] = {"limit": limit + 1}
    if state == "open":
        conditions.append("i.state = ANY(%(states)s)")
        params["states"] = list(OPEN_STATES)
    elif state:
        conditions.append("i.state = %(state)s")
        params["state"] = state
    if before is not None:
        conditions.append("i.id < %(before)s")
        params["before"] = before
    return named_rows(
        PurchaseRow,
        f"""SELECT i.id, i.ref, i.state, coalesce(nullif(s.name, ''), s.code, '') AS supplier,
                   coalesce(nullif(t.name, ''), t.code) AS site, min(l.due_on) AS due_on,
                   coalesce(sum(l.ordered), 0)::bigint AS ordered, coalesce(sum(l.received), 0)::bigint AS received,
                   coalesce(sum(l.owed), 0)::bigint AS owed, coalesce(sum(l.pegged), 0)::bigint AS pegged
            FROM (SELECT * FROM inbound i WHERE {" AND ".join(conditions)} ORDER BY id DESC LIMIT %(limit)s) i
            LEFT JOIN supplier s ON s.id = i.supplier_id JOIN site t ON t.id = i.site_id
            LEFT JOIN inbound_line l ON l.inbound_id = i.id
            GROUP BY i.id, i.ref, i.state, s.name, s.code, t.name, t.code ORDER BY i.id DESC""",
        params,
    )


def purchase_view(ref: str) -> PurchaseView | None:
    """The purchase order with this reference, or None. Four queries."""
    found = first_named(
        PurchaseView,
        """SELECT i.id, i.ref, i.state, coalesce(nullif(s.name, ''), s.code, '') AS supplier,
                  coalesce(s.email, '') AS supplier_email, coalesce(nullif(t.name, ''), t.code) AS site, i.ordered_on,
                  i.created_at, (SELECT min(due_on) FROM inbound_line WHERE inbound_id = i.id) AS due_on,
                  (SELECT min(expected_on) FROM inbound_line WHERE inbound_id = i.id AND owed > 0) AS expected_on
           FROM inbound i LEFT JOIN supplier s ON s.id = i.supplier_id JOIN site t ON t.id = i.site_id
           WHERE i.kind = 'purchase' AND i.ref = %(ref)s""",
        {"ref": ref},
    )
    if found is None:
        return None
    lines = named_rows(
        PurchaseLine,
        """SELECT p.sku, p.name, l.ordered, l.confirmed, l.received, l.damaged, l.owed, l.pegged, l.unit_cost
           FROM inbound_line l JOIN product p ON p.id = l.product_id WHERE l.inbound_id = %(id)s ORDER BY p.sku""",
        {"id": found.id},
    )
    waiting = named_rows(
        WaitingOrder,
        """SELECT o.ref, coalesce(nullif(u.name, ''), u.code, '') AS customer, p.sku, sum(g.units)::bigint AS units,
                  min(c.told_on) AS told_on
           FROM inbound_line il JOIN peg g ON g.product_id = il.product_id AND g.inbound_line_id = il.id
           JOIN claim c ON c.id = g.claim_id
           JOIN sales_order o ON o.id = c.order_id JOIN product p ON p.id = g.product_id
           LEFT JOIN customer u ON u.id = o.customer_id
           WHERE il.inbound_id = %(id)s GROUP BY o.ref, u.name, u.code, p.sku ORDER BY 5 NULLS LAST, 1, 3 LIMIT 100""",
        {"id": found.id},
    )
    return replace(found, lines=lines, waiting=waiting, facts=facts_about(f"purchase:{ref}"))

"""What is to arrive, and one inbound as the dock sees it."""

from dataclasses import dataclass, field, replace
from datetime import date

from raincheck.store.reads.named import first_named, named_rows


@dataclass(frozen=True, slots=True)
class ExpectedInbound:
    """An inbound with units to come. `waiting_orders` count on them."""

    kind: str
    ref: str
    state: str
    sender: str
    site: str
    due_on: date | None
    lines: int
    owed: int
    pegged: int
    waiting_orders: int


@dataclass(frozen=True, slots=True)
class DockLine:
    """A line as it is received. `owed` is still to come; `pegged` of it is promised."""

    inbound_id: int
    sku: str
    name: str
    gtin: str
    ordered: int
    confirmed: int
    received: int
    damaged: int
    owed: int
    pegged: int


@dataclass(frozen=True, slots=True)
class DockView:
    """An inbound as it is received."""

    id: int
    kind: str
    ref: str
    state: str
    sender: str
    site: str
    site_name: str
    due_on: date | None
    lines: list[DockLine] = field(default_factory=list)


def expected_inbound() -> list[ExpectedInbound]:
    """Everything confirmed that still owes units, the earliest first. One query."""
    return named_rows(
        ExpectedInbound,
        """SELECT i.kind, i.ref, i.state,
                  coalesce(nullif(s.name, ''), s.code, nullif(f.name, ''), f.code, '') AS sender,
                  coalesce(nullif(t.name, ''), t.code) AS site, d.due_on, d.lines, d.owed, d.pegged,
                  (SELECT count(DISTINCT l.order_id) FROM inbound_line il
                   JOIN peg g ON g.product_id = il.product_id AND g.inbound_line_id = il.id
                   JOIN order_line l ON l.id = g.line_id WHERE il.inbound_id = i.id) AS waiting_orders
           FROM (SELECT inbound_id, min(due_on) AS due_on, count(*) AS lines, sum(owed)::bigint AS owed,
                        sum(pegged)::bigint AS pegged
                 FROM inbound_line WHERE owed > 0 GROUP BY inbound_id) d
           JOIN inbound i ON i.id = d.inbound_id JOIN site t ON t.id = i.site_id
           LEFT JOIN supplier s ON s.id = i.supplier_id LEFT JOIN site f ON f.id = i.from_site_id
           ORDER BY d.due_on NULLS LAST, d.pegged DESC, i.ref LIMIT 500""",
    )


def dock_view(kind: str, ref: str) -> DockView | None:
    """The inbound with this kind and reference, or None. Two queries."""
    found = first_named(
        DockView,
        """SELECT i.id, i.kind, i.ref, i.state,
                  coalesce(nullif(s.name, ''), s.code, nullif(f.name, ''), f.code, '') AS sender,
                  t.code AS site, coalesce(nullif(t.name, ''), t.code) AS site_name,
                  (SELECT min(due_on) FROM inbound_line WHERE inbound_id = i.id AND owed > 0) AS due_on
           FROM inbound i JOIN site t ON t.id = i.site_id LEFT JOIN supplier s ON s.id = i.supplier_id
           LEFT JOIN site f ON f.id = i.from_site_id WHERE i.kind = %(kind)s AND i.ref = %(ref)s""",
        {"kind": kind, "ref": ref},
    )
    if found is None:
        return None
    lines = named_rows(
        DockLine,
        """SELECT l.inbound_id, p.sku, p.name, p.gtin, l.ordered, l.confirmed, l.received, l.damaged, l.owed, l.pegged
           FROM inbound_line l JOIN product p ON p.id = l.product_id WHERE l.inbound_id = %(id)s ORDER BY p.sku""",
        {"id": found.id},
    )
    return replace(found, lines=lines)

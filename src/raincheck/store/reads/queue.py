"""The backorder queue in serving order, a page at a time."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from raincheck.store.db import rows
from raincheck.store.reads.named import named_rows
from raincheck.store.reads.waiting import LAST_TOLD

PAGE: Final = 50


def _of_best_line(column: str) -> str:
    """A claim's part of its rank: a ship-complete group stands where its best line does.

    Lines of a group differ only where something is weighed or a rebalance gave them places; only then is it looked up.
    """
    return f"""CASE WHEN c.is_complete AND (SELECT EXISTS (
                   SELECT 1 FROM claim x WHERE x.is_complete AND x.units > 0 AND (x.minus_score <> 0 OR x.place <> 3)))
               THEN (SELECT b.{column} FROM claim b WHERE b.order_id = c.order_id AND b.is_complete AND b.units > 0
                     ORDER BY b.place, b.minus_score, b.joined_at, b.id LIMIT 1)
               ELSE c.{column} END"""


RANK: Final = ", ".join(
    [_of_best_line("place"), _of_best_line("minus_score"), _of_best_line("joined_at"), "o.ref", "p.sku", "c.id"]
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which claims to show. Empty fields ask nothing; `timing` is late, not_late, slipping, undated or nothing."""

    sku: str = ""
    order: str = ""
    customer: str = ""
    supplier: str = ""
    tier: str = ""
    timing: str = ""


@dataclass(frozen=True, slots=True)
class PegView:
    """Units of a claim and their supply. `source` names the purchase order, transfer or site; empty without supply."""

    units: int
    kind: str
    source: str
    source_kind: str
    ships_on: date | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A claim that waits. `position` counts within its product, 1 is served first. `units` are those that wait."""

    claim_id: int
    line_id: int
    product_id: int
    order_ref: str
    order_state: str
    customer: str
    customer_code: str
    tier: str
    channel: str
    sku: str
    product: str
    supplier: str
    supplier_code: str
    kit: str
    ordered: int
    units: int
    is_complete: bool
    reason: str
    joined_at: datetime
    told_on: date | None
    expected_on: date | None
    is_late: bool
    is_slipping: bool
    position: int = 0
    pegs: list[PegView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page. `after` of the next page is the cursor to pass on; None on the last one."""

    rows: list[QueueRow]
    total_claims: int
    total_units: int
    total_orders: int
    after: str | None


@dataclass(frozen=True, slots=True)
class _Totals:
    claims: int
    units: int
    orders: int


# Late and slipping are those of `waiting.py`, for one claim. A claim's pegs are found through their line's index.
_FROM: Final = """
    FROM claim c
    JOIN LATERAL (SELECT sum(units)::bigint AS units FROM peg
                  WHERE line_id = c.line_id AND claim_id = c.id AND (kind <> 'stock' OR is_preorder)) w ON w.units > 0
    JOIN order_line l ON l.id = c.line_id
    JOIN sales_order o ON o.id = c.order_id AND o.state <> 'basket'
    JOIN product p ON p.id = c.product_id
    LEFT JOIN customer u ON u.id = o.customer_id
    LEFT JOIN supplier s ON s.id = p.supplier_id
"""
_LATE: Final = f"coalesce({LAST_TOLD} < %(today)s, false)"
_SLIPPING: Final = "coalesce(c.told_on >= %(today)s AND (l.expected_on IS NULL OR l.expected_on > c.told_on), false)"


def queue_page(asked: QueueFilter, today: date, after: str | None = None, limit: int = PAGE) -> QueuePage:
    """The claims that match, in serving order: place, score, time of joining, ref, SKU. Four queries.

    Raises `ValueError` for an `after` that this function did not give.
    """
    conditions, params = _conditions(asked, today)
    totals = named_rows(
        _Totals,
        f"SELECT count(*) AS claims, coalesce(sum(w.units), 0)::bigint AS units, count(DISTINCT c.order_id) AS orders"
        f" {_FROM} WHERE {conditions}",
        params,
    )[0]
    shown, next_after = queue_rows(asked, today, after, limit)
    return QueuePage(
        rows=shown,
        total_claims=totals.claims,
        total_units=totals.units,
        total_orders=totals.orders,
        after=next_after,
    )


def queue_rows(
    asked: QueueFilter, today: date, after: str | None = None, limit: int = PAGE
) -> tuple[list[QueueRow], str | None]:
    """The rows of a page and the cursor of the next; as `queue_page`, which counts the whole as well. Three queries."""
    conditions, params = _conditions(asked, today)
    start = ""
    if after is not None:
        start = (
            f" AND ({RANK}) > (SELECT {RANK} FROM claim c JOIN sales_order o ON o.id = c.order_id"
            " JOIN product p ON p.id = c.product_id WHERE c.id = %(after)s)"
        )
        params["after"] = _cursor(after)
    several = named_rows(
        QueueRow,
        f"""SELECT c.id AS claim_id, c.line_id, c.product_id, o.ref AS order_ref, o.state AS order_state,
                   coalesce(nullif(u.name, ''), u.code, '') AS customer, coalesce(u.code, '') AS customer_code,
                   coalesce(u.tier, '') AS tier, o.channel, p.sku, p.name AS product,
                   coalesce(nullif(s.name, ''), s.code, '') AS supplier, coalesce(s.code, '') AS supplier_code,
                   CASE WHEN c.kit_nr IS NULL THEN '' ELSE (SELECT k.sku FROM product k WHERE k.id = l.product_id) END
                       AS kit,
                   l.ordered, w.units, c.is_complete, l.reason,
                   c.joined_at, {LAST_TOLD} AS told_on, l.expected_on, {_LATE} AS is_late, {_SLIPPING} AS is_slipping
            {_FROM} WHERE {conditions}{start} ORDER BY {RANK} LIMIT {limit + 1}""",
        params,
    )
    shown = several[:limit]
    positions = _positions([found.product_id for found in shown])
    pegs = _pegs([found.line_id for found in shown])
    rows_with_supply = [
        replace(found, position=positions.get(found.claim_id, 0), pegs=pegs.get(found.claim_id, [])) for found in shown
    ]
    return rows_with_supply, str(shown[-1].claim_id) if len(several) > limit else None


def _conditions(asked: QueueFilter, today: date) -> tuple[str, dict[str, Any]]:
    params: dict[str, Any] = {"today": today}
    conditions = ["c.units > 0"]
    for name, column in (
        ("sku", "p.sku"),
        ("order", "o.ref"),
        ("customer", "u.code"),
        ("supplier", "s.code"),
    ):
        if value := getattr(asked, name):
            conditions.append(f"{column} = %({name})s")
            params[name] = value
    if asked.tier:
        conditions.append("coalesce(nullif(u.tier, ''), 'standard') = %(tier)s")
        params["tier"] = asked.tier
    if asked.timing:
        timings = {
            "late": _LATE,
            "not_late": f"NOT {_LATE}",
            "slipping": _SLIPPING,
            "undated": "l.expected_on IS NULL",
        }
        conditions.append(timings[asked.timing])
    return " AND ".join(conditions), params


def _cursor(after: str) -> int:
    if not after.isdecimal() or len(after) > 18:
        raise ValueError("This is not a place in the queue.")
    return int(after)


def _positions(products: list[int]) -> dict[int, int]:
    """Each waiting claim's place within its product's queue."""
    return dict(
        rows(
            f"""SELECT c.id, row_number() OVER (PARTITION BY c.product_id ORDER BY {RANK})
                FROM claim c JOIN sales_order o ON o.id = c.order_id JOIN product p ON p.id = c.product_id
                WHERE c.product_id = ANY(%s) AND c.units > 0
                  AND EXISTS (SELECT 1 FROM peg g WHERE g.line_id = c.line_id AND g.claim_id = c.id
                                                    AND (g.kind <> 'stock' OR g.is_preorder))""",
            [sorted(set(products))],
        )
    )


def _pegs(lines: list[int]) -> dict[int, list[PegView]]:
    found: dict[int, list[PegView]] = {}
    for claim, units, kind, source, source_kind, ships_on in rows(
        """SELECT g.claim_id, g.units, g.kind, coalesce(i.ref, t.code, ''), coalesce(i.kind, ''), g.ships_on
           FROM peg g LEFT JOIN inbound_line il ON il.id = g.inbound_line_id LEFT JOIN inbound i ON i.id = il.inbound_id
           LEFT JOIN stock_level sl ON sl.id = g.stock_level_id LEFT JOIN site t ON t.id = sl.site_id
           WHERE g.line_id = ANY(%s) AND (g.kind <> 'stock' OR g.is_preorder)
           ORDER BY g.claim_id, g.ships_on NULLS LAST, g.id""",
        [lines],
    ):
        found.setdefault(claim, []).append(PegView(units, kind, source, source_kind, ships_on))
    return found

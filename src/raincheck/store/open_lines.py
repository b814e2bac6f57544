"""Lines with what policies look at: open ones with their stored terms, and those of past days; terms rewritten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from raincheck.store.db import columns, rows, run

LEVEL_SQL = {
    "product": "p.sku",
    "category": "p.category",
    "customer": "coalesce(u.code, '')",
    "tier": "coalesce(nullif(u.tier, ''), 'standard')",
    "channel": "o.channel",
    "order": "o.ref",
}
"""What a condition is compared with; `site` has no line yet."""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open line as a migration looks at it. `policy` is what was stored at placing."""

    id: int
    order: int
    ref: str
    product: int
    sku: str
    customer_id: int | None
    customer: str
    tier: str
    channel: str
    country: str
    postcode: str
    ship: str
    backorders: str
    backorder_limit: int | None
    minimum_units: int
    minimum_value: Decimal
    merge_hours: int
    unit_price: Decimal
    policy: dict[str, Any]

    @property
    def chosen_ship(self) -> str | None:
        """The customer's own choice of shipping, if there was one."""
        ship = self.policy.get("ship", {})
        return ship.get("value") if ship.get("from") == "order" else None


def open_lines(whens: Sequence[Mapping[str, str]] | None = None, *, whole_orders: bool = True) -> list[OpenLine]:
    """Open lines of orders that are open or held: those of which a line matches one of the conditions; None: all.

    `whole_orders`: with all open lines of such an order, not only those that match.
    """
    matches, params = _matching(whens)
    if whole_orders and whens is not None:
        matches = f"""l.order_id IN (
            SELECT l.order_id FROM order_line l JOIN sales_order o ON o.id = l.order_id
            JOIN product p ON p.id = l.product_id LEFT JOIN customer u ON u.id = o.customer_id
            WHERE l.reserved + l.backordered + l.preordered > 0 AND {matches})"""  # noqa: S608
    found = rows(
        f"""SELECT l.id, l.order_id, o.ref, l.product_id, p.sku, o.customer_id, coalesce(u.code, ''),
                   coalesce(u.tier, ''), o.channel, o.country, o.postcode, l.ship, l.backorders, l.backorder_limit,
                   l.minimum_units, l.minimum_value, l.merge_hours, l.unit_price, l.policy::text
            FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
            LEFT JOIN customer u ON u.id = o.customer_id
            WHERE l.reserved + l.backordered + l.preordered > 0 AND o.state IN ('open', 'held') AND {matches}
            ORDER BY l.id""",  # noqa: S608 - the conditions' values are parameters
        params,
    )
    policies: dict[str, dict[str, Any]] = {}  # Many lines share one trace.
    for values in found:
        if values[-1] not in policies:
            policies[values[-1]] = orjson.loads(values[-1])
    return [OpenLine(*(*values[:-1], policies[values[-1]])) for values in found]


def past_lines(
    since: datetime, whens: Sequence[Mapping[str, str]] | None, levels: Collection[str]
) -> list[tuple[Any, ...]]:
    """Kinds of lines placed since an instant that match, as far as rules that ask these levels tell them apart.

    (a SKU, a customer, tier, channel, chosen ship, lines, a reference) of each.
    """
    matches, params = _matching(whens)
    told_apart = ["p.backorder", "p.backorder_limit", "coalesce(u.tier, '')", _CHOSEN]
    told_apart += [LEVEL_SQL[level] for level in ("product", "category", "customer", "channel") if level in levels]
    return rows(
        f"""SELECT min(p.sku), min(coalesce(u.code, '')), min(coalesce(u.tier, '')), min(o.channel), min({_CHOSEN}),
                   count(*), min(o.ref)
            FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
            LEFT JOIN customer u ON u.id = o.customer_id
            WHERE o.placed_at >= %s AND {matches} GROUP BY {", ".join(told_apart)}""",  # noqa: S608
        [since, *params],
    )


_CHOSEN = "CASE WHEN l.policy->'ship'->>'from' = 'order' THEN l.ship END"
"""What the customer chose, in SQL."""


def releases_used(orders: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many releases to the carrier each line of these orders has had: (order, line) -> number."""
    found = rows(
        """SELECT l.order_id, l.id, count(DISTINCT s.released_by_id)
           FROM order_line l JOIN shipment_line sl ON sl.line_id = l.id JOIN shipment s ON s.id = sl.shipment_id
           WHERE l.order_id = ANY(%s) AND sl.units > 0 AND s.state IN ('released', 'shipped', 'delivered')
           GROUP BY l.order_id, l.id""",
        [list(orders)],
    )
    return {(order, line): used for order, line, used in found}


TermsRow = tuple[int, str, str, int | None, int, Decimal, int, dict[str, Any]]
"""(line, ship, backorders, backorder limit, minimum units, minimum value, merge hours, policy)."""


def rewrite_terms(terms: Sequence[TermsRow]) -> None:
    """Stores other terms of lines; their claims stand in a ship-complete group or not accordingly."""
    if not terms:
        return
    *plain, policies = columns([(*values[:7], orjson.dumps(values[7], default=str).decode()) for values in terms], 8)
    run(
        """UPDATE order_line l SET ship = v.ship, backorders = v.backorders, backorder_limit = v.backorder_limit,
                  minimum_units = v.units, minimum_value = v.value, merge_hours = v.hours, policy = v.policy::jsonb
           FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[], %s::numeric[], %s::int[],
                       %b::text[])
                AS v (line, ship, backorders, backorder_limit, units, value, hours, policy)
           WHERE l.id = v.line""",
        [*plain, policies],
    )
    run(
        """UPDATE claim c SET is_complete = (l.ship = 'complete') FROM order_line l
           WHERE l.id = ANY(%s) AND c.line_id = l.id AND c.is_complete <> (l.ship = 'complete')""",
        [[values[0] for values in terms]],
    )


def _matching(whens: Sequence[Mapping[str, str]] | None) -> tuple[str, list[Any]]:
    """A condition in SQL that is true where one of the rules' conditions holds, and its parameters."""
    if whens is None:
        return "true", []
    alternatives: list[str] = []
    params: list[Any] = []
    for when in whens:
        tests = [f"{LEVEL_SQL[level]} = %s" if level in LEVEL_SQL else "false" for level in when]
        alternatives.append(f"({' AND '.join(tests) or 'true'})")
        params += [value for level, value in when.items() if level in LEVEL_SQL]
    return f"({' OR '.join(alternatives) or 'false'})", params

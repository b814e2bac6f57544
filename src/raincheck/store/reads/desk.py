"""The Desk: what waits, for what, since when, and when it will be served. A fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from raincheck.store.db import rows
from raincheck.store.reads.named import named_row, named_rows
from raincheck.store.reads.waiting import WAITING_LINES

PRODUCTS: Final = 8
DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures at the top. `value` is units waiting at the price of their order lines."""

    orders: int
    units: int
    preordered_units: int
    value: Decimal
    late_orders: int
    slipping_orders: int
    undated_units: int
    undated_orders: int
    oldest_joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingProduct:
    """A product that orders wait for. `next_on` is when its next confirmed inbound is expected."""

    sku: str
    name: str
    units: int
    orders: int
    late_orders: int
    undated_units: int
    oldest_joined_at: datetime
    inbound_units: int
    next_on: date | None


@dataclass(frozen=True, slots=True)
class ServedDay:
    """Units that ship on a day (`on`), after the last day shown (`on` None, `is_later`), or on no known day."""

    on: date | None
    units: int
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the Desk but what needs a person (`attention.py`)."""

    totals: Totals
    products: list[WaitingProduct]
    days: list[ServedDay]


def desk(today: date) -> Desk:
    """The Desk on a day of the company. Three queries."""
    return Desk(_totals(today), _products(today), _days(today))


def _totals(today: date) -> Totals:
    return named_row(
        Totals,
        f"""SELECT count(DISTINCT order_id) AS orders,
                   coalesce(sum(units), 0)::bigint AS units,
                   coalesce(sum(preordered), 0)::bigint AS preordered_units,
                   coalesce(sum(units * unit_price), 0) AS value,
                   count(DISTINCT order_id) FILTER (WHERE is_late) AS late_orders,
                   count(DISTINCT order_id) FILTER (WHERE is_slipping AND NOT is_late) AS slipping_orders,
                   coalesce(sum(units) FILTER (WHERE expected_on IS NULL), 0)::bigint AS undated_units,
                   count(DISTINCT order_id) FILTER (WHERE expected_on IS NULL) AS undated_orders,
                   min(joined_at) AS oldest_joined_at
            FROM ({WAITING_LINES}) w""",
        {"today": today},
    )


def _products(today: date) -> list[WaitingProduct]:
    """The products with the most late orders, then the most units."""
    return named_rows(
        WaitingProduct,
        f"""SELECT p.sku, p.name, w.units, w.orders, w.late_orders, w.undated_units, w.oldest_joined_at,
                   coalesce(i.inbound_units, 0) AS inbound_units, i.next_on
            FROM (SELECT product_id, sum(units)::bigint AS units, count(DISTINCT order_id) AS orders,
                         count(DISTINCT order_id) FILTER (WHERE is_late) AS late_orders,
                         coalesce(sum(units) FILTER (WHERE expected_on IS NULL), 0)::bigint AS undated_units,
                         min(joined_at) AS oldest_joined_at
                  FROM ({WAITING_LINES}) lines GROUP BY product_id
                  ORDER BY late_orders DESC, units DESC, product_id LIMIT {PRODUCTS}) w
            JOIN product p ON p.id = w.product_id
            LEFT JOIN (SELECT product_id, sum(owed)::bigint AS inbound_units, min(expected_on) AS next_on
                       FROM inbound_line WHERE owed > 0 GROUP BY product_id) i ON i.product_id = w.product_id
            ORDER BY w.late_orders DESC, w.units DESC, p.sku""",
        {"today": today},
    )


def _days(today: date) -> list[ServedDay]:
    """Waiting units by the day on which they ship, the next `DAYS` days one by one."""
    found = dict(
        rows(
            """SELECT ships_on, sum(units)::bigint FROM peg WHERE kind <> 'stock' OR is_preorder
               GROUP BY ships_on""",
        )
    )
    undated = found.pop(None, 0)
    days = [today + timedelta(days=offset) for offset in range(DAYS)]
    # What should have shipped before today ships today at the earliest.
    overdue = sum(units for on, units in found.items() if on < today)
    served = [ServedDay(day, found.get(day, 0) + (overdue if day == today else 0)) for day in days]
    later = sum(units for on, units in found.items() if on > days[-1])
    return [*served, ServedDay(None, later, is_later=True), ServedDay(None, undated)]

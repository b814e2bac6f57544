"""What leaves: orders that can be picked, and parcels by their state."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from raincheck.store.carriers import tracking_url
from raincheck.store.reads.named import first_named, named_rows

PAGE: Final = 50

# Reserved units of open orders that stand in no parcel yet, and that only the floor holds back. (Timer 41, WANTED:
# an order is wanted later, and its day to leave has not begun.)
_MAY_GO: Final = """
    o.state = 'open'
    AND (o.wanted_on IS NULL OR NOT EXISTS (SELECT 1 FROM timer m WHERE m.kind = 41 AND m.subject_id = o.id))
    AND NOT (l.ship = 'complete' AND EXISTS (
        SELECT 1 FROM order_line w WHERE w.order_id = l.order_id AND w.ship = 'complete'
                                     AND w.backordered + w.preordered > 0))
"""
# Kits count whole ones; of several sites the one is named where the part lies that they are counted with.
_PICKABLE: Final = f"""
    SELECT l.order_id, l.product_id, v.site_id, g.units, l.ship, l.id AS line_id
    FROM peg g JOIN order_line l ON l.id = g.line_id JOIN sales_order o ON o.id = l.order_id
    JOIN stock_level v ON v.id = g.stock_level_id
    WHERE g.kind = 'stock' AND g.shipment_line_id IS NULL AND NOT g.is_preorder AND g.waits_for = ''
      AND g.product_id = l.product_id AND {_MAY_GO}
    UNION ALL
    SELECT l.order_id, l.product_id, k.site_id, l.reserved - k.frozen, l.ship, l.id
    FROM (SELECT c.line_id, min(v.site_id) FILTER (WHERE g.shipment_line_id IS NULL) AS site_id,
                 (coalesce(sum(g.units) FILTER (WHERE g.shipment_line_id IS NOT NULL), 0) / min(c.per_kit))::bigint
                     AS frozen
          FROM claim c JOIN peg g ON g.line_id = c.line_id AND g.claim_id = c.id
          JOIN stock_level v ON v.id = g.stock_level_id
          WHERE c.kit_nr IS NOT NULL AND c.is_counted AND c.units > 0 AND NOT g.is_preorder AND g.waits_for = ''
          GROUP BY c.line_id) k
    JOIN order_line l ON l.id = k.line_id JOIN sales_order o ON o.id = l.order_id
    WHERE l.reserved > k.frozen AND k.site_id IS NOT NULL AND {_MAY_GO}
"""
_CONTENTS: Final = """(
    SELECT ' (' || string_agg(d.per_kit || ' × ' || part.sku, ', ' ORDER BY part.sku) || ')'
    FROM claim d JOIN product part ON part.id = d.product_id
    WHERE d.line_id = k.line_id AND d.order_id = k.order_id AND d.kit_nr = 1)"""


@dataclass(frozen=True, slots=True)
class PickLine:
    """Units to take from a site's shelf."""

    sku: str
    name: str
    gtin: str
    site: str
    units: int


@dataclass(frozen=True, slots=True)
class PickableOrder:
    """An order with units on the shelf that can go. `to_follow` units wait for supply."""

    id: int
    ref: str
    customer: str
    placed_at: datetime
    units: int
    to_follow: int
    sites: str


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """A parcel in the list. `other_refs` are orders that share it with the first."""

    id: int
    order_ref: str
    other_refs: str
    customer: str
    site: str
    state: str
    units: int
    created_at: datetime
    ships_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A parcel, whole. `other_refs` are orders that share it with the first."""

    id: int
    order_ref: str
    other_refs: list[str]
    order_state: str
    customer: str
    country: str
    postcode: str
    site: str
    state: str
    created_at: datetime
    ships_at: datetime | None
    shipped_at: datetime | None
    delivers_at: datetime | None
    delivered_at: datetime | None
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    lines: list[PickLine] = field(default_factory=list)


def pickable_orders(limit: int = PAGE) -> list[PickableOrder]:
    """Orders the floor can pick now, the oldest first. One query."""
    return named_rows(
        PickableOrder,
        f"""SELECT o.id, o.ref, coalesce(nullif(u.name, ''), u.code, '') AS customer, o.placed_at, k.units, k.sites,
                   (SELECT coalesce(sum(backordered + preordered), 0)::bigint FROM order_line WHERE order_id = o.id)
                       AS to_follow
            FROM (SELECT p.order_id, sum(p.units)::bigint AS units,
                         string_agg(DISTINCT coalesce(nullif(t.name, ''), t.code), ', ') AS sites
                  FROM ({_PICKABLE}) p JOIN site t ON t.id = p.site_id GROUP BY p.order_id) k
            JOIN sales_order o ON o.id = k.order_id LEFT JOIN customer u ON u.id = o.customer_id
            ORDER BY o.placed_at, o.id LIMIT %(limit)s""",
        {"limit": limit},
    )


def pick_list(order_ref: str) -> list[PickLine]:
    """What to take from the shelf for an order, by site and SKU. One query."""
    return named_rows(
        PickLine,
        f"""SELECT p.sku, ltrim(p.name || coalesce({_CONTENTS}, '')) AS name, p.gtin,
                   coalesce(nullif(t.name, ''), t.code) AS site, sum(k.units)::bigint AS units
            FROM ({_PICKABLE}) k JOIN product p ON p.id = k.product_id JOIN site t ON t.id = k.site_id
            WHERE k.order_id = (SELECT id FROM sales_order WHERE ref = %(ref)s)
            GROUP BY p.sku, 2, p.gtin, t.name, t.code ORDER BY 4, 1""",
        {"ref": order_ref},
    )


def shipment_rows(state: str, before: int | None, limit: int = PAGE) -> list[ShipmentRow]:
    """Parcels, the last made first, from the one below id `before` on; one more than `limit` when there are more."""
    conditions = ["true"]
    params: dict[str, Any] = {"limit": limit + 1}
    if state:
        conditions.append("s.state = %(state)s")
        params["state"] = state
    if before is not None:
        conditions.append("s.id < %(before)s")
        params["before"] = before
    return named_rows(
        ShipmentRow,
        f"""SELECT s.id, o.ref AS order_ref, coalesce(nullif(u.name, ''), u.code, '') AS customer,
                   (SELECT coalesce(string_agg(DISTINCT d.ref, ', '), '') FROM shipment_line sl
                    JOIN order_line l ON l.id = sl.line_id JOIN sales_order d ON d.id = l.order_id
                    WHERE sl.shipment_id = s.id AND d.id <> o.id) AS other_refs,
                   coalesce(nullif(t.name, ''), t.code) AS site, s.state, s.created_at, s.ships_at, s.shipped_at,
                   s.delivered_at,
                   (SELECT coalesce(sum(units), 0)::bigint FROM shipment_line WHERE shipment_id = s.id) AS units
            FROM shipment s JOIN sales_order o ON o.id = s.order_id JOIN site t ON t.id = s.site_id
            LEFT JOIN customer u ON u.id = o.customer_id
            WHERE {" AND ".join(conditions)} ORDER BY s.id DESC LIMIT %(limit)s""",
        params,
    )


def shipment_view(shipment: int) -> ShipmentView | None:
    """The parcel with this id, or None. Two queries."""
    found = first_named(
        ShipmentView,
        """SELECT s.id, o.ref AS order_ref, o.state AS order_state,
                  ARRAY(SELECT DISTINCT d.ref FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id
                        JOIN sales_order d ON d.id = l.order_id
                        WHERE sl.shipment_id = s.id AND d.id <> o.id ORDER BY d.ref) AS other_refs,
                  coalesce(nullif(u.name, ''), u.code, '') AS customer, o.country, o.postcode,
                  coalesce(nullif(t.name, ''), t.code) AS site, s.state, s.created_at, s.ships_at, s.shipped_at,
                  s.delivers_at, s.delivered_at, s.carrier, s.tracking_number
           FROM shipment s JOIN sales_order o ON o.id = s.order_id JOIN site t ON t.id = s.site_id
           LEFT JOIN customer u ON u.id = o.customer_id WHERE s.id = %(id)s""",
        {"id": shipment},
    )
    if found is None:
        return None
    lines = named_rows(
        PickLine,
        """SELECT p.sku, p.name, p.gtin, '' AS site, sum(sl.units)::bigint AS units
           FROM shipment_line sl JOIN product p ON p.id = sl.product_id WHERE sl.shipment_id = %(id)s
           GROUP BY p.sku, p.name, p.gtin ORDER BY p.sku""",
        {"id": shipment},
    )
    return replace(found, lines=lines, tracking_url=tracking_url(found.carrier, found.tracking_number))

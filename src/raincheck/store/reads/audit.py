"""The audit: every invariant checked over the whole database, each violation named by record.

Many of these hold by constraint already; the audit does not trust that. Each check is one statement that gives the
records that break it, so it costs a few scans, whatever the size.
"""

from dataclasses import dataclass

from raincheck.store.db import rows
from raincheck.store.reads.audit_law import LAW_INVARIANTS
from raincheck.store.reads.audit_messages import MESSAGE_INVARIANTS
from raincheck.store.reads.audit_money import MONEY_INVARIANTS


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that a record breaks."""

    invariant: str
    record: str
    detail: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """A name, what must hold in words, and the statement that finds what breaks it: (record, detail)."""

    name: str
    holds: str
    sql: str


_LINE = "'order ' || o.ref || ', product ' || p.sku"
_LINE_JOINS = "JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id"
_LEVEL = "'site ' || s.code || ', product ' || p.sku"
_LEVEL_JOINS = "JOIN site s ON s.id = v.site_id JOIN product p ON p.id = v.product_id"
_INBOUND = "i.kind || ' ' || i.ref || ', product ' || p.sku"
_INBOUND_JOINS = "JOIN inbound i ON i.id = v.inbound_id JOIN product p ON p.id = v.product_id"

INVARIANTS = (
    Invariant(
        "line conserved",
        "ordered = reserved + backordered + preordered + shipped + cancelled + refused, none of them negative",
        f"""SELECT {_LINE}, 'ordered ' || l.ordered FROM order_line l {_LINE_JOINS}
            WHERE l.ordered <> l.reserved + l.backordered + l.preordered + l.shipped + l.cancelled + l.refused
               OR least(l.ordered, l.reserved, l.backordered, l.preordered, l.shipped, l.cancelled, l.refused) < 0
               OR l.returned NOT BETWEEN 0 AND l.shipped""",
    ),
    Invariant(
        "claims sum to the line",
        "the open units of a line are those of its claims (kits: of the claims that are counted)",
        f"""SELECT {_LINE}, 'open ' || l.reserved + l.backordered + l.preordered || ', in claims '
                   || coalesce(c.units, 0)
            FROM order_line l {_LINE_JOINS}
            LEFT JOIN (SELECT line_id, sum(units / per_kit) AS units FROM claim WHERE is_counted GROUP BY line_id) c
                   ON c.line_id = l.id
            WHERE l.reserved + l.backordered + l.preordered <> coalesce(c.units, 0)""",
    ),
    Invariant(
        "pegs sum to the claim",
        "every open unit is tied to stock, to one inbound, to a lead time, or to nothing",
        f"""SELECT {_LINE}, 'claim of ' || c.units || ', pegs ' || coalesce(g.units, 0)
            FROM claim c JOIN order_line l ON l.id = c.line_id {_LINE_JOINS}
            LEFT JOIN (SELECT claim_id, sum(units) AS units FROM peg GROUP BY claim_id) g ON g.claim_id = c.id
            WHERE c.units <> coalesce(g.units, 0)""",
    ),
    Invariant(
        "line shows its pegs",
        "reserved, backordered and preordered are what the pegs say",
        f"""SELECT {_LINE}, 'reserved ' || l.reserved || ' backordered ' || l.backordered || ' preordered '
                   || l.preordered
            FROM order_line l {_LINE_JOINS}
            LEFT JOIN (SELECT line_id,
                sum(units) FILTER (WHERE kind = 'stock' AND NOT is_preorder) AS reserved,
                sum(units) FILTER (WHERE kind <> 'stock' AND NOT is_preorder) AS backordered,
                sum(units) FILTER (WHERE is_preorder) AS preordered
                FROM peg GROUP BY line_id) g ON g.line_id = l.id
            WHERE (l.reserved, l.backordered, l.preordered) IS DISTINCT FROM
                  (coalesce(g.reserved, 0), coalesce(g.backordered, 0), coalesce(g.preordered, 0))
              AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.order_id = l.order_id AND c.line_id = l.id
                                                      AND c.kit_nr IS NOT NULL)""",
    ),
    Invariant(
        "kits are whole",
        "the parts of a set of kits outside parcels are in ratio, and one of them is counted",
        f"""SELECT {_LINE}, 'set ' || v.kit_nr || ': parts for ' || min(v.kits) || ' to ' || max(v.kits) || ' kits'
            FROM (SELECT c.order_id, c.line_id, c.kit_nr, c.is_counted,
                         (c.units - coalesce(sum(g.units), 0)) / c.per_kit AS kits
                  FROM claim c LEFT JOIN peg g ON g.claim_id = c.id AND g.shipment_line_id IS NOT NULL
                  WHERE c.kit_nr IS NOT NULL GROUP BY c.id) v
            JOIN order_line l ON l.id = v.line_id {_LINE_JOINS}
            GROUP BY o.ref, p.sku, v.line_id, v.kit_nr
            HAVING min(v.kits) <> max(v.kits) OR min(v.kits) <> trunc(min(v.kits))
                OR count(*) FILTER (WHERE v.is_counted) <> 1""",
    ),
    Invariant(
        "a line of kits shows its parts",
        "reserved are the kits of which all parts are tied to stock on hand; no line's kits are pre-ordered by halves",
        f"""SELECT {_LINE}, 'reserved ' || l.reserved || ' preordered ' || l.preordered || ', whole sets '
                   || sum(t.reserved) || ' and ' || sum(t.preordered)
            FROM (SELECT v.line_id, v.kit_nr, min(v.reserved) AS reserved, min(v.preordered) AS preordered
                  FROM (SELECT c.line_id, c.kit_nr, k.kits,
                               least(k.kits, trunc(
                                   (coalesce(sum(g.units) FILTER (WHERE g.kind = 'stock' AND NOT g.is_preorder), 0)
                                    + greatest(0, k.kits * c.per_kit - c.units)) / c.per_kit))::bigint AS reserved,
                               trunc(coalesce(sum(g.units) FILTER (WHERE g.is_preorder), 0) / c.per_kit)::bigint
                                   AS preordered
                        FROM claim c
                        JOIN (SELECT line_id, kit_nr, units / per_kit AS kits FROM claim
                              WHERE kit_nr IS NOT NULL AND is_counted) k
                          ON k.line_id = c.line_id AND k.kit_nr = c.kit_nr
                        LEFT JOIN peg g ON g.claim_id = c.id
                        WHERE c.kit_nr IS NOT NULL GROUP BY c.id, k.kits) v
                  GROUP BY v.line_id, v.kit_nr) t
            JOIN order_line l ON l.id = t.line_id {_LINE_JOINS}
            GROUP BY o.ref, p.sku, l.id
            HAVING l.reserved <> sum(t.reserved) OR l.preordered <> sum(t.preordered)""",
    ),
    Invariant(
        "a peg ties like to like",
        "claim, line, stock and inbound of a peg are of one product, and the claim is the line's",
        f"""SELECT {_LINE}, 'peg ' || g.id FROM peg g JOIN order_line l ON l.id = g.line_id {_LINE_JOINS}
            JOIN claim c ON c.id = g.claim_id
            LEFT JOIN stock_level v ON v.id = g.stock_level_id LEFT JOIN inbound_line n ON n.id = g.inbound_line_id
            WHERE (g.product_id <> l.product_id AND c.kit_nr IS NULL) OR c.line_id <> g.line_id
               OR c.order_id <> l.order_id OR c.product_id <> g.product_id OR v.product_id <> g.product_id
               OR n.product_id <> g.product_id""",
    ),
    Invariant(
        "stock is its ledger",
        "on hand and unsellable are the sums of the ledger's entries",
        f"""SELECT {_LEVEL}, 'on hand ' || v.on_hand || ', ledger ' || coalesce(e.on_hand, 0)
            FROM stock_level v {_LEVEL_JOINS}
            LEFT JOIN (SELECT stock_level_id, sum(on_hand_units) AS on_hand, sum(unsellable_units) AS unsellable
                       FROM stock_entry GROUP BY stock_level_id) e ON e.stock_level_id = v.id
            WHERE (v.on_hand, v.unsellable) IS DISTINCT FROM (coalesce(e.on_hand, 0), coalesce(e.unsellable, 0))""",
    ),
    Invariant(
        "nothing is oversold",
        "what is reserved of a stock level is what its pegs hold, and no more than lies there",
        f"""SELECT {_LEVEL}, 'on hand ' || v.on_hand || ', reserved ' || v.reserved || ', pegs ' || coalesce(g.units, 0)
            FROM stock_level v {_LEVEL_JOINS}
            LEFT JOIN (SELECT stock_level_id, sum(units) AS units FROM peg WHERE kind = 'stock' AND NOT is_preorder
                       GROUP BY stock_level_id) g ON g.stock_level_id = v.id
            WHERE v.reserved <> coalesce(g.units, 0) OR v.reserved > v.on_hand OR v.on_hand < 0""",
    ),
    Invariant(
        "no inbound is pegged over what it owes",
        "what is pegged of an inbound line is what its pegs hold, and no more than is still to come",
        f"""SELECT {_INBOUND}, 'owed ' || v.owed || ', pegged ' || v.pegged || ', pegs ' || coalesce(g.units, 0)
            FROM inbound_line v {_INBOUND_JOINS}
            LEFT JOIN (SELECT inbound_line_id, sum(units) AS units FROM peg WHERE kind = 'inbound'
                       GROUP BY inbound_line_id) g ON g.inbound_line_id = v.id
            WHERE v.pegged <> coalesce(g.units, 0) OR v.pegged > v.owed""",
    ),
    Invariant(
        "an inbound owes what is confirmed and has not come",
        "owed = confirmed less received and damaged while the inbound is live, else 0",
        f"""SELECT {_INBOUND}, i.state || ', owed ' || v.owed FROM inbound_line v {_INBOUND_JOINS}
            WHERE v.owed <> CASE WHEN i.state IN ('confirmed', 'part_received', 'received')
                                 THEN greatest(0, v.confirmed - v.received - v.damaged) ELSE 0 END""",
    ),
    Invariant(
        "shipped is what the carrier took",
        "shipped units of a line are those of its parcels that have left",
        f"""SELECT {_LINE}, 'shipped ' || l.shipped || ', in parcels ' || coalesce(t.units, 0)
            FROM order_line l {_LINE_JOINS}
            LEFT JOIN (SELECT sl.line_id, sum(coalesce(sl.kits, sl.units)) AS units FROM shipment_line sl
                       JOIN shipment s ON s.id = sl.shipment_id WHERE s.state IN ('shipped', 'delivered')
                       GROUP BY sl.line_id) t ON t.line_id = l.id
            WHERE l.shipped <> coalesce(t.units, 0)""",
    ),
    Invariant(
        "a parcel holds what is frozen for it",
        "units in parcels that have not left are pegged to them",
        f"""SELECT {_LINE}, 'shipment ' || sl.shipment_id || ' holds ' || sl.units || ', pegs ' || coalesce(g.units, 0)
            FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id
            JOIN order_line l ON l.id = sl.line_id {_LINE_JOINS}
            LEFT JOIN (SELECT shipment_line_id, sum(units) AS units FROM peg WHERE shipment_line_id IS NOT NULL
                       GROUP BY shipment_line_id) g ON g.shipment_line_id = sl.id
            WHERE CASE WHEN s.state IN ('released', 'picked', 'packed') THEN sl.units ELSE 0 END
                  <> coalesce(g.units, 0)""",
    ),
    Invariant(
        "an order's state follows from its lines",
        "complete, cancelled and refused orders have nothing open, the others have",
        """SELECT 'order ' || o.ref, o.state || ' with ' || t.open || ' open units' FROM sales_order o
           JOIN (SELECT order_id, sum(reserved + backordered + preordered) AS open, sum(shipped) AS shipped,
                        sum(cancelled) AS cancelled
                 FROM order_line GROUP BY order_id) t ON t.order_id = o.id
           WHERE (o.state IN ('complete', 'cancelled', 'refused')) <> (t.open = 0)
              OR (o.state = 'complete' AND t.shipped = 0) OR (o.state = 'refused' AND t.shipped + t.cancelled > 0)""",
    ),
    Invariant(
        "ship complete is never broken",
        "of a ship-complete group nothing has left while its units wait outside a parcel, but those that a declined "
        "charge took back out of one",
        f"""SELECT {_LINE}, c.units || ' units wait since ' || c.joined_at
            FROM claim c JOIN order_line l ON l.id = c.line_id {_LINE_JOINS}
            WHERE c.is_complete AND c.units > 0 AND EXISTS (
                      SELECT 1 FROM shipment s JOIN shipment_line sl ON sl.shipment_id = s.id
                      JOIN order_line other ON other.id = sl.line_id
                      WHERE other.order_id = c.order_id AND s.shipped_at IS NOT NULL
                        AND s.created_at > c.joined_at AND sl.units > 0
                        AND NOT EXISTS (SELECT 1 FROM fact f JOIN sales_order d ON f.subject = 'order:' || d.ref
                                        WHERE d.id = c.order_id AND f.verb = 'order_migrated' AND f.at >= s.created_at)
                        AND NOT EXISTS (SELECT 1 FROM notice n JOIN shipment_line back ON back.line_id = c.line_id
                                        JOIN shipment b ON b.id = back.shipment_id AND b.created_at <= n.at
                                        WHERE n.order_id = c.order_id AND n.event = 'payment_failed'
                                              AND n.at >= s.created_at AND back.units = 0)
                        AND other.ship = 'complete')
              AND c.units > (SELECT coalesce(sum(g.units), 0) FROM peg g
                             WHERE g.claim_id = c.id AND g.line_id = c.line_id AND g.shipment_line_id IS NOT NULL)""",
    ),
    Invariant(
        "no order leaves in more parcels than it may",
        "the lines of an order that ship in up to N leave in at most N releases to the carrier",
        """SELECT 'order ' || o.ref, l.ship || ', releases ' || count(DISTINCT s.released_by_id)
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN shipment_line sl ON sl.line_id = l.id
           JOIN shipment s ON s.id = sl.shipment_id
           WHERE l.ship LIKE 'up\\_to:%%' AND sl.units > 0 AND s.state IN ('released', 'shipped', 'delivered')
                 AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.subject = 'order:' || o.ref
                                 AND f.verb = 'order_migrated' AND f.at >= s.created_at)
           GROUP BY o.ref, l.order_id, l.ship
           HAVING count(DISTINCT s.released_by_id) > split_part(l.ship, ':', 2)::int""",
    ),
    Invariant(
        "a shared parcel has one recipient",
        "the orders in a parcel are of one customer at one address, and all of it lies at the parcel's site",
        """SELECT 'shipment ' || s.id, 'orders ' || string_agg(DISTINCT o.ref, ', ')
           FROM shipment s JOIN shipment_line sl ON sl.shipment_id = s.id JOIN order_line l ON l.id = sl.line_id
           JOIN sales_order o ON o.id = l.order_id JOIN stock_level v ON v.id = sl.stock_level_id
           GROUP BY s.id HAVING bool_or(v.site_id <> s.site_id)
               OR count(DISTINCT o.id) > 1 AND (bool_or(o.customer_id IS NULL)
                                                OR count(DISTINCT (o.customer_id, o.country, o.postcode)) FILTER (
                                                    WHERE NOT EXISTS (
                                                        SELECT 1 FROM replaced_address r
                                                        WHERE r.order_id = o.id AND r.at >= s.created_at)) > 1)""",
    ),
    Invariant(
        "what waits for a parcel knows why",
        "units wait for a parcel only where parcels are planned, and only while they lie at a site",
        f"""SELECT {_LINE}, g.kind || ' waits for ' || g.waits_for FROM peg g JOIN order_line l ON l.id = g.line_id
            {_LINE_JOINS} JOIN claim c ON c.id = g.claim_id
            WHERE g.waits_for <> ''
                  AND (g.kind <> 'stock' OR g.shipment_line_id IS NOT NULL OR NOT c.has_parcel_terms)""",
    ),
    Invariant(
        "every accepted order is confirmed once",
        "each order that was accepted has exactly one confirmation in the outbox, a refused one none",
        """SELECT 'order ' || o.ref, coalesce(n.messages, 0) || ' confirmations' FROM sales_order o
           LEFT JOIN (SELECT order_id, count(*) AS messages FROM notice WHERE event = 'order_confirmed'
                      GROUP BY order_id) n ON n.order_id = o.id
           WHERE coalesce(n.messages, 0) <> CASE WHEN o.state IN ('refused', 'basket') THEN 0 ELSE 1 END""",
    ),
    Invariant(
        "a date that is shown was told",
        "a line with a promise has a first promise, and its open claims have been told a date",
        f"""SELECT {_LINE}, 'promise ' || l.promise_on FROM order_line l {_LINE_JOINS}
            WHERE l.promise_on IS NOT NULL AND (l.first_promise_on IS NULL OR EXISTS (
                SELECT 1 FROM claim c WHERE c.order_id = l.order_id AND c.line_id = l.id AND c.units > 0
                                        AND c.told_on IS NULL))""",
    ),
    Invariant(
        "a basket holds stock only while its hold is open",
        "each sales order in the state basket belongs to an open hold, and each open hold has one",
        """SELECT 'hold ' || coalesce(h.ref, o.ref),
                  coalesce(h.state, 'no hold') || ', ' || coalesce(o.state, 'no order')
           FROM basket_hold h FULL JOIN (SELECT id, ref, state FROM sales_order WHERE state = 'basket') o
                ON o.id = h.order_id
           WHERE (h.id IS NOT NULL AND h.state = 'open') <> (o.id IS NOT NULL)""",
    ),
    Invariant(
        "all or nothing of an order",
        "no order stands without lines, and no line or claim without its order's product",
        """SELECT 'order ' || o.ref, 'has no lines' FROM sales_order o
           WHERE NOT EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id)""",
    ),
)


def audit() -> list[Violation]:
    """Checks every invariant; the violations, empty when all hold."""
    return [
        Violation(invariant.name, record, detail)
        for invariant in (
            *INVARIANTS,
            *(Invariant(*parts) for parts in (*LAW_INVARIANTS, *MESSAGE_INVARIANTS, *MONEY_INVARIANTS)),
        )
        for record, detail in rows(invariant.sql + " ORDER BY 1, 2")
    ]

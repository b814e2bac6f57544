"""What the audit checks of the law's clocks: name, what must hold, the statement that finds what breaks it."""

from typing import Final

_LINE: Final = "'order ' || o.ref || ', product ' || p.sku"
_JOINS: Final = """JOIN order_line l ON l.id = k.line_id JOIN sales_order o ON o.id = l.order_id
                   JOIN product p ON p.id = l.product_id"""

LAW_INVARIANTS: Final = (
    (
        "nothing ships after a vested cancel",
        "no parcel went to the carrier after the right to a refund had vested",
        f"""SELECT {_LINE}, 'shipped ' || s.shipped_at || ', vested ' || k.vested_at
            FROM law_clock k {_JOINS} JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0
            JOIN shipment s ON s.id = sl.shipment_id
            WHERE s.shipped_at > k.vested_at AND (k.ended_at IS NULL OR s.shipped_at < k.ended_at)""",
    ),
    (
        "lines ship within their legal time",
        "what went to the carrier went not later than the last day that the law or the customer allowed",
        f"""SELECT {_LINE}, 'shipped ' || s.shipped_at || ', last day ' || k.by_on
            FROM law_clock k {_JOINS} JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0
            JOIN shipment s ON s.id = sl.shipment_id
            WHERE k.by_on IS NOT NULL AND (s.shipped_at AT TIME ZONE k.zone)::date > k.by_on
              AND s.shipped_at >= k.started_at AND (k.ended_at IS NULL OR s.shipped_at < k.ended_at)""",
    ),
    (
        "vested lines are cancelled",
        "of a line whose right to a refund has vested nothing is open but what the floor has yet to give back",
        f"""SELECT {_LINE}, l.reserved + l.backordered + l.preordered - l.cancel_requested_units || ' units are open'
            FROM law_clock k {_JOINS}
            WHERE k.vested_at IS NOT NULL AND k.ended_at IS NULL
              AND l.reserved + l.backordered + l.preordered > l.cancel_requested_units""",
    ),
    (
        "legal days have their timers",
        "whatever the law lets fall due of an open line is among the timers, not later than it falls due",
        f"""SELECT {_LINE}, 'due ' || least(k.asks_at, k.cancels_at) FROM law_clock k {_JOINS}
            WHERE least(k.asks_at, k.cancels_at) IS NOT NULL AND k.ended_at IS NULL AND k.vested_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.kind = 10 AND t.subject_id = k.id
                              AND t.due_at <= least(k.asks_at, k.cancels_at))""",
    ),
)

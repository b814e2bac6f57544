"""What the audit checks of money: name, what must hold, the statement that finds what breaks it.

It states what is due a second time, in SQL, apart from `core.money`.
"""

from typing import Final

from raincheck.core.money import OTHER_DECIMALS

_ORDER: Final = "'order ' || o.ref"
_SETTING: Final = "(SELECT settings->>'{name}' FROM company WHERE id = 1)"
_DECIMALS: Final = (
    f"CASE coalesce({_SETTING.format(name='currency')}, 'USD') "
    + " ".join(f"WHEN '{currency}' THEN {decimals}" for currency, decimals in sorted(OTHER_DECIMALS.items()))
    + " ELSE 2 END"
)
_CHARGE: Final = "CASE d.charge WHEN 'by_line' THEN l.policy->'charge'->>'value' ELSE d.charge END"
_SHARE: Final = f"""CASE WHEN {_CHARGE} = 'order' THEN 1
                         WHEN {_CHARGE} LIKE 'deposit:%%' THEN split_part({_CHARGE}, ':', 2)::numeric ELSE 0 END"""
_OPEN: Final = "(l.reserved + l.backordered + l.preordered)"
_STANDS: Final = "state IN ('pending', 'approved')"

_DUE: Final = f"""
    SELECT g.order_id, round(
               g.goods + CASE WHEN coalesce(y.taxed_value, 0) > 0 THEN y.tax * g.goods / y.taxed_value
                              WHEN g.has_begun THEN coalesce(y.tax, 0) ELSE 0 END
               + CASE WHEN g.has_begun THEN coalesce(y.shipping_fee, 0) ELSE 0 END, {_DECIMALS}) AS due
    FROM (SELECT v.order_id, sum(v.kept * v.unit_price - v.price_cut + v.share * v.open * v.unit_price) AS goods,
                 bool_or(v.kept > 0) OR bool_or(v.open > 0 AND v.share > 0)
                 OR (bool_or(v.open > 0) AND bool_or(v.shipped > 0)) AS has_begun
          FROM (SELECT l.order_id, l.unit_price, l.price_cut, l.shipped, l.shipped - l.returned AS kept,
                       {_OPEN} AS open, {_SHARE} AS share
                FROM order_line l JOIN sales_order d ON d.id = l.order_id) v
          GROUP BY v.order_id) g
    LEFT JOIN order_payment y ON y.order_id = g.order_id"""

MONEY_INVARIANTS: Final = (
    (
        "money follows goods",
        "captured less refunded, with what is asked and what was declined, is what is due by the rule of core.money",
        f"""SELECT {_ORDER}, 'charged ' || coalesce(m.paid, 0) + coalesce(r.asked, 0) || ', due ' || t.due
            FROM sales_order o JOIN ({_DUE}) t ON t.order_id = o.id
            LEFT JOIN (SELECT order_id, sum(CASE kind WHEN 'capture' THEN amount WHEN 'refund' THEN -amount ELSE 0 END)
                              AS paid
                       FROM payment GROUP BY order_id) m ON m.order_id = o.id
            LEFT JOIN (SELECT order_id, sum(CASE kind WHEN 'capture' THEN amount WHEN 'refund' THEN -amount ELSE 0 END)
                              AS asked
                       FROM card_request WHERE state = 'pending' GROUP BY order_id) r ON r.order_id = o.id
            LEFT JOIN payment_decline d ON d.order_id = o.id
            WHERE coalesce(m.paid, 0) + coalesce(r.asked, 0) + coalesce(d.amount_due, 0) <> t.due""",
    ),
    (
        "money of an order is of one currency",
        "what an order captures, refunds, authorises and voids is in one currency",
        f"""SELECT {_ORDER}, string_agg(DISTINCT m.currency, ', ')
            FROM payment m JOIN sales_order o ON o.id = m.order_id
            GROUP BY o.ref HAVING count(DISTINCT m.currency) > 1""",
    ),
    (
        "nothing is refunded over what was captured",
        "an order's refunds, in each currency and of each card charge, come to no more than was captured",
        f"""SELECT {_ORDER}, v.refunded || ' of ' || v.captured || ' ' || v.what FROM (
                SELECT order_id, currency AS what, coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
                       coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded
                FROM payment GROUP BY order_id, currency
                UNION ALL
                SELECT c.order_id, 'charge ' || c.id, c.amount, sum(r.amount)
                FROM card_request c JOIN card_request r ON r.charge_id = c.id AND r.{_STANDS} GROUP BY c.id) v
            JOIN sales_order o ON o.id = v.order_id WHERE v.refunded > v.captured""",
    ),
    (
        "captures stay within what was authorised",
        "what is drawn on an authorisation came to no more than its amount and what might go above it, each time",
        f"""SELECT {_ORDER}, 'authorised ' || a.amount || ', drawn ' || max(v.drawn) FROM (
                SELECT d.authorisation_id, d.allowed_above,
                       sum(d.amount) OVER (PARTITION BY d.authorisation_id ORDER BY d.id) AS drawn
                FROM card_request d WHERE d.authorisation_id IS NOT NULL AND d.{_STANDS}) v
            JOIN card_request a ON a.id = v.authorisation_id JOIN sales_order o ON o.id = a.order_id
            WHERE v.drawn > a.amount + v.allowed_above GROUP BY o.ref, a.id""",
    ),
    (
        "the final capture is the last",
        "after a final capture nothing more is drawn on its authorisation",
        f"""SELECT {_ORDER}, d.kind || ' ' || d.amount || ' after the final capture' FROM card_request f
            JOIN card_request d ON d.authorisation_id = f.authorisation_id AND d.id > f.id
            JOIN sales_order o ON o.id = f.order_id WHERE f.is_final AND f.kind = 'capture'""",
    ),
    (
        "parcels leave under a live authorisation",
        "what is captured for a parcel draws on an authorisation that was approved and had not run out when it left",
        f"""SELECT {_ORDER}, 'capture ' || d.amount || ' at ' || d.created_at FROM card_request d
            JOIN sales_order o ON o.id = d.order_id LEFT JOIN card_request a ON a.id = d.authorisation_id
            WHERE d.kind = 'capture' AND d.shipment_id IS NOT NULL
              AND (a.id IS NULL OR a.kind <> 'authorise' OR a.answered_at IS NULL OR a.answered_at > d.created_at
                   OR a.expires_at IS NULL OR a.expires_at <= d.created_at)""",
    ),
    (
        "what the processor did is in the ledger once",
        "each approved request has one payment of its kind and amount, and no other request has any",
        f"""SELECT {_ORDER}, r.kind || ' ' || r.amount || ' is ' || r.state FROM card_request r
            JOIN sales_order o ON o.id = r.order_id LEFT JOIN payment m ON m.request_id = r.id
            WHERE (r.state = 'approved') <> (m.id IS NOT NULL)
               OR (m.order_id, m.kind, m.amount, m.currency)
                  IS DISTINCT FROM (r.order_id, r.kind, r.amount, r.currency) AND m.id IS NOT NULL""",
    ),
    (
        "no card request is stuck",
        "a request that waits can still be sent: what it draws on was not declined, and it was not tried for a day",
        f"""SELECT {_ORDER}, r.kind || ' ' || r.amount || ', ' || r.attempts || ' attempts' FROM card_request r
            JOIN sales_order o ON o.id = r.order_id
            LEFT JOIN card_request b ON b.id = coalesce(r.authorisation_id, r.charge_id)
            WHERE r.state = 'pending' AND (r.attempts > 28 OR b.state IN ('declined', 'lapsed'))""",
    ),
    (
        "authorisations that hold have their timers",
        "every live authorisation is among the timers, not later than it runs out",
        f"""SELECT {_ORDER}, 'until ' || r.expires_at FROM card_request r JOIN sales_order o ON o.id = r.order_id
            WHERE r.kind = 'authorise' AND r.state = 'approved' AND r.ended_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.kind = 13 AND t.subject_id = r.id
                              AND t.due_at <= r.expires_at)""",
    ),
)

"""Money that a law wants back by a day and that has not gone yet: cancelled lines, and withdrawals."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from raincheck.store.law_delivery import awaited
from raincheck.store.reads.named import named_rows
from raincheck.store.reads.paying import still_to_give_back


@dataclass(frozen=True, slots=True)
class OwedView:
    """Money of an order that is due back. `why`: the rule under which the right arose, or withdrawal.

    What goes back to the card is the order's, whatever of it was cancelled: it stands once, with all its products.
    `amount` is all that the order still gets back, or what the goods to come back cost; `trouble` is what the card
    processor said when it refused, unless it is being asked again.
    """

    order: int
    order_ref: str
    customer: str
    seller: str
    sku: str
    due_on: date
    why: str
    amount: Decimal | None
    trouble: str


def money_owed(until: date, limit: int, seller: str = "") -> list[OwedView]:
    """What is due back until a day and has not gone, the earliest first; `seller`: a code, or all."""
    withdrawn = {
        line: [(due_on, units) for due_on, units in pending if due_on <= until]
        for line, pending in awaited(None).items()
    }
    withdrawn = {line: pending for line, pending in withdrawn.items() if pending}
    found = named_rows(
        OwedView,
        """SELECT o.id AS order, o.ref AS order_ref, coalesce(nullif(u.name, ''), u.code, '') AS customer,
                  coalesce(v.seller, '') AS seller, v.sku, v.due_on, v.why, v.amount, v.trouble
           FROM (SELECT l.order_id,
                        string_agg(DISTINCT coalesce(nullif(s.name, ''), s.code), ', ') AS seller,
                        array_agg(DISTINCT coalesce(s.code, '')) AS codes, string_agg(DISTINCT p.sku, ', ') AS sku,
                        min(k.refund_due_on) AS due_on, min(k.vested_by) AS why, NULL::numeric AS amount,
                        max(r.trouble) AS trouble
                 FROM law_clock k JOIN order_line l ON l.id = k.line_id JOIN product p ON p.id = l.product_id
                 LEFT JOIN seller s ON s.id = k.seller_id
                 JOIN (SELECT order_id, CASE WHEN bool_or(state = 'pending') THEN '' ELSE max(reason) END AS trouble
                       FROM (SELECT order_id, state, reason FROM card_request
                             WHERE kind = 'refund' AND state IN ('pending', 'declined')
                             UNION ALL
                             SELECT b.order_id, 'bounced', 'the bank sent it back' FROM processor_event e
                             JOIN card_request b ON b.key = e.request_key AND b.state = 'approved'
                             WHERE e.kind = 'refund_failed') q GROUP BY order_id) r
                   ON r.order_id = l.order_id
                 WHERE k.vested_at IS NOT NULL AND k.refund_due_on <= %(until)s AND NOT EXISTS (
                     SELECT 1 FROM law_event e WHERE e.clock_id = k.id AND e.kind = 'refund_sent')
                   AND NOT EXISTS (SELECT 1 FROM fact f JOIN sales_order x ON f.subject = 'order:' || x.ref
                                   WHERE x.id = l.order_id AND f.verb = 'refunded_otherwise' AND f.at >= k.vested_at)
                 GROUP BY l.order_id
                 UNION ALL
                 SELECT l.order_id, coalesce(nullif(s.name, ''), s.code), ARRAY[coalesce(s.code, '')], p.sku,
                        w.due_on, 'withdrawal', w.units * l.unit_price, ''
                 FROM unnest(%(lines)s::bigint[], %(due_on)s::date[], %(units)s::bigint[]) AS w (line_id, due_on, units)
                 JOIN order_line l ON l.id = w.line_id JOIN product p ON p.id = l.product_id
                 LEFT JOIN line_seller ls ON ls.line_id = l.id LEFT JOIN seller s ON s.id = ls.seller_id) v
           JOIN sales_order o ON o.id = v.order_id LEFT JOIN customer u ON u.id = o.customer_id
           WHERE %(seller)s = '' OR %(seller)s = ANY(v.codes)
           ORDER BY v.due_on, o.ref, v.sku""",
        {
            "until": until,
            "seller": seller,
            "lines": list(withdrawn),
            "due_on": [min(pending)[0] for pending in withdrawn.values()],
            "units": [sum(units for _, units in pending) for pending in withdrawn.values()],
        },
    )
    by_card = still_to_give_back({one.order for one in found if one.amount is None})
    owing = (replace(one, amount=by_card[one.order]) if one.amount is None else one for one in found)
    return [one for one in owing if one.amount][:limit]

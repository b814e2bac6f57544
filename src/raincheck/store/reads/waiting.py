"""What waits: the one definition that the Desk, the queue and the product page share.

A line waits while some of its units are backordered or preordered. It waits since its first open claim joined. The
told date is the claims' latest, also one that was lost; `is_late` says that this day has passed, `is_slipping` that
today's estimate is later than it, or gone.
"""

from typing import Final

# The last date that the customer of a claim was told. One that was lost still is what they were promised.
LAST_TOLD: Final = """coalesce(c.told_on, (
    SELECT t.previous_on FROM told_date t WHERE t.claim_id = c.id ORDER BY t.id DESC LIMIT 1))"""

# Open lines are found through open claims, whose index is small however long the history is.
WAITING_LINES: Final = f"""
    SELECT l.id, l.order_id, l.product_id, l.backordered, l.preordered, l.backordered + l.preordered AS units,
           l.unit_price, l.promise_on, l.expected_on, l.reason, q.joined_at, q.told_on,
           coalesce(q.told_on < %(today)s, false) AS is_late,
           coalesce(q.told_on >= %(today)s AND (l.expected_on IS NULL OR l.expected_on > q.told_on), false)
               AS is_slipping
    FROM (SELECT line_id, min(joined_at) AS joined_at, max({LAST_TOLD}) AS told_on
          FROM claim c WHERE units > 0 GROUP BY line_id) q
    JOIN order_line l ON l.id = q.line_id AND l.backordered + l.preordered > 0
"""

"""Events for other programs: queued for each endpoint that listens, in the transaction that made them true.

A database without endpoints (a drill's, most companies') queues nothing and pays one look at an empty table.
"""

from datetime import datetime
from typing import Any, Final

import orjson

from raincheck.store.db import run

# Of `told`, a relation with the columns id, at, event, order_id, fact_id: notices that were just queued.
TELL_ENDPOINTS: Final = """
    INSERT INTO webhook_delivery (endpoint_id, webhook_id, event, thread, notice_id, fact_id, at, state, attempts,
                                  response, failure)
    SELECT e.id, 'msg_' || replace(gen_random_uuid()::text, '-', ''), 'order.' || t.event, 'order:' || t.order_id,
           t.id, t.fact_id, t.at, 'queued', 0, '', ''
    FROM told t JOIN webhook_endpoint e
         ON e.is_active AND (e.events @> '"*"' OR e.events @> to_jsonb('order.' || t.event))
    ORDER BY t.id, e.id"""


def queue_webhook(event: str, subject: str, payload: dict[str, Any], at: datetime, fact: int | None) -> None:
    """Queues an event for every endpoint that listens to it; events of one subject reach an endpoint in order.

    `event` is `noun.verb`; `subject` names the record (`product:lamp`); `payload` is the event's data as JSON knows it
    (dates and decimals are written as text). Call it in the transaction that makes the event true.
    """
    run(
        """INSERT INTO webhook_delivery (endpoint_id, webhook_id, event, thread, fact_id, payload, at, state, attempts,
                                         response, failure)
           SELECT e.id, 'msg_' || replace(gen_random_uuid()::text, '-', ''), %s, %s, %s, %s::jsonb, %s, 'queued', 0,
                  '', ''
           FROM webhook_endpoint e WHERE e.is_active AND (e.events @> '"*"' OR e.events @> to_jsonb(%s::text))
           ORDER BY e.id""",
        [event, subject[:140], fact, orjson.dumps(payload, default=str).decode(), at, event],
    )

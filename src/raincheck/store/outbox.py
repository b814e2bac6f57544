"""The outbox: messages queued in the transaction that made them true, each event of a fact once for an order."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from raincheck.store import facts
from raincheck.store.db import columns, run
from raincheck.store.reached import ADDRESS, CHANNEL
from raincheck.store.webhooks import TELL_ENDPOINTS

# Programs that listen are told in the same statement: nothing is true for one and not for the other.
_QUEUE: Final = f"""
    WITH told AS (
        INSERT INTO notice (at, event, order_id, customer_id, fact_id, channel, detail, state, attempts, address,
                            subject, body, failure)
        SELECT %s, v.event, o.id, o.customer_id, %s, {CHANNEL}, v.detail::jsonb,
               CASE WHEN {CHANNEL} <> 'none' THEN 'queued' ELSE 'kept' END, 0, {ADDRESS}, '', '', ''
        FROM unnest(%s::bigint[], %s::text[], %b::text[]) WITH ORDINALITY AS v (order_id, event, detail, nr)
        JOIN sales_order o ON o.id = v.order_id AND o.state <> 'basket' LEFT JOIN customer c ON c.id = o.customer_id
        ORDER BY v.nr
        ON CONFLICT (order_id, event, fact_id) DO NOTHING
        RETURNING id, at, event, order_id, fact_id)
    {TELL_ENDPOINTS}"""  # noqa: S608 - made of constants of ours; values go in as parameters


@dataclass(slots=True)
class Outbox:
    """Collects what one fact gives to tell, and queues it at the end. Details of one event of an order are merged.

    The fact itself goes on record as soon as something refers to it, so that a timer which changes nothing leaves no
    trace.
    """

    at: datetime
    verb: str
    subject: str
    actor: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    _fact: int | None = None
    _events: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)

    @property
    def fact(self) -> int:
        """The fact's id on record."""
        if self._fact is None:
            self._fact = facts.record(self.at, self.verb, self.subject, self.actor, self.detail)
        return self._fact

    def tell(self, order: int, event: str, lines: list[dict[str, Any]], **detail: Any) -> None:
        """Queues an event for an order's customer; further lines of the same event join the message."""
        message = self._events.setdefault((order, event), {"lines": []})
        message["lines"].extend(lines)
        message.update(detail)

    def orders_told(self, event: str) -> list[int]:
        """Orders for which an event is collected and not written yet."""
        return [order for order, collected in self._events if collected == event]

    def flush(self) -> None:
        """Writes what was collected. A customer without an address has channel none: listed, not sent."""
        if not self._events:
            return
        orders, events, details = columns(
            [
                (order, event, orjson.dumps(detail, default=str).decode())
                for (order, event), detail in self._events.items()
            ],
            3,
        )
        run(
            _QUEUE,
            [self.at, self.fact, orders, events, details],
        )
        self._events.clear()

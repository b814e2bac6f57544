"""The backorder queue, in the order in which it will be served."""

from typing import Any

from django.utils import timezone
from ninja import Query, Router

from raincheck.api.answers import Answer, reads
from raincheck.api.cursor import number_in, sealed
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.shapes.queue import QueueAnswer, QueueQuery
from raincheck.core.calendar import Road
from raincheck.store.reads.company import company_settings
from raincheck.store.reads.queue import QueueFilter, QueueRow, queue_rows

router = Router(tags=["Queue"], by_alias=True)
_TIMINGS = {"": "", "true": "late", "false": "not_late"}


@router.get(
    "/backorders",
    auth=ApiKey("queue.view"),
    response=QueueAnswer,
    operation_id="listBackorders",
    summary="The backorder queue",
)
@reads
def show(request: ApiRequest, asked: Query[QueueQuery]) -> Answer:  # noqa: ARG001
    """What waits, in rank order, product by product the order in which it will be served. Pages by cursor."""
    settings = company_settings()
    today = settings.calendar.day_of(timezone.now())
    wanted = QueueFilter(
        sku=asked.sku or "",
        customer=asked.customer or "",
        supplier=asked.supplier or "",
        timing=_TIMINGS[asked.late],
    )
    before = number_in(asked.cursor, "queue")
    rows, after = queue_rows(wanted, today, None if before is None else str(before), asked.limit)
    content = {
        "backorders": [_shown(row, settings.road) for row in rows],
        "next_cursor": None if after is None else sealed("queue", int(after)),
    }
    return Answer(content)


def _shown(row: QueueRow, road: Road) -> dict[str, Any]:
    return {
        "position": row.position,
        "order": row.order_ref,
        "state": row.order_state,
        "customer": row.customer_code or None,
        "sku": row.sku,
        "kit": row.kit or None,
        "supplier": row.supplier_code or None,
        "units": row.units,
        "ships_complete": row.is_complete,
        "joined_at": row.joined_at,
        "promise_on": row.told_on,
        "expected_on": row.expected_on,
        "late": row.is_late,
        "reason": row.reason,
        "pieces": [
            {
                "units": peg.units,
                "from": _source(peg.kind, peg.source),
                "on": None if peg.ships_on is None else road.delivers_on(peg.ships_on),
            }
            for peg in row.pegs
        ],
    }


def _source(kind: str, source: str) -> str:
    if kind == "stock":
        return "on_hand"
    return source if kind == "inbound" else kind

"""Quotes: what an order would get, holding nothing."""

from typing import Any

from ninja import Router

from raincheck.actions.quote import QuotedLine, quote_lines
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import request_of
from raincheck.api.shapes.order import QuoteAnswer, QuoteBody

router = Router(tags=["Orders"], by_alias=True)


@router.post(
    "/quotes",
    auth=ApiKey("order.quote"),
    response=QuoteAnswer,
    operation_id="quote",
    summary="What an order would get",
)
@writes()
def ask(request: ApiRequest, body: QuoteBody) -> Answer:  # noqa: ARG001 - a call takes its request
    """The same outcome as placing the order at this instant. Nothing is held, and nobody has to wait for it."""
    quoted = quote_lines(request_of(body, body.ref or "quote"))
    return Answer({"ref": body.ref, "lines": [_shown(line) for line in quoted]})


def _shown(line: QuotedLine) -> dict[str, Any]:
    row = line.row
    return {
        "sku": line.sku,
        "ordered": row.ordered,
        "reserved": row.reserved,
        "backordered": row.backordered,
        "preordered": row.preordered,
        "refused": row.refused,
        "reason": row.reason,
        "first_promise_on": row.first_promise_on,
        "promise_on": row.promise_on,
        "expected_on": row.expected_on,
        "pieces": [
            {"units": piece.units, "from": piece.source, "on": piece.on, "reason": piece.reason}
            for piece in line.pieces
        ],
        "policy": row.policy,
    }

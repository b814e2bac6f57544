"""What customers and people of the house say of an order: put on record, and read."""

from typing import Any

from ninja import Query, Router

from raincheck.actions.feedback import say_as_customer, say_as_staff
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.cursor import cut, number_in
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import RefInPath
from raincheck.api.problems import NOT_ALLOWED, Problem
from raincheck.api.shapes.feedback import FeedbackAnswer, FeedbackBody, FeedbackListAnswer, FeedbackQuery
from raincheck.store.reads.feedback import FeedbackFilter, FeedbackRow, feedback_rows

router = Router(tags=["Feedback"], by_alias=True)
_SCOPES = {"customer": "feedback.take", "staff": "feedback.give"}


@router.post(
    "/orders/{path:ref}/feedback",
    auth=ApiKey("feedback.take", "feedback.give"),
    response={201: FeedbackAnswer, 200: FeedbackAnswer},
    operation_id="giveFeedback",
    summary="Put on record what somebody says of an order",
)
@writes()
def give(request: ApiRequest, ref: RefInPath, body: FeedbackBody) -> Answer:
    """What a customer says needs the scope feedback.take, what somebody of the house says feedback.give. A customer's
    words replace what they said before, for 30 days; the same once more: 200, and nothing new. A score of 1 or 2, or
    a cause, is a complaint and opens a task. 409 before anything has arrived, and after those days.
    """
    if (scope := _SCOPES[body.by]) not in request.auth.permissions:
        raise Problem(NOT_ALLOWED, f"The key {request.auth.name!r} lacks the scope {scope}.")
    cause, sku, text, actor = body.cause or "", body.sku or "", body.text or "", request.auth.actor
    is_new = True
    if body.by == "customer":
        is_new = say_as_customer(ref, body.score, cause, sku, text, language=body.language or "", actor=actor)
    else:
        say_as_staff("order", ref, text, cause, body.score, actor=actor)
    said = feedback_rows(FeedbackFilter(source=body.by, order_ref=ref), limit=1)[0]
    return Answer(_shown(said), 201 if is_new else 200)


@router.get(
    "/feedback",
    auth=ApiKey("feedback.view"),
    response=FeedbackListAnswer,
    operation_id="listFeedback",
    summary="What customers and the house say",
)
@reads
def show(request: ApiRequest, asked: Query[FeedbackQuery]) -> Answer:  # noqa: ARG001 - a call takes its request
    """What stands, the newest first; what was replaced is left out. Pages by cursor."""
    wanted = FeedbackFilter(
        sku=asked.sku or "",
        supplier=asked.supplier or "",
        cause=asked.cause,
        promise=asked.promise,
        source=asked.by,
        order_ref=asked.order or "",
    )
    found = feedback_rows(wanted, number_in(asked.cursor, "feedback"), asked.limit)
    rows, cursor = cut("feedback", found, asked.limit, lambda row: (row.id,))
    return Answer({"feedback": [_shown(row) for row in rows], "next_cursor": cursor})


def _shown(row: FeedbackRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "by": row.source,
        "order": row.order_ref or None,
        "purchase_order": row.purchase_ref or None,
        "sku": row.sku or None,
        "supplier": row.supplier or None,
        "score": row.score,
        "cause": row.cause or None,
        "text": row.text,
        "language": row.language or None,
        "days_late": row.days_late,
        "changed": row.changed,
    }

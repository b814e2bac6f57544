"""The customer's answer to waiting: wait, cancel, ship what is there, take another product."""

from typing import Annotated

from ninja import Body, Router

from raincheck.actions.answer_order import Answer as CustomerAnswer
from raincheck.actions.answer_order import answer_order
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import RefInPath, known_order, shown_order
from raincheck.api.shapes.answer import AnswerBody
from raincheck.api.shapes.order import OrderAnswer

router = Router(tags=["Orders"], by_alias=True)


@router.post(
    "/orders/{path:ref}/answer",
    auth=ApiKey("order.change"),
    response=OrderAnswer,
    operation_id="answerOrder",
    summary="What the customer answers to waiting",
)
@writes()
def answer(request: ApiRequest, ref: RefInPath, body: Annotated[AnswerBody, Body()]) -> Answer:
    """For the lines that the customer was asked about; for all open ones where none was. 409 where nothing is open, or
    the time ran out meanwhile: a late yes revives nothing.
    """
    others = {one.sku: one.instead for one in body.substitutes or ()}
    answer_order(ref, CustomerAnswer(body.choice, others), actor=request.auth.actor)
    return Answer(shown_order(known_order(ref)))

"""Bounces and complaints, told by whoever carries the mail."""

from ninja import Router

from raincheck.actions.take_bounce import BounceKind, BounceReport, take_bounce
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.shapes.bounce import BounceAnswer, BounceBody

router = Router(tags=["Messages"])


@router.post(
    "/messages/bounces",
    auth=ApiKey("message.report"),
    response=BounceAnswer,
    operation_id="postBounce",
    summary="Report a message that came back",
)
@writes()
def report_bounce(request: ApiRequest, body: BounceBody) -> Answer:
    """A bounced notice is not a notice: another channel is tried, then a person; legal clocks go back.

    What belongs to no message of ours is counted and answered with `unknown`, so that mail services do not repeat it.
    """
    report = BounceReport(BounceKind(body.kind), body.message_id or "", body.address or "", body.reason)
    return Answer({"result": take_bounce(report, request.auth.actor)})

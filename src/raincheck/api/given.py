"""What a person gives by hand: units moved from one order to another, a shortage shared, and both taken back."""

from typing import Annotated, Any

from ninja import Body, Query, Router

from raincheck.actions.looked_at import LookedAt
from raincheck.actions.move_units import Move, move_units, preview_move, revoke_given
from raincheck.actions.rebalance_preview import LineChange
from raincheck.actions.share_shortage import preview_share, revoke_share, share_shortage
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import known_order, shown_order
from raincheck.api.problems import MALFORMED, FieldError, Problem
from raincheck.api.rebalance import shown_change
from raincheck.api.shapes.given import (
    EndSharingBody,
    GivenAnswer,
    MoveBody,
    RevokeMovesBody,
    SharingBody,
    SharingEndedAnswer,
)
from raincheck.api.shapes.order import OrderAnswer
from raincheck.api.shapes.rebalance import RebalanceQuery
from raincheck.api.variants import SkuInPath

router = Router(tags=["Queue"], by_alias=True)
NO_REASON = EndSharingBody()


@router.post(
    "/moves",
    auth=ApiKey("queue.rebalance"),
    response=GivenAnswer,
    operation_id="moveUnits",
    summary="Move units from one order to another",
)
@writes()
def move(request: ApiRequest, body: MoveBody, asked: Query[RebalanceQuery]) -> Answer:
    """With `dry_run=true`: who would win and who would lose; nothing changes. Without: exactly what was previewed, or
    409 if the facts moved meanwhile. The earliest units that one has replace the latest of the other, and stay until
    that is revoked; both timelines show it. 409 also for units in a tote or a parcel, for more than there are, where
    the taker would have them no sooner, for kits, for a line that may not be backordered, and out of a protection.
    """
    wanted = Move(body.from_, body.to, body.sku, body.units, body.reason)
    if asked.dry_run == "true":
        _check_preview(body.preview, body.reason)
        return Answer(_previewed(preview_move(wanted)))
    seen = _seen(body.preview, body.reason)
    return Answer(_applied(seen, move_units(wanted, actor=request.auth.actor, seen=seen)))


@router.post(
    "/moves/revoke",
    auth=ApiKey("queue.rebalance"),
    response=OrderAnswer,
    operation_id="revokeMoves",
    summary="Take back what an order was given by hand",
)
@writes()
def revoke_moves(request: ApiRequest, body: RevokeMovesBody) -> Answer:
    """What persons and rebalances gave to it, and its place by rebalances, end: it is served by its rank again. 409
    where it was given nothing.
    """
    revoke_given(body.order, body.sku, body.reason, actor=request.auth.actor)
    return Answer(shown_order(known_order(body.order)))


@router.post(
    "/products/{path:sku}/sharing",
    auth=ApiKey("queue.rebalance"),
    response=GivenAnswer,
    operation_id="shareShortage",
    summary="Share what there is of a product",
)
@writes()
def share(request: ApiRequest, sku: SkuInPath, body: SharingBody, asked: Query[RebalanceQuery]) -> Answer:
    """Instead of by rank. With `dry_run=true`: who would win and who would lose; nothing changes. Without: exactly what
    was previewed, or 409 if the facts moved meanwhile. It stays so until it is ended. Ship-complete orders, kits and
    what was moved by hand keep what they have. 409 also where nobody waits who could share.
    """
    if asked.dry_run == "true":
        _check_preview(body.preview, body.reason)
        return Answer(_previewed(preview_share(sku, body.how)))
    seen = _seen(body.preview, body.reason)
    return Answer(_applied(seen, share_shortage(sku, body.how, body.reason, actor=request.auth.actor, seen=seen)))


@router.post(
    "/products/{path:sku}/sharing/end",
    auth=ApiKey("queue.rebalance"),
    response=SharingEndedAnswer,
    operation_id="endSharing",
    summary="Give a product back to rank",
)
@writes()
def end_sharing(request: ApiRequest, sku: SkuInPath, body: Annotated[EndSharingBody, Body()] = NO_REASON) -> Answer:
    """What sharings gave of it goes by rank again; what was moved by hand stays. 409 where nothing is shared."""
    revoke_share(sku, body.reason, actor=request.auth.actor)
    return Answer({"sku": sku, "how": "rank"})


def _check_preview(preview: str | None, reason: str) -> None:
    """What is only looked at has no preview and needs no reason. Raises Problem."""
    if preview is not None:
        raise _wrong("preview", "is applied without dry_run")
    if reason:
        raise _wrong("reason", "goes with what is applied: send it with the preview")


def _seen(preview: str | None, reason: str) -> str:
    """What was looked at, and why it is to be done. Raises Problem."""
    if preview is None:
        raise _wrong("preview", "is missing: look with dry_run=true first, then send what it gave")
    if not reason.strip():
        raise _wrong("reason", "is missing: it goes on record")
    return preview


def _wrong(field: str, said: str) -> Problem:
    return Problem(MALFORMED, f"/{field}: {said}.", [FieldError(said, pointer=f"/{field}")])


def _previewed(found: LookedAt) -> dict[str, Any]:
    return {"state": "previewed", "preview": found.digest, **_parts(found.changes)}


def _applied(seen: str, changes: list[LineChange]) -> dict[str, Any]:
    return {"state": "applied", "preview": seen, **_parts(changes)}


def _parts(changes: list[LineChange]) -> dict[str, Any]:
    return {
        "winners": [shown_change(change) for change in changes if change.verdict == "wins"],
        "losers": [shown_change(change) for change in changes if change.verdict == "loses"],
    }

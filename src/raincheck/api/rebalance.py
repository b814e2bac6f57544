"""Rebalances: previewed, then applied exactly as previewed."""

from typing import Any

from ninja import Query, Router

from raincheck.actions.rebalance_preview import LineChange, Preview, commit, preview
from raincheck.actions.rebalance_request import OPTIONS
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.problems import MALFORMED, FieldError, Problem
from raincheck.api.shapes.rebalance import RebalanceAnswer, RebalanceBody, RebalanceQuery, SegmentBody
from raincheck.core.strategy import Request, Segment, Strategy

router = Router(tags=["Queue"], by_alias=True)


@router.post(
    "/rebalance",
    auth=ApiKey("queue.rebalance"),
    response=RebalanceAnswer,
    operation_id="rebalance",
    summary="Give supply out anew",
)
@writes()
def rebalance(request: ApiRequest, body: RebalanceBody, asked: Query[RebalanceQuery]) -> Answer:
    """With `dry_run=true`: who would win and who would lose, under an id; nothing changes. Without: applies exactly the
    preview of that id, or 409 if the facts moved meanwhile, naming the products.
    """
    actor = request.auth.actor
    if asked.dry_run == "true":
        return Answer(_shown(preview(_request(body), actor=actor)))
    if body.preview is None:
        raise _wrong("preview", "is missing: preview with dry_run=true first, then send its id")
    for name in ("segments", "exceptions", "fallback", *OPTIONS):
        if getattr(body, name) is not None:
            raise _wrong(name, "is what the preview says already: send the preview alone")
    return Answer(_shown(commit(body.preview, actor=actor)))


def _request(body: RebalanceBody) -> Request:
    if body.preview is not None:
        raise _wrong("preview", "is applied without dry_run")
    if body.segments is None:
        raise _wrong("segments", "is missing")
    return Request(
        segments=_segments(body.segments),
        exceptions=body.exceptions or "stop_all",
        fallback=None if body.fallback is None else _segments(body.fallback.segments),
        **{name: getattr(body, name) or 0 for name in OPTIONS},
    )


def _segments(segments: list[SegmentBody]) -> tuple[Segment, ...]:
    return tuple(
        Segment(segment.when.model_dump(exclude_none=True), Strategy(segment.strategy)) for segment in segments
    )


def _wrong(field: str, said: str) -> Problem:
    return Problem(MALFORMED, f"/{field}: {said}.", [FieldError(said, pointer=f"/{field}")])


def _shown(found: Preview) -> dict[str, Any]:
    return {
        "id": found.ref,
        "state": "previewed" if found.committed_at is None else "applied",
        "previewed_at": found.previewed_at,
        "applied_at": found.committed_at,
        "touched_lines": found.touched_lines,
        "winners": [shown_change(change) for change in found.winners],
        "losers": [shown_change(change) for change in found.losers],
        "stopped": found.stopped,
    }


def shown_change(change: LineChange) -> dict[str, Any]:
    """A line that wins or loses as it is answered (`RebalanceChange`)."""
    return {
        "order": change.order,
        "sku": change.sku,
        "customer": change.customer,
        "strategy": change.strategy,
        "open_units": change.open_units,
        "had_units": change.had_units,
        "has_units": change.has_units,
        "had_on": change.had_on,
        "has_on": change.has_on,
    }

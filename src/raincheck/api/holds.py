"""Holds: a basket's stock set aside while the shopper pays."""

from typing import Annotated, Any
from urllib.parse import quote as quoted

from ninja import Path, Router

from raincheck.actions.hold_basket import hold_basket, let_go
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import request_of, shown_line
from raincheck.api.problems import NOT_FOUND, Problem
from raincheck.api.shapes.fields import Ref
from raincheck.api.shapes.holds import HoldAnswer, HoldBody
from raincheck.store.reads.holds import Hold, hold_named
from raincheck.store.reads.order_outcome import basket_outcome

router = Router(tags=["Orders"], by_alias=True)
RefInPath = Annotated[Ref, Path(description="The hold's reference.")]


@router.post(
    "/holds",
    auth=ApiKey("order.place"),
    response={201: HoldAnswer, 200: HoldAnswer},
    operation_id="holdBasket",
    summary="Hold a basket for a while",
)
@writes(location=lambda body: f"/holds/{quoted(body.ref, safe='')}")
def hold(request: ApiRequest, body: HoldBody) -> Answer:
    """Sets aside what an order would get, until it expires. Nobody who waits loses anything by it. The same `ref` with
    the same content: 200 and the hold as it is. 409 with other content, or where nothing of the basket can be had.
    """
    held = hold_basket(request_of(body, body.ref), body.minutes, actor=request.auth.actor)
    return Answer(_shown(held.hold), 201 if held.is_new else 200)


@router.get(
    "/holds/{path:ref}",
    auth=ApiKey("order.place"),
    response=HoldAnswer,
    operation_id="getHold",
    summary="A hold as it is now",
)
@reads
def show(request: ApiRequest, ref: RefInPath) -> Answer:
    """What it holds, until when, or what became of it. To every other key it does not exist."""
    found = hold_named(ref)
    if found is None or found.actor != request.auth.actor:
        raise Problem(NOT_FOUND, f"Hold {ref!r} does not exist.")
    return Answer(_shown(found))


@router.delete(
    "/holds/{path:ref}",
    auth=ApiKey("order.place"),
    response=HoldAnswer,
    operation_id="letGo",
    summary="Let a hold go",
)
@writes()
def release(request: ApiRequest, ref: RefInPath) -> Answer:
    """What it held goes to whoever is next. One that has ended already stays as it is: no error."""
    return Answer(_shown(let_go(ref, actor=request.auth.actor)))


def _shown(found: Hold) -> dict[str, Any]:
    basket = basket_outcome(found.order) if found.order is not None else None
    return {
        "ref": found.ref,
        "state": found.state,
        "made_at": found.made_at,
        "expires_at": found.expires_at,
        "order": found.order_ref or None,
        "lines": [shown_line(line) for line in basket.lines] if basket else [],
    }

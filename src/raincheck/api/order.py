"""Orders: placed, shown, explained, changed, cancelled."""

from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote as quoted

from django.db import transaction
from ninja import Body, Path, Router

from raincheck.actions.cancel_order import BY_CUSTOMER, BY_SELLER, cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.hold_basket import place_held
from raincheck.actions.hold_order import hold_order, release_order
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import OrderRequest
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.lines import asked_lines, units_by_sku
from raincheck.api.problems import MALFORMED, NOT_ALLOWED, NOT_FOUND, FieldError, Problem
from raincheck.api.shapes.explain import ExplainAnswer
from raincheck.api.shapes.fields import Ref
from raincheck.api.shapes.order import CancelBody, ChangeBody, OrderAnswer, OrderBody, QuoteBody, WholeOrderAnswer
from raincheck.store.reads.company_day import company_today
from raincheck.store.reads.explain import explain
from raincheck.store.reads.order_outcome import LineOutcome, OrderOutcome, ParcelOutcome, order_outcome

router = Router(tags=["Orders"], by_alias=True)
EVERYTHING = CancelBody()
RefInPath = Annotated[Ref, Path(description="The order's reference.")]


@router.post(
    "/orders",
    auth=ApiKey("order.place"),
    response={201: OrderAnswer, 200: OrderAnswer},
    operation_id="placeOrder",
    summary="Place an order",
)
@writes(location=lambda body: f"/orders/{quoted(body.ref, safe='')}")
def place(request: ApiRequest, body: OrderBody) -> Answer:
    """Reserves what there is, backorders the rest with a date where there is one, refuses what may not be backordered.

    201 with each line's outcome, also where all of it is refused (`state` says so). The same `ref` again with the same
    content: 200 and the order as it is now. With other content: 409. With a `hold` the order takes over what it holds;
    409 where it has expired or was taken already.
    """
    asked, actor = request_of(body, body.ref), request.auth.actor
    placed = place_order(asked, actor=actor) if body.hold is None else place_held(asked, body.hold, actor=actor)
    return Answer(shown_order(placed.outcome or known_order(body.ref)), 201 if placed.is_new else 200)


@router.get(
    "/orders/{path:ref}/explain",
    auth=ApiKey("order.view"),
    response=ExplainAnswer,
    operation_id="explainOrder",
    summary="Why each line is where it is",
)
@reads
def show_explanation(request: ApiRequest, ref: RefInPath) -> Answer:  # noqa: ARG001 - a call takes its request
    """The supply each line is tied to, the dates told so far and why, who is ahead, and which rules won over which."""
    explained = explain(ref, company_today())
    if explained is None:
        raise _unknown(ref)
    return Answer(explained)


@router.post(
    "/orders/{path:ref}/cancel",
    auth=ApiKey("order.cancel"),
    response=OrderAnswer,
    operation_id="cancelOrder",
    summary="Cancel an order, or units of it",
)
@writes()
def cancel(request: ApiRequest, ref: RefInPath, body: Annotated[CancelBody, Body()] = EVERYTHING) -> Answer:
    """Without a body: all that is open. Units on the floor are asked back first: `state` is then cancel_requested until
    the floor confirms. 409 if fewer units are open than are to be cancelled, for instance because they have shipped.
    """
    reason = BY_SELLER if body.by == "seller" else BY_CUSTOMER
    cancel_order(ref, units_by_sku(body.lines) if body.lines else None, actor=request.auth.actor, reason=reason)
    return Answer(shown_order(known_order(ref)))


@router.get(
    "/orders/{path:ref}",
    auth=ApiKey("order.view"),
    response=WholeOrderAnswer,
    operation_id="getOrder",
    summary="An order as it is now",
)
@reads
def show(request: ApiRequest, ref: RefInPath) -> Answer:  # noqa: ARG001
    """Its lines with their dates and pieces, its parcels, what was charged and given back."""
    order = known_order(ref)
    return Answer(
        {
            **shown_order(order),
            "captured": order.captured,
            "refunded": order.refunded,
            "shipments": [_shown_parcel(parcel) for parcel in order.parcels],
        }
    )


@router.patch(
    "/orders/{path:ref}",
    auth=ApiKey("order.change", "order.hold"),
    response=OrderAnswer,
    operation_id="changeOrder",
    summary="Change quantities, hold, release",
)
@writes()
def change(request: ApiRequest, ref: RefInPath, body: ChangeBody) -> Answer:
    """Raised units stand at the end of the queue, lowered ones keep their place. `lines` needs the scope order.change,
    `held` the scope order.hold. An order that is held (or not) already stays so: no error.
    """
    if body.lines is None and body.held is None:
        raise Problem(MALFORMED, "Nothing is to be changed.", [FieldError("needs lines or held", pointer="")])
    for given, scope in ((body.lines, "order.change"), (body.held, "order.hold")):
        if given is not None and scope not in request.auth.permissions:
            raise Problem(NOT_ALLOWED, f"The key {request.auth.name!r} lacks the scope {scope}.")
    with transaction.atomic():
        if body.lines is not None:
            _check_named_once(body)
            change_order(ref, units_by_sku(body.lines), actor=request.auth.actor)
        if body.held is not None and (known_order(ref).state == "held") != body.held:
            (hold_order if body.held else release_order)(ref, actor=request.auth.actor)
    return Answer(shown_order(known_order(ref)))


def request_of(body: OrderBody | QuoteBody, ref: str) -> OrderRequest:
    """A body as the actions take it."""
    return OrderRequest(
        ref=ref,
        lines=asked_lines(body.lines),
        customer=body.customer,
        channel=body.channel or "",
        country=body.country or "",
        postcode=body.postcode or "",
        ship=body.ship,
        wanted_on=body.wanted_on,
        **(_only_of_orders(body) if isinstance(body, OrderBody) else {}),
    )


def _only_of_orders(body: OrderBody) -> dict[str, Any]:
    return {
        "seller_credit": body.seller_credit,
        "shipping_fee": body.shipping_fee or Decimal(0),
        "tax": body.tax or Decimal(0),
        "card": body.payment.card if body.payment else "",
        "sold_by": body.sold_by or "",
    }


def shown_order(order: OrderOutcome) -> dict[str, Any]:
    """An order as it is answered (`OrderAnswer`)."""
    return {
        "ref": order.ref,
        "state": order.state,
        "customer": order.customer,
        "channel": order.channel,
        "country": order.country,
        "postcode": order.postcode,
        "placed_at": order.placed_at,
        "wanted_on": order.wanted_on,
        "lines": [shown_line(line) for line in order.lines],
    }


def shown_line(line: LineOutcome) -> dict[str, Any]:
    """A line as it is answered (`OrderLine`; of it `Outcome`)."""
    return {
        "sku": line.sku,
        "unit_price": line.unit_price,
        "ordered": line.ordered,
        "reserved": line.reserved,
        "backordered": line.backordered,
        "preordered": line.preordered,
        "shipped": line.shipped,
        "cancelled": line.cancelled,
        "refused": line.refused,
        "returned": line.returned,
        "cancel_requested": line.cancel_requested,
        "ship": line.ship,
        "reason": line.reason,
        "first_promise_on": line.first_promise_on,
        "promise_on": line.promise_on,
        "expected_on": line.expected_on,
        "pieces": [
            {"units": piece.units, "from": piece.source, "on": piece.on, "reason": piece.reason}
            for piece in line.pieces
        ],
    }


def _shown_parcel(parcel: ParcelOutcome) -> dict[str, Any]:
    return {
        "id": parcel.id,
        "site": parcel.site,
        "state": parcel.state,
        "created_at": parcel.created_at,
        "ships_at": parcel.ships_at,
        "shipped_at": parcel.shipped_at,
        "delivers_at": parcel.delivers_at,
        "delivered_at": parcel.delivered_at,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "lines": [{"sku": line.sku, "units": line.units} for line in parcel.lines],
    }


def known_order(ref: str) -> OrderOutcome:
    """An order as it is now. Raises a 404 problem."""
    order = order_outcome(ref)
    if order is None:
        raise _unknown(ref)
    return order


def _unknown(ref: str) -> Problem:
    return Problem(NOT_FOUND, f"Order {ref!r} does not exist.")


def _check_named_once(body: ChangeBody) -> None:
    """New quantities do not add up: a product named twice would have two."""
    seen: set[str] = set()
    for number, line in enumerate(body.lines or ()):
        if line.sku in seen:
            said = f"names {line.sku!r} again"
            raise Problem(MALFORMED, f"/lines/{number}: {said}.", [FieldError(said, pointer=f"/lines/{number}/sku")])
        seen.add(line.sku)

"""Another product offered for units that wait."""

from typing import Any

from ninja import Router

from raincheck.actions.offer_substitute import offer_substitute
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import RefInPath, known_order
from raincheck.api.shapes.offers import OfferBody, OffersAnswer
from raincheck.store.reads.offers import offers_of

router = Router(tags=["Orders"], by_alias=True)


@router.post(
    "/orders/{path:ref}/offers",
    auth=ApiKey("order.change"),
    response=OffersAnswer,
    operation_id="offerSubstitute",
    summary="Offer a substitute for units that wait",
)
@writes()
def offer(request: ApiRequest, ref: RefInPath, body: OfferBody) -> Answer:
    """The customer is told. The line keeps its units, its place and its price until they answer
    (`POST /orders/{ref}/answer`) or the offer runs out. 409 where nothing of the line waits.
    """
    offer_substitute(ref, body.sku, body.instead, body.hours, actor=request.auth.actor)
    return Answer(_shown(ref))


@router.get(
    "/orders/{path:ref}/offers",
    auth=ApiKey("order.view"),
    response=OffersAnswer,
    operation_id="listOffers",
    summary="Which substitutes were offered",
)
@reads
def show(request: ApiRequest, ref: RefInPath) -> Answer:  # noqa: ARG001 - a call takes its request
    """The offers made for an order's lines, and what became of them."""
    known_order(ref)
    return Answer(_shown(ref))


def _shown(ref: str) -> dict[str, Any]:
    offers = [
        {
            "sku": one.sku,
            "instead": one.instead,
            "instead_name": one.instead_name,
            "units": one.units,
            "unit_price": one.unit_price,
            "offered_at": one.offered_at,
            "expires_at": one.expires_at,
            "state": one.state,
        }
        for one in offers_of(ref)
    ]
    return {"ref": ref, "offers": offers}

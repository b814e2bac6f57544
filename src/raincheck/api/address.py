"""Where an order goes: shown, and changed for what has not left."""

from dataclasses import asdict
from typing import Annotated, Any, Final

from ninja import Body, Router

from raincheck.actions.change_address import UndeliverableAddress, change_address
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import RefInPath, known_order
from raincheck.api.problems import MALFORMED, FieldError, Problem
from raincheck.api.shapes.address import AddressAnswer, AddressBody
from raincheck.store.ship_to import Address, read_address

router = Router(tags=["Orders"], by_alias=True)
FAULTS: Final = {
    "required": "is needed in this country",
    "invalid": "does not fit the rest of the address",
    "too_long": "is too long",
}


@router.get(
    "/orders/{path:ref}/address",
    auth=ApiKey("order.view"),
    response=AddressAnswer,
    operation_id="getAddress",
    summary="Where an order goes",
)
@reads
def show(request: ApiRequest, ref: RefInPath) -> Answer:  # noqa: ARG001 - a call takes its request
    """The address on record: of an order that came with a country and a postcode alone, no more than these."""
    return Answer(_shown(ref))


@router.post(
    "/orders/{path:ref}/address",
    auth=ApiKey("order.change"),
    response=AddressAnswer,
    operation_id="changeAddress",
    summary="Send what has not left to another address",
)
@writes()
def change(request: ApiRequest, ref: RefInPath, body: Annotated[AddressBody, Body()]) -> Answer:
    """The place in the queue and the dates told stay; which site serves it follows country and postcode. 409 where
    everything has left or ended, or the floor has it in one parcel with another order.
    """
    given = {name: value or "" for name, value in body.model_dump().items()}
    try:
        change_address(ref, Address(**given), actor=request.auth.actor)
    except UndeliverableAddress as wrong:
        errors = [FieldError(FAULTS[fault], pointer=f"/{field}") for field, fault in sorted(wrong.faults.items())]
        raise Problem(MALFORMED, "The address cannot be delivered to.", errors) from wrong
    return Answer(_shown(ref))


def _shown(ref: str) -> dict[str, Any]:
    return asdict(read_address(known_order(ref).id))

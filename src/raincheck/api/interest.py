""" "Tell me when it is back": who wants to hear of a product."""

from typing import Annotated
from urllib.parse import quote as quoted

from ninja import Path, Router

from raincheck.actions.note_interest import note_interest
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.problems import NOT_FOUND, Problem
from raincheck.api.shapes.fields import Sku
from raincheck.api.shapes.interest import InterestAnswer, InterestBody, WaitingAnswer
from raincheck.store.reads.interest import waiting_for

router = Router(tags=["Availability"])
SkuInPath = Annotated[Sku, Path(description="The product's SKU.")]


@router.post(
    "/products/{path:sku}/interest",
    auth=ApiKey("interest.note"),
    response={201: InterestAnswer, 200: InterestAnswer},
    operation_id="noteInterest",
    summary="Tell somebody when it is back",
)
@writes(location=lambda sku, body: f"/products/{quoted(sku, safe='')}/interest")  # noqa: ARG005 - the call's arguments
def note(request: ApiRequest, sku: SkuInPath, body: InterestBody) -> Answer:  # noqa: ARG001 - a call takes its request
    """They are written to once, when units are free for everybody: as many people as there are units, in the order in
    which they asked. The same address again: 200, and `units` are the new ones. Every mail has a link to end it.
    """
    noted = note_interest(sku, body.email, body.units, body.language)
    answer = {"sku": sku, "units": noted.interest.units, "state": noted.interest.state}
    return Answer(answer, 201 if noted.is_new else 200)


@router.get(
    "/products/{path:sku}/interest",
    auth=ApiKey("product.view"),
    response=WaitingAnswer,
    operation_id="countInterest",
    summary="How many wait for a product",
)
@reads
def count(request: ApiRequest, sku: SkuInPath) -> Answer:  # noqa: ARG001
    """People and units: demand that found no stock and is in no order."""
    found = waiting_for(sku)
    if found is None:
        raise Problem(NOT_FOUND, f"Product {sku!r} does not exist.")
    return Answer(found)

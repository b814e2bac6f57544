"""Availability: what a shop shows beside a product."""

from typing import Annotated

from ninja import Path, Query, Router

from raincheck.api.answers import Answer, reads
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.problems import NOT_FOUND, Problem
from raincheck.api.shapes.availability import AvailabilityAnswer, AvailabilityList, AvailabilityQuery, BuyerQuery
from raincheck.api.shapes.fields import Sku
from raincheck.store.reads.availability import availability

router = Router(tags=["Availability"])


@router.get(
    "/products/{path:sku}/availability",
    auth=ApiKey("product.view"),
    response=AvailabilityAnswer,
    operation_id="getAvailability",
    summary="What there is of a product, and when",
)
@reads
def show(
    request: ApiRequest,  # noqa: ARG001 - a call takes its request
    sku: Annotated[Sku, Path(description="The product's SKU.")],
    buyer: Query[BuyerQuery],
) -> Answer:
    """On hand, available to promise by date, whether an order would be served, wait or be refused, the next date."""
    found = availability([sku], buyer.customer, buyer.channel)
    if not found:
        raise Problem(NOT_FOUND, f"Product {sku!r} does not exist.")
    return Answer(found[0])


@router.get(
    "/availability",
    auth=ApiKey("product.view"),
    response=AvailabilityList,
    operation_id="listAvailability",
    summary="What there is of many products",
)
@reads
def show_many(request: ApiRequest, asked: Query[AvailabilityQuery]) -> Answer:  # noqa: ARG001
    """The same for up to 200 products in one call: `?sku=lamp&sku=torch`."""
    skus = list(dict.fromkeys(asked.sku))
    found = availability(skus, asked.customer, asked.channel)
    known = {product["sku"] for product in found}
    unknown = [sku for sku in skus if sku not in known]
    return Answer({"products": found, "unknown": unknown})

"""Variants of a style, and what may stand in for a product that cannot be had."""

from typing import Annotated

from ninja import Path, Router

from raincheck.actions.name_substitutes import name_substitutes
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.problems import NOT_FOUND, Problem
from raincheck.api.shapes.fields import Sku
from raincheck.api.shapes.variants import SubstitutesAnswer, SubstitutesBody, VariantsAnswer
from raincheck.store.reads.substitutes import named_substitutes, substitutes_for
from raincheck.store.reads.variants import variant_matrix

router = Router(tags=["Availability"])
SkuInPath = Annotated[Sku, Path(description="The product's SKU.")]


@router.get(
    "/products/{path:sku}/variants",
    auth=ApiKey("product.view"),
    response=VariantsAnswer,
    operation_id="listVariants",
    summary="The sizes and colours of a product's style",
)
@reads
def variants(request: ApiRequest, sku: SkuInPath) -> Answer:  # noqa: ARG001 - a call takes its request
    """All products of its style, itself included, each with what there is of it: one call for the whole table."""
    matrix = variant_matrix(sku)
    if matrix is None:
        raise Problem(NOT_FOUND, f"Product {sku!r} does not exist.")
    return Answer(
        {"style": matrix.style, "sizes": matrix.sizes, "colours": matrix.colours, "variants": list(matrix.cells)}
    )


@router.get(
    "/products/{path:sku}/substitutes",
    auth=ApiKey("product.view"),
    response=SubstitutesAnswer,
    operation_id="listSubstitutes",
    summary="What can be had sooner instead",
)
@reads
def substitutes(request: ApiRequest, sku: SkuInPath) -> Answer:  # noqa: ARG001
    """Products named for it and its nearest variants, as far as they can be had sooner than the product itself."""
    return Answer(_shown(sku))


@router.post(
    "/products/{path:sku}/substitutes",
    auth=ApiKey("product.change"),
    response=SubstitutesAnswer,
    operation_id="nameSubstitutes",
    summary="Say what may stand in for a product",
)
@writes()
def name(request: ApiRequest, sku: SkuInPath, body: SubstitutesBody) -> Answer:
    """The list as a whole: what is not in it is no named substitute any more. Kits have none and are none."""
    name_substitutes(sku, body.named, actor=request.auth.actor)
    return Answer(_shown(sku))


def _shown(sku: str) -> dict[str, object]:
    if variant_matrix(sku) is None:
        raise Problem(NOT_FOUND, f"Product {sku!r} does not exist.")
    named = [one.sku for one in named_substitutes(sku)]
    return {"sku": sku, "named": named, "substitutes": list(substitutes_for(sku))}

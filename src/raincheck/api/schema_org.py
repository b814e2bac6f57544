"""What search engines read on a shop's pages: schema.org as JSON-LD."""

from typing import Annotated

from ninja import Path, Query, Router

from raincheck.api.answers import Answer, reads
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.problems import NOT_FOUND, Problem
from raincheck.api.shapes.fields import Sku
from raincheck.api.shapes.schema_org import SchemaOrgAnswer, SchemaOrgQuery, SnippetAnswer
from raincheck.gateways import schema_org
from raincheck.gateways.merchant_feed import Pages
from raincheck.store.reads.shop import shop_settings
from raincheck.store.reads.shop_products import shop_facts, shop_product, shop_style

router = Router(tags=["Availability"], by_alias=True)
SkuInPath = Annotated[Sku, Path(description="The product's SKU.")]


@router.get(
    "/products/{path:sku}/schema.org",
    auth=ApiKey("product.view"),
    response=SchemaOrgAnswer,
    operation_id="describeProduct",
    summary="A product as schema.org describes it",
    exclude_none=True,
)
@reads
def show(request: ApiRequest, sku: SkuInPath, asked: Query[SchemaOrgQuery]) -> Answer:  # noqa: ARG001 - a call takes its request
    """Price, availability (InStock, BackOrder, PreOrder, OutOfStock), from which day on (`availabilityStarts`: the day
    of sending), and how many could go now. With `group=true` all sizes and colours of its style.
    """
    return Answer(_described(sku, is_group=asked.group))


@router.get(
    "/products/{path:sku}/schema.org/snippet",
    auth=ApiKey("product.view"),
    response=SnippetAnswer,
    operation_id="describeProductInHtml",
    summary="The same as an element of a page",
)
@reads
def snippet(request: ApiRequest, sku: SkuInPath, asked: Query[SchemaOrgQuery]) -> Answer:  # noqa: ARG001
    """Put it anywhere into the product's page."""
    return Answer({"html": schema_org.snippet(_described(sku, is_group=asked.group))})


def _described(sku: str, *, is_group: bool) -> schema_org.JsonLd:
    found = shop_product(sku)
    if found is None:
        raise Problem(NOT_FOUND, f"Product {sku!r} does not exist.")
    shop, set_up = shop_facts(), shop_settings()
    pages = Pages(set_up.product_url, set_up.image_url)
    if is_group and found.style:
        return schema_org.group(found.style, shop_style(found.style), shop, pages)
    return schema_org.product(found, shop, pages)

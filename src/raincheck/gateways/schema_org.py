"""Products as schema.org describes them (JSON-LD), for the shop's own pages.

Source: schema.org Product, ProductGroup, Offer, ItemAvailability; Google Search Central, "Merchant listing" and
"Product variants". An offer of a product without a price is left out: schema.org has no price that is not known.
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

import orjson

from raincheck.gateways.merchant_feed import Pages
from raincheck.gateways.shop_links import link, price, valid_gtin
from raincheck.store.reads.shop_products import ShopFacts, ShopProduct

CONTEXT: Final = "https://schema.org/"
_AVAILABILITY: Final = {
    "in_stock": "InStock",
    "backorder": "BackOrder",
    "preorder": "PreOrder",
    "out_of_stock": "OutOfStock",
}

JsonLd = dict[str, Any]


def product(found: ShopProduct, shop: ShopFacts, pages: Pages) -> JsonLd:
    """A Product with its Offer; of a style, it says which group it belongs to."""
    described = {"@context": CONTEXT, **_product(found, shop, pages)}
    if found.style:
        described["isVariantOf"] = {"@type": "ProductGroup", "productGroupID": found.style}
    return described


def group(style: str, variants: Sequence[ShopProduct], shop: ShopFacts, pages: Pages) -> JsonLd:
    """A ProductGroup with all its variants."""
    varies = [word for word, seen in (("size", {v.size for v in variants}), ("color", {v.colour for v in variants}))
              if len(seen) > 1]  # fmt: skip
    return {
        "@context": CONTEXT,
        "@type": "ProductGroup",
        "productGroupID": style,
        "name": variants[0].name,
        **({"variesBy": [f"https://schema.org/{word}" for word in varies]} if varies else {}),
        "hasVariant": [_product(variant, shop, pages) for variant in variants],
    }


def snippet(described: JsonLd) -> str:
    """The same as an element to put into a page. No text in it can end the element early."""
    text = orjson.dumps(described).decode()
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/ld+json">{safe}</script>'


def _product(found: ShopProduct, shop: ShopFacts, pages: Pages) -> JsonLd:
    gtin, url = valid_gtin(found.gtin), link(pages.product_url, found.sku)
    said = {
        "sku": found.sku,
        "name": found.name,
        "category": found.category,
        "gtin": gtin,
        "size": found.size,
        "color": found.colour,
        "url": url,
        "image": link(pages.image_url, found.sku),
    }
    described: JsonLd = {"@type": "Product", **{name: text for name, text in said.items() if text}}
    if found.price is not None:
        described["offers"] = _offer(found, shop, url)
    return described


def _offer(found: ShopProduct, shop: ShopFacts, url: str) -> JsonLd:
    offer: JsonLd = {
        "@type": "Offer",
        "price": price(found.price, found.currency) if found.price is not None else "",
        "priceCurrency": found.currency,
        "availability": f"https://schema.org/{_AVAILABILITY[found.status]}",
        "itemCondition": "https://schema.org/NewCondition",
        "inventoryLevel": {"@type": "QuantitativeValue", "value": found.units_now},
    }
    if url:
        offer["url"] = url
    if found.status in ("backorder", "preorder") and found.ships_on is not None:
        # schema.org's DateTime is XML Schema's, with seconds and a colon in the offset.
        offer["availabilityStarts"] = datetime.combine(found.ships_on, time(), shop.zone).isoformat()
    return offer

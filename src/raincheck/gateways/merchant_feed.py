"""Google Merchant's product feed: RSS 2.0 with Google's namespace, or tab-separated text. Written piece by piece.

Source: Merchant Center Help, "Product data specification"; "Availability date": required for `preorder` and
`backorder`, ISO 8601 with a zone, at most a year ahead; "RSS 2.0 specification". What cannot be said by these rules is
said as `out_of_stock`: a backorder without a date, or with one more than a year ahead.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from xml.sax.saxutils import escape

from raincheck.gateways.shop_links import instant, link, price, valid_gtin
from raincheck.store.reads.shop_products import ShopFacts, ShopProduct

FIELDS: Final = (
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "availability",
    "availability_date",
    "price",
    "gtin",
    "identifier_exists",
    "condition",
    "product_type",
    "item_group_id",
    "color",
    "size",
)
LONGEST: Final = {
    "id": 50,
    "title": 150,
    "description": 5000,
    "product_type": 750,
    "item_group_id": 50,
    "color": 100,
    "size": 100,
}
FARTHEST: Final = timedelta(days=365)
NAMESPACE: Final = "http://base.google.com/ns/1.0"
_CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the shop shows a product and its picture; `{sku}` stands for the SKU."""

    product_url: str
    image_url: str = ""


def items(products: Iterable[ShopProduct], shop: ShopFacts, pages: Pages) -> Iterator[dict[str, str]]:
    """The attributes of each product that has a price; a product without one is sold by nobody's feed."""
    for product in products:
        if product.price is not None and len(product.sku) <= LONGEST["id"]:
            yield _item(product, shop, pages)


def as_xml(found: Iterable[Mapping[str, str]], shop: ShopFacts, pages: Pages) -> Iterator[bytes]:
    """The feed as RSS 2.0, some products at a time."""
    home = escape(pages.product_url.replace("{sku}", ""))
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:g="{NAMESPACE}" version="2.0">\n<channel>\n'
        f"<title>{escape(_plain(shop.name))}</title>\n<link>{home}</link>\n"
        f"<description>{escape(_plain(shop.name))}</description>\n"
    ).encode()
    for chunk in _chunks(found):
        yield "".join(_xml_item(item) for item in chunk).encode()
    yield b"</channel>\n</rss>\n"


def as_tsv(found: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """The feed as tab-separated text with a header."""
    yield ("\t".join(FIELDS) + "\n").encode()
    for chunk in _chunks(found):
        yield "".join("\t".join(_quoted(item.get(field, "")) for field in FIELDS) + "\n" for item in chunk).encode()


def _item(product: ShopProduct, shop: ShopFacts, pages: Pages) -> dict[str, str]:
    availability, day = _availability(product, shop)
    gtin = valid_gtin(product.gtin)
    said = {
        "id": product.sku,
        "title": " ".join(filter(None, (product.name, product.colour, product.size))),
        "description": product.name,
        "link": link(pages.product_url, product.sku),
        "image_link": link(pages.image_url, product.sku),
        "availability": availability,
        "availability_date": day,
        "price": f"{price(product.price, product.currency)} {product.currency}" if product.price is not None else "",
        "gtin": gtin,
        "identifier_exists": "" if gtin else "no",
        "condition": "new",
        "product_type": product.category,
        "item_group_id": product.style,
        "color": product.colour,
        "size": product.size,
    }
    return {name: _cut(name, _plain(text)) for name, text in said.items() if text}


def _availability(product: ShopProduct, shop: ShopFacts) -> tuple[str, str]:
    """Google's word, and the date that goes with it."""
    if product.status in ("in_stock", "out_of_stock"):
        return product.status, ""
    if product.ships_on is None or product.ships_on > shop.today + FARTHEST:
        return "out_of_stock", ""
    return product.status, instant(product.ships_on, shop.zone)


def _xml_item(item: Mapping[str, str]) -> str:
    inner = "".join(f"<g:{field}>{escape(item[field])}</g:{field}>" for field in FIELDS if field in item)
    return f"<item>{inner}</item>\n"


def _quoted(text: str) -> str:
    """Text with a quotation mark in quotation marks: one that begins with it would take in what follows.

    Source: Merchant Center Help, "Quoted attributes".
    """
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def _plain(text: str) -> str:
    """Text on one line, without signs that neither XML 1.0 nor a tab-separated line can hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _cut(field: str, text: str) -> str:
    return text[: LONGEST.get(field, 2000)]


def _chunks(found: Iterable[Mapping[str, str]]) -> Iterator[list[Mapping[str, str]]]:
    chunk: list[Mapping[str, str]] = []
    for item in found:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk

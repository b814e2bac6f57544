"""Products, sites, suppliers and customers: found by their codes, inserted and changed by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from raincheck.core.errors import NotFound
from raincheck.store.db import row, rows


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """What an order line takes from its product."""

    id: int
    sku: str
    name: str
    backorder: str
    backorder_limit: int | None
    category: str
    criticality: str
    is_kit: bool
    price: Decimal | None
    available_from: date | None


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """What an order takes from its customer."""

    id: int
    code: str
    tier: str
    country: str
    postcode: str


def find_products(skus: Iterable[str]) -> dict[str, ProductTerms]:
    """Products by SKU. Raises NotFound, naming the first that does not exist."""
    wanted = list(skus)
    found = rows(
        """SELECT id, sku, name, backorder, backorder_limit, category, criticality,
                  EXISTS (SELECT 1 FROM kit_part WHERE kit_id = product.id), price, available_from
           FROM product WHERE sku = ANY(%s)""",
        [wanted],
    )
    products = {values[1]: ProductTerms(*values) for values in found}
    for sku in wanted:
        if sku not in products:
            raise NotFound(f"product {sku!r} does not exist", "product", sku)
    return products


def find_customer(code: str) -> CustomerTerms:
    """A customer by code. Raises NotFound."""
    found = row("SELECT id, code, tier, country, postcode FROM customer WHERE code = %s", [code])
    if found is None:
        raise NotFound(f"customer {code!r} does not exist", "customer", code)
    return CustomerTerms(*found)


def find_site(code: str) -> int:
    """A site's row. Raises NotFound."""
    found = row("SELECT id FROM site WHERE code = %s", [code])
    if found is None:
        raise NotFound(f"site {code!r} does not exist", "site", code)
    return int(found[0])


def find_sites(codes: Iterable[str]) -> list[int]:
    """The rows of sites that exist."""
    return [id_ for (id_,) in rows("SELECT id FROM site WHERE code = ANY(%s) ORDER BY id", [list(codes)])]


def find_supplier(code: str) -> int:
    """A supplier's row. Raises NotFound."""
    found = row("SELECT id FROM supplier WHERE code = %s", [code])
    if found is None:
        raise NotFound(f"supplier {code!r} does not exist", "supplier", code)
    return int(found[0])

"""Kits as they are stored: what they are made of, and the claims of their parts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from raincheck.core.book import ProductFacts
from raincheck.core.demand import Claim, Kit
from raincheck.core.errors import Malformed
from raincheck.store.catalogue import ProductTerms, find_products
from raincheck.store.db import one, rows

PartOfKit = tuple[int, int, bool]
"""(number of the set within the line, units of the part in one kit, whether kits are counted with it)."""


def as_parts(
    claims: Sequence[Claim], parts: Mapping[int, PartOfKit], products: Mapping[int, ProductFacts]
) -> tuple[Claim, ...]:
    """The claims with those that are parts of kits marked so. `parts` says which are, by claim.

    They rank by the kit's SKU, and are sold from the latest first day of the kit and its parts.
    """
    if not parts:
        return tuple(claims)
    sold = {
        line: (product, sku, available_from)
        for line, product, sku, available_from in rows(
            """SELECT l.id, p.id, p.sku, p.available_from FROM order_line l JOIN product p ON p.id = l.product_id
               WHERE l.id = ANY(%s)""",
            [sorted({claim.line for claim in claims if claim.id in parts})],
        )
    }
    days: dict[tuple[int, int], list[date | None]] = defaultdict(list)
    counted_by: dict[tuple[int, int], int] = {}
    for claim in claims:
        if claim.id in parts:
            nr, _, is_counted = parts[claim.id]
            days[claim.line, nr].append(products[claim.product].available_from)
            if is_counted:
                counted_by[claim.line, nr] = claim.product
    marked: list[Claim] = []
    for claim in claims:
        if claim.id not in parts:
            marked.append(claim)
            continue
        nr, per_kit, _ = parts[claim.id]
        product, sku, available_from = sold[claim.line]
        first_on = latest_of([available_from, *days[claim.line, nr]])
        kit = Kit(claim.line, nr, product, counted_by.get((claim.line, nr), 0), first_on)
        marked.append(replace(claim, rank=(*claim.rank[:4], sku), kit=kit, per_kit=per_kit))
    return tuple(marked)


def latest_of(days: Iterable[date | None]) -> date | None:
    """The latest of some first days of sale; None if all are sold already."""
    return max((day for day in days if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of a product in one kit."""

    product: int
    per_kit: int
    available_from: date | None


def contents_of(kits: Iterable[int]) -> dict[int, list[Part]]:
    """What kits are made of now, by kit, the first part first."""
    contents: dict[int, list[Part]] = defaultdict(list)
    for kit, *part in rows(
        """SELECT t.kit_id, t.part_id, t.units, p.available_from FROM kit_part t JOIN product p ON p.id = t.part_id
           WHERE t.kit_id = ANY(%s) ORDER BY t.kit_id, t.id""",
        [sorted(set(kits))],
    ):
        contents[kit].append(Part(*part))
    return dict(contents)


def contents_of_line(line: int) -> list[tuple[int, int]]:
    """What the kits of a line were made of when it was placed: (part, units); nothing for a plain product."""
    found = rows(
        """SELECT c.product_id, c.per_kit FROM claim c JOIN order_line l ON l.order_id = c.order_id
           WHERE l.id = %s AND c.line_id = l.id AND c.kit_nr = 1 ORDER BY c.product_id""",
        [line],
    )
    return [(product, per_kit) for product, per_kit in found]


def next_set(line: int) -> int:
    """The number of the next set of kits of an order line."""
    found = one(
        """SELECT coalesce(max(c.kit_nr), 0) + 1 FROM claim c JOIN order_line l ON l.order_id = c.order_id
           WHERE l.id = %s AND c.line_id = l.id""",
        [line],
    )
    return int(found[0])


def find_stocked(skus: Iterable[str]) -> dict[str, ProductTerms]:
    """Products by SKU that have stock of their own. Raises NotFound, and Malformed for kits: their parts have stock."""
    products = find_products(skus)
    kits = [product.sku for product in products.values() if product.is_kit]
    for sku, parts in rows(
        """SELECT k.sku, string_agg(p.sku, ', ' ORDER BY t.id) FROM kit_part t JOIN product k ON k.id = t.kit_id
           JOIN product p ON p.id = t.part_id WHERE k.sku = ANY(%s) GROUP BY k.sku ORDER BY k.sku LIMIT 1""",
        [kits],
    ):
        raise Malformed(f"product {sku!r} is a kit and has no stock of its own: name its parts ({parts})")
    return products


def decided_with(products: Iterable[ProductTerms]) -> set[int]:
    """Some products, and of kits among them the parts, of now and of all that are open: they are decided together."""
    wanted = list(products)
    ids = {product.id for product in wanted}
    kits = sorted(product.id for product in wanted if product.is_kit)
    if kits:
        found = rows(
            """SELECT part_id FROM kit_part WHERE kit_id = ANY(%s)
               UNION SELECT c.product_id FROM claim c JOIN order_line l ON l.id = c.line_id
               WHERE c.kit_nr IS NOT NULL AND c.units > 0 AND l.product_id = ANY(%s)""",
            [kits, kits],
        )
        ids |= {product for (product,) in found}
    return ids

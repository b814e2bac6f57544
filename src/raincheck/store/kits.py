"""Kits as they are stored: what they are made of, and the claims of their parts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from raincheck.core.book import ProductFacts
from raincheck.core.demand import Claim, Kit
from raincheck.core.errors import Malformed
from raincheck.store.db import rows

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


def contents_of(kits: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """What kits are made of now: (part, units) by kit, the first part first."""
    contents: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for kit, part, units in rows(
        "SELECT kit_id, part_id, units FROM kit_part WHERE kit_id = ANY(%s) ORDER BY kit_id, id", [sorted(set(kits))]
    ):
        contents[kit].append((part, units))
    return dict(contents)


def refuse_kits(what: str, skus: Iterable[str]) -> None:
    """Raises Malformed for the first product that is a kit: it has no stock of its own, its parts have."""
    for sku, parts in rows(
        """SELECT k.sku, string_agg(p.sku, ', ' ORDER BY t.id) FROM kit_part t JOIN product k ON k.id = t.kit_id
           JOIN product p ON p.id = t.part_id WHERE k.sku = ANY(%s) GROUP BY k.sku ORDER BY k.sku LIMIT 1""",
        [list(skus)],
    ):
        raise Malformed(f"{what}: product {sku!r} is a kit and has no stock of its own: name its parts ({parts})")


def books_of(kits: Iterable[int]) -> set[int]:
    """The products of which open claims of kits have parts: they are decided together with the kits."""
    found = rows(
        """SELECT DISTINCT c.product_id FROM claim c JOIN order_line l ON l.id = c.line_id
           WHERE c.kit_nr IS NOT NULL AND c.units > 0 AND l.product_id = ANY(%s)""",
        [sorted(set(kits))],
    )
    return {product for (product,) in found}

"""What could stand in for a product: those somebody named, then the nearest variants; only what can be had sooner."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from raincheck.core.variants import Variant, nearest
from raincheck.store.db import rows
from raincheck.store.reads.availability import Availability, availability
from raincheck.store.reads.named import named_rows
from raincheck.store.reads.variants import units_now, variants_of

MOST_OFFERED: Final = 10

NAMED: Final = "named"
OTHER_COLOUR: Final = "other_colour"
OTHER_SIZE: Final = "other_size"
OTHER_SIZE_AND_COLOUR: Final = "other_size_and_colour"
SAME: Final = "same_size_and_colour"


@dataclass(frozen=True, slots=True)
class Substitute:
    """A product that can be had sooner than the one that is wanted.

    `why` says in words why it is near, `kind` the same as a code (NAMED and so on). `units_now` can go at once;
    `earliest_on` is the day of delivery of one unit ordered now (None: nobody knows, but more of it lies there).
    `price_difference` is positive where it costs more; None where a price is missing.
    """

    sku: str
    name: str
    kind: str
    why: str
    units_now: int
    earliest_on: date | None
    price_difference: Decimal | None
    size: str = ""
    colour: str = ""

    @property
    def costs_more(self) -> bool:
        """Whether its price is higher; False where it is not known."""
        return self.price_difference is not None and self.price_difference > 0

    @property
    def price_gap(self) -> Decimal:
        """By how much the prices differ, whichever is higher; 0 where that is not known."""
        return abs(self.price_difference or Decimal(0))


@dataclass(frozen=True, slots=True)
class NamedSubstitute:
    """A substitute that somebody named, whether it can be had or not."""

    sku: str
    name: str


def substitutes_for(sku: str) -> tuple[Substitute, ...]:
    """Products to take instead of one, the best first: named ones by SKU, then variants by nearness.

    Empty where the product itself is in stock as soon as any other, or does not exist. Three statements and two of
    availability, however many there are.
    """
    found = rows("SELECT sku, style, size, colour, price, name FROM product WHERE sku = %s", [sku])
    if not found:
        return ()
    wanted = Variant(*found[0][:5])
    named = _named(sku)
    variants = {variant.sku: (variant, name) for variant, name in variants_of(sku, wanted.style)}
    near = [variant for variant in nearest(wanted, [one for one, _ in variants.values()]) if variant.sku not in named]
    candidates = [*named, *(variant.sku for variant in near)]
    if not candidates:
        return ()
    there = {one["sku"]: one for one in availability([sku, *candidates])}
    wanted_one = there[sku]
    sooner = [one for one in candidates if _is_sooner(there[one], wanted_one)]
    kits = set(_kits(sooner))
    return tuple(
        _substitute(wanted, named[one] if one in named else variants[one], there[one], is_named=one in named)
        for one in sooner
        if one not in kits
    )[:MOST_OFFERED]


def named_substitutes(sku: str) -> list[NamedSubstitute]:
    """The substitutes that were named for a product, by SKU."""
    return named_rows(
        NamedSubstitute,
        """SELECT i.sku, coalesce(nullif(i.name, ''), i.sku) AS name
           FROM product_substitute s JOIN product p ON p.id = s.product_id JOIN product i ON i.id = s.instead_id
           WHERE p.sku = %(sku)s ORDER BY i.sku""",
        {"sku": sku},
    )


def _named(sku: str) -> dict[str, tuple[Variant, str]]:
    found = rows(
        """SELECT i.sku, i.style, i.size, i.colour, i.price, i.name
           FROM product_substitute s JOIN product p ON p.id = s.product_id JOIN product i ON i.id = s.instead_id
           WHERE p.sku = %s ORDER BY i.sku""",
        [sku],
    )
    return {values[0]: (Variant(*values[:5]), values[5]) for values in found}


def _kits(skus: list[str]) -> list[str]:
    """Those that are kits: a line of one product does not become one of parts."""
    found = rows(
        "SELECT DISTINCT p.sku FROM kit_part k JOIN product p ON p.id = k.kit_id WHERE p.sku = ANY(%s)", [skus]
    )
    return [sku for (sku,) in found]


def _is_sooner(one: Availability, wanted: Availability) -> bool:
    if one["status"] == "out_of_stock" or one["next_on"] is None:
        return False
    return wanted["next_on"] is None or one["next_on"] < wanted["next_on"]


def _substitute(wanted: Variant, found: tuple[Variant, str], there: Availability, *, is_named: bool) -> Substitute:
    variant, name = found
    kind, why = _why(wanted, variant, is_named=is_named)
    difference = None if wanted.price is None or variant.price is None else variant.price - wanted.price
    return Substitute(
        variant.sku,
        name or variant.sku,
        kind,
        why,
        units_now(there),
        there["next_on"],
        difference,
        variant.size,
        variant.colour,
    )


def _why(wanted: Variant, variant: Variant, *, is_named: bool) -> tuple[str, str]:
    if is_named:
        return NAMED, "named as a substitute"
    size_differs = variant.size.casefold() != wanted.size.casefold()
    colour_differs = variant.colour.casefold() != wanted.colour.casefold()
    size, colour = variant.size or "no size", variant.colour or "no colour"
    if size_differs and colour_differs:
        return OTHER_SIZE_AND_COLOUR, f"same style in {size}, {colour}"
    if size_differs:
        return OTHER_SIZE, f"same style in {size}"
    if colour_differs:
        return OTHER_COLOUR, f"same style and size in {colour}"
    return SAME, "same style, size and colour"

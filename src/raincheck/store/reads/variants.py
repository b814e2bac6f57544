"""The products of one style as a matrix of sizes and colours, each cell with what there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from raincheck.core.variants import Variant, in_size_order
from raincheck.store.db import row, rows
from raincheck.store.reads.availability import Availability, availability

MOST_VARIANTS: Final = 500
"""Of a style so many are looked at; no style of the trade has more."""


@dataclass(frozen=True, slots=True)
class VariantCell:
    """One product of the style. `units_now` are free to go at once; `status` and `next_on` as in availability."""

    sku: str
    name: str
    size: str
    colour: str
    price: Decimal | None
    status: str
    units_now: int
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A style: its sizes as a shop lists them, its colours by name, and its products.

    A size and colour may be missing, or stand for more than one product (an old and a new one).
    """

    style: str
    sizes: tuple[str, ...]
    colours: tuple[str, ...]
    cells: tuple[VariantCell, ...]

    def at(self, size: str, colour: str) -> tuple[VariantCell, ...]:
        """The products of one size and colour."""
        return tuple(cell for cell in self.cells if (cell.size, cell.colour) == (size, colour))

    def by_colour(self) -> list[tuple[str, list[tuple[VariantCell, ...]]]]:
        """A row for each colour: its cells in the order of `sizes`."""
        return [(colour, [self.at(size, colour) for size in self.sizes]) for colour in self.colours]


def variant_matrix(sku: str) -> Matrix | None:
    """The style of a product; None where no such product exists. A product without a style is a matrix of one cell."""
    found = row("SELECT style FROM product WHERE sku = %s", [sku])
    if found is None:
        return None
    cells = _cells(variants_of(sku, found[0]))
    return Matrix(
        found[0],
        tuple(in_size_order(cell.size for cell in cells)),
        tuple(sorted({cell.colour for cell in cells})),
        tuple(cells),
    )


def variants_of(sku: str, style: str) -> list[tuple[Variant, str]]:
    """The products of a style with their names, by SKU, the product itself included."""
    found = rows(
        """SELECT sku, style, size, colour, price, name FROM product WHERE style = %s AND style <> ''
           UNION SELECT sku, style, size, colour, price, name FROM product WHERE sku = %s
           ORDER BY 1 LIMIT %s""",
        [style, sku, MOST_VARIANTS],
    )
    return [(Variant(*values), name) for *values, name in found]


def units_now(of: Availability) -> int:
    """Units that an order placed now would have as soon as anything goes: none unless it is in stock.

    What is due today counts with the stock of its day and is not here yet.
    """
    if of["status"] != "in_stock" or not of["atp"]:
        return 0
    return min(of["atp"][0]["units"], of["on_hand"] - of["reserved"])


def _cells(variants: Sequence[tuple[Variant, str]]) -> list[VariantCell]:
    there = {one["sku"]: one for one in availability([variant.sku for variant, _ in variants])}
    return [
        VariantCell(
            variant.sku,
            name or variant.sku,
            variant.size,
            variant.colour,
            variant.price,
            there[variant.sku]["status"],
            units_now(there[variant.sku]),
            there[variant.sku]["next_on"],
        )
        for variant, name in variants
    ]

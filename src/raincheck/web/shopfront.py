"""What shops and shoppers see of a product, and what could stand in for it: for the product's and the order's page."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from raincheck.store.reads.availability import availability
from raincheck.store.reads.interest import WaitingFor, waiting_for
from raincheck.store.reads.order import LineView, OrderView
from raincheck.store.reads.substitutes import NamedSubstitute, Substitute, named_substitutes, substitutes_for
from raincheck.store.reads.variants import Matrix, VariantCell, units_now, variant_matrix

SOLD_OUT: Final = "Sold out"
SHOP_WORDS: Final = {
    "in_stock": ("In stock", "ok"),
    "backorder": ("Backorder", "wait"),
    "preorder": ("Pre-order", "pre"),
    "out_of_stock": (SOLD_OUT, "late"),
}


@dataclass(frozen=True, slots=True)
class Shopfront:
    """A product in the shop: the word and its tone, the day of delivery of one unit ordered now, units that can go at
    once; who waits to hear that it is back; its style, and what could be had sooner."""

    word: str
    tone: str
    next_on: date | None
    units_now: int
    interest: WaitingFor | None
    matrix: Matrix | None
    named: list[NamedSubstitute]
    substitutes: tuple[Substitute, ...]

    @property
    def has_variants(self) -> bool:
        """Whether there is more than one product of its style."""
        return self.matrix is not None and len(self.matrix.cells) > 1


def shopfront(sku: str) -> Shopfront:
    """What the public sees of a product that exists."""
    (there,) = availability([sku])
    word, tone = SHOP_WORDS[there["status"]]
    return Shopfront(
        word,
        tone,
        there["next_on"],
        units_now(there),
        waiting_for(sku),
        variant_matrix(sku),
        named_substitutes(sku),
        substitutes_for(sku),
    )


def tone_of(cell: VariantCell) -> str:
    """The colour of a cell of the matrix."""
    return SHOP_WORDS[cell.status][1]


def what_to_offer(order: OrderView) -> list[tuple[LineView, tuple[Substitute, ...]]]:
    """The lines of which units wait, each with what could be had sooner."""
    waiting = [line for line in order.lines if line.waiting_units]
    return [(line, substitutes_for(line.sku)) for line in waiting]

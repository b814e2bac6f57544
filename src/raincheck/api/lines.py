"""Lines of a body that name one product more than once, put together."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from raincheck.actions.terms import AskedLine
from raincheck.api.problems import MALFORMED, FieldError, Problem
from raincheck.api.shapes import fields
from raincheck.api.shapes import order as shapes
from raincheck.api.wording import pointer_to

if TYPE_CHECKING:
    from decimal import Decimal


class HasQuantity(Protocol):
    """A line of any body."""

    @property
    def sku(self) -> str:
        """The product."""

    @property
    def quantity(self) -> int:
        """Its units."""


def asked_lines(lines: Sequence[shapes.AskedLine]) -> tuple[AskedLine, ...]:
    """Each product once, in the order of its first line; quantities add up.

    Raises Problem where one product has two prices or sellers, or its quantities add up to more than one line may have.
    """
    prices: dict[str, Decimal | None] = {}
    sellers: dict[str, str] = {}
    for number, line in enumerate(lines):
        if prices.setdefault(line.sku, line.unit_price) != line.unit_price:
            said = f"names {line.sku!r} again at another price"
            raise Problem(MALFORMED, f"/lines/{number}: {said}.", [FieldError(said, pointer_to(("lines", number)))])
        if sellers.setdefault(line.sku, line.seller or "") != (line.seller or ""):
            said = f"names {line.sku!r} again with another seller"
            raise Problem(MALFORMED, f"/lines/{number}: {said}.", [FieldError(said, pointer_to(("lines", number)))])
    return tuple(AskedLine(sku, units, prices[sku], sellers[sku]) for sku, units in units_by_sku(lines).items())


def units_by_sku(lines: Iterable[HasQuantity]) -> dict[str, int]:
    """Units by product, in the order of the first line of each. Raises Problem as `asked_lines` does."""
    units: dict[str, int] = {}
    for number, line in enumerate(lines):
        units[line.sku] = units.get(line.sku, 0) + line.quantity
        if units[line.sku] > fields.MOST_UNITS:
            said = f"brings {line.sku!r} over {fields.MOST_UNITS} units"
            raise Problem(MALFORMED, f"/lines/{number}: {said}.", [FieldError(said, pointer_to(("lines", number)))])
    return units

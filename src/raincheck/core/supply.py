"""What we have or expect: stock on hand at a site, or the rest of one confirmed inbound line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import ceil

SupplyKey = tuple[bool, int]
"""Names a supply among all there is: (is inbound, row)."""


class SupplyKind(StrEnum):
    """Where units come from."""

    STOCK = "stock"
    PURCHASE = "purchase"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Supply:
    """Units of one product that claims may be pegged to. Frozen units are already left out.

    `id` is the row of the stock level or of the inbound line. `there_on` and `ships_on` are None for an inbound that
    is overdue and has no estimate: it still covers what is pegged to it, without a date. `slips` marks units whose day
    moves on with every day that passes: stock that could ship today, an overdue inbound's estimate. `due_today` marks
    an inbound overdue by no more than the company's `hold_days`, which a ship-complete group counts as due today.
    """

    kind: SupplyKind
    id: int
    product: int
    site: int
    units: int
    there_on: date | None
    ships_on: date | None
    slips: bool = False
    due_today: bool = False

    @property
    def is_stock(self) -> bool:
        """Whether the units lie at the site already."""
        return self.kind is SupplyKind.STOCK

    @property
    def key(self) -> SupplyKey:
        """Its name."""
        return (self.kind is not SupplyKind.STOCK, self.id)


def lateness_quantile(record_days: list[int], q: Decimal) -> int:
    """The smallest lateness on record with at least `q` of the record at or below it, in calendar days; 0 without one.

    >>> lateness_quantile([0, 0, 2, 5], Decimal("0.9"))
    5
    """
    if not record_days:
        return 0
    ordered = sorted(record_days)
    return ordered[max(1, ceil(q * len(ordered))) - 1]

"""What we owe: a claim is the units of one order line that joined together (contract, "The pass", step 1)."""

from dataclasses import dataclass
from datetime import date

from raincheck.core.rank import Rank


@dataclass(frozen=True, slots=True)
class Claim:
    """Open, not frozen units of one line that stand in the queue together.

    A claim of a ship-complete group carries the `group` it belongs to (all of an order's lines with that policy);
    a plain claim carries None. `told_units` of them have been told that they are delivered on `told_on`; of these
    `told_by_lead_time` rest on a purchase yet to be made and need no supply to be kept. `stock_only` units may not be
    backordered. `lead_time_from` is the day on which the claim was first dated from its supplier's lead time.
    """

    id: int
    line: int
    order: int
    product: int
    units: int
    rank: Rank
    group: int | None = None
    stock_only: bool = False
    told_on: date | None = None
    told_units: int = 0
    told_by_lead_time: int = 0
    lead_time_from: date | None = None
    joined_on: date | None = None
    country: str = ""
    postcode: str = ""

    @property
    def units_to_keep(self) -> int:
        """How many of its units must find supply in time for the told day."""
        if self.told_on is None:
            return 0
        return max(0, min(self.told_units, self.units) - self.told_by_lead_time)

"""What we owe: a claim is the units of one order line that joined together (contract, "The pass", step 1)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from raincheck.core.rank import Rank


@dataclass(frozen=True, slots=True)
class Kit:
    """A set of kits of one line that joined together: a claim for each part, which stand and fall together.

    `nr` counts the sets of a line, `product` is the kit as it is sold; `available_from` is the first day on which it
    and all of its parts are sold. Kits are counted with the part whose product is `counted_by`.
    """

    line: int
    nr: int
    product: int
    counted_by: int
    available_from: date | None = None


Party = tuple[int, int, int]
"""Names the claims that stand in the queue as one: a plain claim, a set of kits, or a ship-complete group."""


@dataclass(frozen=True, slots=True)
class ParcelTerms:
    """How units go, where that is not simply as they come. If one line of an order has such terms, all of them do.

    `up_to` is the most releases to the carrier that the line's group may have, None if its policy is another one. A
    parcel below `minimum_units` or `minimum_value` waits for more; units that can go wait `merge_hours` for others of
    the same `recipient`, since `ready_since`. A sold unit costs `unit_price` and consists of `parts` units of claims.
    """

    up_to: int | None = None
    minimum_units: int = 0
    minimum_value: Decimal = Decimal(0)
    merge_hours: int = 0
    recipient: str = ""
    ready_since: datetime | None = None
    unit_price: Decimal = Decimal(0)
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """Open, not frozen units of one line that stand in the queue together.

    A claim of a ship-complete group carries the `group` it belongs to (all of an order's lines with that policy);
    a plain claim carries None. `told_units` of them have been told that they are delivered on `told_on`; of these
    `told_by_lead_time` rest on a purchase yet to be made and need no supply to be kept. `stock_only` units may not be
    backordered. `lead_time_from` is the day on which the claim was first dated from its supplier's lead time.
    `wanted_on` is the day before which the customer does not want it; `tier` the customer's, for whom units may be
    protected.
    A part of a `kit` counts units of the part, `per_kit` for each kit; a kit's parts are different products.
    `parcel_terms` are there where the order's parcels are planned (core.parcels).
    What `waits_for_payment` has lost its units to others and takes none. `keeps_stock` of its units lie reserved and
    are kept for it: those of an order that is held or whose payment was declined, and those that a floor working by
    hand can still hand over in time.
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
    wanted_on: date | None = None
    tier: str = "standard"
    kit: Kit | None = None
    per_kit: int = 1
    parcel_terms: ParcelTerms | None = None
    waits_for_payment: bool = False
    keeps_stock: int = 0

    @property
    def party(self) -> Party:
        """With which other claims it stands in the queue."""
        if self.group is not None:
            return (1, self.group, 0)
        if self.kit is not None:
            return (2, self.kit.line, self.kit.nr)
        return (0, self.id, 0)

    @property
    def sold_as(self) -> int:
        """The product on the order line: the kit, for a part of one."""
        return self.product if self.kit is None else self.kit.product

    @property
    def is_counted(self) -> bool:
        """Whether the order line counts its units: of the parts of a kit one does, so many for each kit."""
        return self.kit is None or self.kit.counted_by == self.product

    @property
    def units_to_keep(self) -> int:
        """How many of its units must find supply in time for the told day."""
        if self.told_on is None:
            return 0
        return max(0, min(self.told_units, self.units) - self.told_by_lead_time)

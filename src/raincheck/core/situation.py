"""What somebody who helps a customer has to know of one order: what is open, since when late, and what could help."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """What things cost, in the company's currency.

    `parcel_cost` is one more parcel. A day of waiting is thought to cost `waiting_percent` of the price of what waits.
    What has no date counts as due `undated_days` after the last day that is known. The currency's smallest coin has so
    many `decimals`.
    """

    parcel_cost: Decimal = Decimal(5)
    waiting_percent: Decimal = Decimal(1)
    undated_days: int = 30
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units of a line that are not here; `delivers_on` is the day at the customer, None: nobody knows."""

    units: int
    delivers_on: date | None


@dataclass(frozen=True, slots=True)
class Instead:
    """Another product that could be had by `delivers_on`. Its `cost` or `price` may not be known."""

    sku: str
    name: str
    delivers_on: date | None
    cost: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lender:
    """Another order, behind this one in the queue, that gets `units` of the same product by `delivers_on`."""

    order: str
    units: int
    delivers_on: date
    tier: str = ""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of which units are open.

    `kept_back` units lie here and wait for others of the order; `moving` ones lie here and go by themselves. `told_on`
    is the first day that was told. `comes_back` is what they get back if its open units are cancelled. `coming` names
    the purchase orders that it waits for, `to_buy` counts units that no purchase order covers. `cost` is what a unit
    costs the company.
    """

    sku: str
    name: str
    price: Decimal
    cost: Decimal | None = None
    kept_back: int = 0
    moving: int = 0
    waiting: tuple[Waiting, ...] = ()
    told_on: date | None = None
    comes_back: Decimal = Decimal(0)
    coming: tuple[str, ...] = ()
    to_buy: int = 0
    instead: tuple[Instead, ...] = ()
    lenders: tuple[Lender, ...] = ()

    @property
    def waiting_units(self) -> int:
        """Units that are not here."""
        return sum(piece.units for piece in self.waiting)

    @property
    def open_units(self) -> int:
        """All that is owed."""
        return self.kept_back + self.moving + self.waiting_units

    @property
    def is_undated(self) -> bool:
        """Whether nobody knows when the last unit comes."""
        return any(piece.delivers_on is None for piece in self.waiting)

    @property
    def last_on(self) -> date | None:
        """The day of the last unit that waits; None where nothing waits or nobody knows."""
        days = [piece.delivers_on for piece in self.waiting if piece.delivers_on is not None]
        return max(days) if days and not self.is_undated else None

    def days_saved(self, comes_on: date, undated_on: date) -> int:
        """Unit-days by which what waits would come sooner on one day, less those of units that would come later.

        What has no date counts as due on `undated_on`. What lies here is not counted.
        """
        return sum(piece.units * ((piece.delivers_on or undated_on) - comes_on).days for piece in self.waiting)

    def latest(self, units: int, undated_on: date) -> list[tuple[int, date]]:
        """The last of the units that wait, so many: (units, day), the latest first."""
        found: list[tuple[int, date]] = []
        for piece in sorted(self.waiting, key=lambda one: (one.delivers_on or date.max, one.units), reverse=True):
            taken = min(units, piece.units)
            if taken:
                found.append((taken, piece.delivers_on or undated_on))
                units -= taken
        return found


@dataclass(frozen=True, slots=True)
class Situation:
    """One order on one day. `goes_on` is the day at the customer of what leaves now.

    `answer_by`: the customer was asked whether to wait, until `offered_on` (None: no day), and should answer by then.
    `paid` is what they paid for goods that they have, `comes_back` what they get back if all that is open is cancelled.
    `on_floor`: units are picked or packed already. `can_write`: there is an address to write to.
    """

    today: date
    goes_on: date
    state: str
    lines: tuple[OpenLine, ...]
    tier: str = ""
    is_unpaid: bool = False
    answer_by: date | None = None
    offered_on: date | None = None
    paid: Decimal = Decimal(0)
    comes_back: Decimal = Decimal(0)
    on_floor: bool = False
    can_write: bool = True
    rates: Rates = field(default_factory=Rates)

    @property
    def open_units(self) -> int:
        """All that is owed."""
        return sum(line.open_units for line in self.lines)

    @property
    def undated_on(self) -> date:
        """The day that stands in for "nobody knows": some days after the last one known in the order."""
        known = [piece.delivers_on for line in self.lines for piece in line.waiting if piece.delivers_on is not None]
        return max([self.today, *known]) + timedelta(days=self.rates.undated_days)

    def late_days(self, line: OpenLine) -> int:
        """Calendar days by which the line's last unit misses the day told; what has no date counts as that late."""
        if line.told_on is None or not line.waiting:
            return 0
        last = line.last_on or self.undated_on
        return max(0, (last - line.told_on).days)

    def known_late_days(self, line: OpenLine) -> int:
        """The same as far as it is known: what has no date is as late as it is today."""
        if line.told_on is None or not line.waiting:
            return 0
        return max(0, ((line.last_on or self.today) - line.told_on).days)

"""What a customer should have paid, as somebody with the order's paper in hand would add it up, unit by unit.

Written from the rules (semantics 48-52, ADR 0010), not from the code: every unit is an entry of its own with its fate,
amounts are fractions, and whether the fee has been taken is remembered and not worked out.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

OPEN, KEPT, RETURNED, CANCELLED = "open", "kept", "returned", "cancelled"


@dataclass
class Paper:
    """An order's paper: `units` are [line, fate]; `cuts` by how much the kept units of a line cost less together."""

    prices: list[Fraction]
    shares: list[Fraction]
    fee: Fraction
    tax: Fraction
    taxed_value: Fraction
    decimals: int
    units: list[list[str | int]] = field(default_factory=list)
    cuts: dict[int, Fraction] = field(default_factory=dict)
    fee_taken: bool = False

    def place(self, line: int, units: int) -> None:
        """Units are accepted: now, or added later."""
        self.units += [[line, OPEN] for _ in range(units)]
        self._look_at_the_fee()

    def ship(self, line: int, units: int, cut: Fraction) -> None:
        """Units leave, each cheaper by `cut` than the order says."""
        self._turn(line, OPEN, KEPT, units)
        self.cuts[line] = self.cuts.get(line, Fraction(0)) + cut * units
        self._look_at_the_fee()

    def cancel(self, line: int, units: int) -> None:
        """Open units are cancelled, by whomever."""
        self._turn(line, OPEN, CANCELLED, units)
        self._look_at_the_fee()

    def take_back(self, line: int, units: int) -> None:
        """Kept units come back; each has had the same part of the cut, which is kept to four decimals."""
        kept = self.count(line, KEPT)
        self.cuts[line] = _nearest(self.cuts.get(line, Fraction(0)) * (kept - units) / kept, 4)
        self._turn(line, KEPT, RETURNED, units)
        self._look_at_the_fee()

    def count(self, line: int, fate: str) -> int:
        """Units of a line with a fate."""
        return sum(1 for of_line, its_fate in self.units if of_line == line and its_fate == fate)

    def owed(self) -> Fraction:
        """What was shipped and kept, and the advance on what is open, with the tax on it and the fee if it is taken."""
        goods = Fraction(0)
        for line, fate in self.units:
            price = self.prices[int(line)]
            goods += price if fate == KEPT else self.shares[int(line)] * price if fate == OPEN else 0
        goods -= sum(self.cuts.values())
        if self.taxed_value:
            goods += self.tax * goods / self.taxed_value
        elif self.fee_taken:
            goods += self.tax
        return _nearest(goods + (self.fee if self.fee_taken else 0), self.decimals)

    def _turn(self, line: int, before: str, after: str, units: int) -> None:
        left = units
        for unit in self.units:
            if left and unit == [line, before]:
                unit[1] = after
                left -= 1
        assert left == 0, "the history asks for units that there are not"

    def _look_at_the_fee(self) -> None:
        """Taken with the first charge, back once nothing is kept and nothing open follows a parcel or an advance."""
        fates = {str(fate) for _, fate in self.units}
        in_advance = any(fate == OPEN and self.shares[int(line)] for line, fate in self.units)
        if not fates & {OPEN, KEPT} or (not fates & {KEPT, RETURNED} and not in_advance):
            self.fee_taken = False
        else:
            self.fee_taken = True


def _nearest(amount: Fraction, decimals: int) -> Fraction:
    """To the smallest coin, halves away from zero."""
    scaled = abs(amount) * 10**decimals
    coins = floor(scaled + Fraction(1, 2))
    return Fraction(coins if amount >= 0 else -coins, 10**decimals)

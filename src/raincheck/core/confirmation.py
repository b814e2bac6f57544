"""What a line is confirmed: how many of its units ship by which day.

The units of a ship-complete group all count for the day on which the last of them ships; without such a day they count
for none that is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind

UNKNOWN = date.max


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Confirmed units of a line by shipping day (`UNKNOWN` where no day is known)."""

    by_day: Mapping[date, int]

    @property
    def units(self) -> int:
        """All of them."""
        return sum(self.by_day.values())

    @property
    def last_on(self) -> date | None:
        """The day on which the last of them ships; None if no unit is confirmed or a day is not known."""
        last_on = max(self.by_day, default=UNKNOWN)
        return None if last_on == UNKNOWN else last_on

    def units_by(self, day: date) -> int:
        """Units that ship on or before a day."""
        return sum(units for ships_on, units in self.by_day.items() if ships_on <= day)

    def keeps(self, before: "Confirmed") -> bool:
        """Whether on every day at least as many units are confirmed as before."""
        return all(self.units_by(day) >= before.units_by(day) for day in before.by_day)


NOTHING = Confirmed({})


def confirmations(
    claims: Iterable[Claim], pegs: Mapping[int, list[Peg]], *, by_lead_time: bool = False
) -> dict[int, Confirmed]:
    """What every line with a claim is confirmed, by line: units tied to supply.

    `by_lead_time` counts those, too, that a supplier's lead time dates: what was promised to the customer.
    """
    known = list(claims)
    group_days: dict[int, date] = {}
    for claim in known:
        if claim.group is not None:
            days = [peg.ships_on or UNKNOWN for peg in pegs[claim.id]]
            group_days[claim.group] = max([group_days.get(claim.group, date.min), *days])
    by_line: dict[int, dict[date, int]] = {claim.line: defaultdict(int) for claim in known}
    for claim in known:
        for peg in pegs[claim.id]:
            if peg.supply is not None or (by_lead_time and peg.kind is PegKind.LEAD_TIME):
                day = peg.ships_on or UNKNOWN if claim.group is None else group_days[claim.group]
                by_line[claim.line][day] += peg.units
    return {line: Confirmed(dict(by_day)) for line, by_day in by_line.items()}

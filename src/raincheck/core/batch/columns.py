"""A book as columns: supplies in any order, claims in rank order, days as ordinals (`date.toordinal`).

Units are whole units. A day that is not known is `NO_DAY`, later than every day. Products and groups are numbers from 0
up, without gaps for products; a plain claim's group is -1.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

PLAIN = -1
"""The group of a plain claim."""

NO_DAY = date.max.toordinal()
"""No day: where the plain form says None. As there (`core.slack.UNDATED`), undated supply stands after every day."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The company's terms of a pass: today, and the settings of the same names in days."""

    today: int
    hold_days: int
    lend_days: int
    margin_days: int


@dataclass(frozen=True, slots=True)
class Supplies:
    """Supply with units, one row each.

    `there` and `ships` are the days on which it is there and can ship; `group_there` and `group_ships` the same as a
    ship-complete group counts them: for an inbound only just overdue as if it came today.
    """

    product: Small
    is_inbound: Flags
    id: Ints
    units: Ints
    there: Small
    ships: Small
    group_there: Small
    group_ships: Small


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims with units, in rank order, one row each.

    `keep_units` must find supply that can ship by `keep_by`, the last shipping day for the day told; 0 keeps nothing.
    `lead_there` is the day on which units that no supply covers are there by the supplier's lead time; NO_DAY without
    one, and for units that may not be backordered (`stock_only`).
    """

    product: Small
    units: Ints
    group: Small
    stock_only: Flags
    keep_units: Ints
    keep_by: Small
    lead_there: Small
    joined: Small

    def __len__(self) -> int:
        """How many claims there are."""
        return len(self.units)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who has what: pegs of claim i are the rows `start[i]` to `start[i + 1]`, by the day their supply can ship.

    `supply` are rows of the `Supplies` as they were given. `uncovered` counts each claim's units without any supply:
    they have the lead time, unless the claim is `dateless` or has none.
    """

    start: Ints
    supply: Small
    units: Ints
    uncovered: Ints
    dateless: Flags

    def claim_of_pegs(self) -> Small:
        """The claim of each peg."""
        return np.repeat(np.arange(len(self.uncovered), dtype=np.int32), np.diff(self.start))

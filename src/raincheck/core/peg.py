"""The tie between a claim's units and their supply, or the reason why there is none."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from raincheck.core.supply import Supply, SupplyKind


class PegKind(StrEnum):
    """What a claim's units are tied to."""

    STOCK = "stock"
    INBOUND = "inbound"
    LEAD_TIME = "lead_time"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Peg:
    """Units of one claim tied to one supply, dated from a lead time, or without a date.

    `ships_on` is None without a date. `supply` is None for lead time and none. `given_by` is the fact that gave the
    units, for good (`core.given`); None for what the pass gave.
    """

    claim: int
    units: int
    kind: PegKind
    supply: Supply | None
    ships_on: date | None
    given_by: int | None = None


def peg_to(claim: int, units: int, supply: Supply, not_before: date | None = None) -> Peg:
    """Ties units to a supply; they ship when it can, but not before a day."""
    kind = PegKind.STOCK if supply.kind is SupplyKind.STOCK else PegKind.INBOUND
    return Peg(claim, units, kind, supply, not_earlier(supply.ships_on, not_before))


def not_earlier(ships_on: date | None, not_before: date | None) -> date | None:
    """The later of two shipping days; None if there is no first."""
    return ships_on if ships_on is None or not_before is None else max(ships_on, not_before)

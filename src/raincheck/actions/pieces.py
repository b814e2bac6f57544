"""In which pieces a line's units come: one for each source and day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from raincheck.core.decision import Decision, Facts, reason_of
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind
from raincheck.core.reason import Reason


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of a line that come together. `source` is on_hand, an inbound's ref, lead_time, none or refused."""

    units: int
    source: str
    on: date | None
    reason: Reason


def pieces_of(facts: Facts, decision: Decision, claim: Claim, refs: Mapping[int, str]) -> list[Piece]:
    """A claim's pieces, the earliest first; stock of several sites is one. `refs` names inbound lines' inbounds.

    Units of a ship-complete group come together: each piece has the group's day, wherever it comes from.
    """
    merged: dict[tuple[date, str], Piece] = {}
    road = facts.book.road
    for peg in decision.pegs[claim.id]:
        if claim.group is not None:
            on = decision.estimates[claim.id].delivers_on
        else:
            on = None if peg.ships_on is None else road.delivers_on(peg.ships_on)
        source = _source(peg, refs)
        key = (on or date.max, source)
        units = peg.units + (merged[key].units if key in merged else 0)
        merged[key] = Piece(units, source, on, reason_of(facts, decision, claim, peg))
    return [merged[key] for key in sorted(merged, key=lambda key: (key[0], key[1] != "on_hand", key[1]))]


def _source(peg: Peg, refs: Mapping[int, str]) -> str:
    if peg.kind is PegKind.STOCK:
        return "on_hand"
    return refs[peg.supply.id] if peg.supply is not None else peg.kind.value

"""In which pieces a line's units come: one for each source and day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from raincheck.core.decision import Decision, Facts, reason_of
from raincheck.core.demand import Claim
from raincheck.core.kits import alike
from raincheck.core.parcels import key_of
from raincheck.core.peg import Peg, PegKind
from raincheck.core.reason import Reason


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of a line that come together. `source` is on_hand, an inbound's ref, lead_time, none or refused."""

    units: int
    source: str
    on: date | None
    reason: Reason


def pieces_of(facts: Facts, decision: Decision, claims: Sequence[Claim], refs: Mapping[int, str]) -> list[Piece]:
    """The pieces of one claim, or of the parts of a set of kits; the earliest first. Stock of several sites is one.

    `refs` names inbound lines' inbounds. Units of a ship-complete group come together: each piece has the group's day,
    wherever it comes from. A kit comes with the last of its parts. Where parcels are planned, units come with theirs.
    """
    merged: dict[tuple[date, str], Piece] = {}
    for units, last in _together(decision, claims):
        claim = decision.claims[last.claim]
        if claim.group is not None:
            on = decision.estimates[claim.id].delivers_on
        else:
            planned = decision.parcels.leaving.get(key_of(last))
            ships_on = last.ships_on if planned is None else planned.ships_on
            on = None if ships_on is None else facts.book.road.delivers_on(ships_on)
        source = _source(last, refs)
        key = (on or date.max, source)
        before = merged[key].units if key in merged else 0
        merged[key] = Piece(units + before, source, on, reason_of(facts, decision, claim, last))
    return [merged[key] for key in sorted(merged, key=lambda key: (key[0], key[1] != "on_hand", key[1]))]


_LAST = {PegKind.STOCK: 0, PegKind.INBOUND: 1, PegKind.LEAD_TIME: 2, PegKind.NONE: 3}


def _together(decision: Decision, claims: Sequence[Claim]) -> list[tuple[int, Peg]]:
    """So many units as sold, and the peg of the unit that comes last among them."""
    if not claims or claims[0].kit is None:
        return [(peg.units, peg) for claim in claims for peg in decision.pegs[claim.id]]
    return [
        (kits, max(pegs, key=lambda peg: (peg.ships_on or date.max, _LAST[peg.kind], peg.claim)))
        for kits, pegs in alike(list(claims), decision.pegs)
    ]


def _source(peg: Peg, refs: Mapping[int, str]) -> str:
    if peg.kind is PegKind.STOCK:
        return "on_hand"
    return refs[peg.supply.id] if peg.supply is not None else peg.kind.value

"""How many kits of an order line are reserved, backordered and pre-ordered, as the units of their parts stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from raincheck.core.decision import Decision
from raincheck.core.peg import PegKind
from raincheck.store.snapshot import PegRow, Snapshot


@dataclass(slots=True)
class _Part:
    """Open units of one part of a set: all, on hand (frozen or tied to stock), and frozen."""

    per_kit: int
    is_counted: bool
    units: int = 0
    on_hand: int = 0
    frozen: int = 0


def kit_quantities(
    snapshot: Snapshot, decision: Decision, claims: Sequence[int], frozen: Mapping[int, list[PegRow]]
) -> tuple[int, int, int] | None:
    """(reserved, backordered, preordered) of a line in kits; None for a line of a plain product.

    A kit is reserved when all of its parts are tied to stock on hand; parts that left before the counted one (from
    another site, at another hour) are with it.
    """
    sets: dict[int, list[_Part]] = defaultdict(list)
    preorders: set[int] = set()
    for id_ in claims:
        claim, row = decision.claims.get(id_), snapshot.claims.get(id_)
        nr = claim.kit.nr if claim is not None and claim.kit is not None else row.kit_nr if row is not None else None
        if nr is None:
            continue
        per_kit = claim.per_kit if claim is not None else row.per_kit if row is not None else 1
        part = _Part(per_kit, row.is_counted if row is not None else claim is not None and claim.is_counted)
        part.frozen = part.units = part.on_hand = sum(peg.units for peg in frozen.get(id_, ()))
        if claim is not None:
            part.units += claim.units
            part.on_hand += sum(peg.units for peg in decision.pegs[id_] if peg.kind is PegKind.STOCK)
            if snapshot.facts.book.is_preorder(claim):
                preorders.add(nr)
        sets[nr].append(part)
    if not sets:
        return None
    reserved = backordered = preordered = 0
    for nr, parts in sets.items():
        kits = sum(part.units // part.per_kit for part in parts if part.is_counted)
        whole = min(_whole(part, kits, part.frozen if nr in preorders else part.on_hand) for part in parts)
        reserved += whole
        if nr in preorders:
            preordered += kits - whole
        else:
            backordered += kits - whole
    return reserved, backordered, preordered


def _whole(part: _Part, kits: int, on_hand: int) -> int:
    """For how many of some kits a part is on hand, or with the carrier already."""
    gone = max(0, kits * part.per_kit - part.units)
    return min(kits, (on_hand + gone) // part.per_kit)

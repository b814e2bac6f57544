"""Pegs to rows: only differences are written."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from raincheck.core.decision import Decision
from raincheck.core.peg import Peg, PegKind
from raincheck.store.bulk.copying import WORTHWHILE_ROWS, copy_in
from raincheck.store.db import columns, run
from raincheck.store.snapshot import PegRow, Snapshot

if TYPE_CHECKING:
    from datetime import date

Key = tuple[int, PegKind, int | None, bool]
"""What a claim has one row of at the most: (claim, kind, source, whether it was given)."""


def write_pegs(
    snapshot: Snapshot, decision: Decision, names: Mapping[int, int], released: dict[tuple[int, tuple[bool, int]], int]
) -> set[int]:
    """Deletes, changes and adds pegs so that they are the decision's; the lines whose pegs changed."""
    book = snapshot.facts.book
    before, gone_rows = _rows_by_key(snapshot)
    changed: list[tuple[int, int, bool, date | None, int | None]] = []
    added: list[tuple[object, ...]] = []
    lines: set[int] = set()
    for claim in decision.claims.values():
        preorder = book.is_preorder(claim)
        for peg in decision.pegs[claim.id]:
            units = _staying_units(peg, released)
            if not units:
                continue
            ships_on = peg.ships_on
            source = peg.supply.id if peg.supply else None
            old = before.pop((claim.id, peg.kind, source, peg.given_by is not None), None)
            if old is not None and peg.kind is PegKind.STOCK and not (preorder or old.is_preorder):
                ships_on = old.ships_on  # Handling began when they were reserved, not today.
            if old is None:
                stock, inbound = sources_of(peg)
                added.append(
                    (names.get(claim.id, claim.id), names.get(claim.line, claim.line), claim.product, units,
                     peg.kind.value, stock, inbound, preorder, ships_on, peg.given_by)
                )  # fmt: skip
                lines.add(claim.line)
            elif (old.units, old.is_preorder, old.ships_on) != (units, preorder, ships_on):
                changed.append((old.id, units, preorder, ships_on, peg.given_by))
                lines.add(claim.line)
    gone_rows += before.values()
    if gone_rows:
        run("DELETE FROM peg WHERE id = ANY(%s)", [[row.id for row in gone_rows]])
        lines |= {row.line for row in gone_rows}
    if changed:
        run(
            """UPDATE peg p SET units = v.units, is_preorder = v.preorder, ships_on = v.ships_on,
                   given_by_id = v.given_by
               FROM unnest(%s::bigint[], %s::bigint[], %s::bool[], %s::date[], %s::bigint[])
                    AS v (id, units, preorder, ships_on, given_by)
               WHERE p.id = v.id""",
            columns(changed, 5),
        )
    _add_pegs(added)
    return lines


def _rows_by_key(snapshot: Snapshot) -> tuple[dict[Key, PegRow], list[PegRow]]:
    """The pegs that are not frozen, and those that stand beside one of their kind: given once, and not any more."""
    free = [row for row in snapshot.pegs if row.shipment_line is None]
    first: dict[Key, PegRow] = {}
    return first, [row for row in free if first.setdefault(_key_of_row(row), row) is not row]


def _staying_units(peg: Peg, released: dict[tuple[int, tuple[bool, int]], int]) -> int:
    """Units of a peg that do not leave with the parcels of this decision."""
    if peg.supply is None:
        return peg.units
    gone = min(peg.units, released[peg.claim, peg.supply.key])
    released[peg.claim, peg.supply.key] -= gone
    return peg.units - gone


_PEG = {
    "claim_id": "int8",
    "line_id": "int8",
    "product_id": "int8",
    "units": "int8",
    "kind": "varchar",
    "stock_level_id": "int8",
    "inbound_line_id": "int8",
    "is_preorder": "bool",
    "ships_on": "date",
    "given_by_id": "int8",
}


def _add_pegs(added: list[tuple[object, ...]]) -> None:
    if len(added) >= WORTHWHILE_ROWS:
        copy_in("peg", _PEG, added)
    elif added:
        run(
            """INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, inbound_line_id,
                                is_preorder, ships_on, given_by_id)
               SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[],
                                    %s::bigint[], %s::bool[], %s::date[], %s::bigint[])""",
            columns(added, 10),
        )


def _key_of_row(peg: PegRow) -> Key:
    return (peg.claim, peg.kind, peg.source, peg.given_by is not None)


def sources_of(peg: Peg) -> tuple[int | None, int | None]:
    """The stock level and the inbound line of a peg, as they are stored."""
    if peg.supply is None:
        return None, None
    return (peg.supply.id, None) if peg.kind is PegKind.STOCK else (None, peg.supply.id)

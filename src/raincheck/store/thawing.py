"""Units that come back from parcels which have not left: open again, and whole kits with all of their parts."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from raincheck.store.db import rows, run


def thaw(line: int, units: int, states: tuple[str, ...]) -> None:
    """Gives units of a line back from parcels in these states: they are open and in no parcel again; kits whole."""
    if sets := parts_of(line):
        _thaw_kits(line, sets, units, states)
        return
    _thaw(
        """SELECT p.id, p.units, p.shipment_line_id, sl.shipment_id, p.stock_level_id, p.line_id
           FROM peg p JOIN shipment_line sl ON sl.id = p.shipment_line_id JOIN shipment s ON s.id = sl.shipment_id
           JOIN claim c ON c.id = p.claim_id
           WHERE p.line_id = %s AND s.state = ANY(%s) ORDER BY c.joined_at DESC, p.id DESC""",
        [line, list(states)],
        units,
    )


def thaw_from_level(stock_level: int, product: int, units: int) -> None:
    """Gives units of a stock level back from parcels that wait out their handling: the last in rank first.

    A ship-complete group that loses a unit is no longer whole, nor is an `up_to` group's last parcel: all of it is
    given back, so that none of it leaves. So are the other parts of a kit that loses one.
    """
    lines = _thaw(
        """SELECT p.id, p.units, p.shipment_line_id, sl.shipment_id, p.stock_level_id, p.line_id
           FROM peg p JOIN shipment_line sl ON sl.id = p.shipment_line_id JOIN shipment s ON s.id = sl.shipment_id
           JOIN claim c ON c.id = p.claim_id JOIN sales_order o ON o.id = c.order_id
           WHERE p.product_id = %s AND p.stock_level_id = %s AND s.state = 'released'
           ORDER BY c.place DESC, c.minus_score DESC, c.joined_at DESC, o.ref DESC, p.id DESC""",
        [product, stock_level],
        units,
    )
    for (line,) in rows(
        "SELECT DISTINCT line_id FROM shipment_line WHERE line_id = ANY(%s) AND kits IS NOT NULL ORDER BY line_id",
        [sorted(lines)],
    ):
        _thaw_broken_kits(line)
    for line, frozen in rows(
        """SELECT line_id, sum(units / per_kit)::bigint FROM (
               SELECT p.line_id, c.per_kit, sum(p.units)::bigint AS units FROM peg p JOIN claim c ON c.id = p.claim_id
               JOIN order_line l ON l.id = p.line_id
               JOIN shipment_line sl ON sl.id = p.shipment_line_id JOIN shipment s ON s.id = sl.shipment_id
               WHERE c.is_counted AND s.state = 'released' AND (l.order_id, l.ship) IN (
                         SELECT order_id, ship FROM order_line WHERE id = ANY(%s))
                     AND (c.is_complete OR l.ship LIKE 'up\\_to:%%' AND split_part(l.ship, ':', 2)::int <= (
                         SELECT count(DISTINCT t.released_by_id) FROM order_line own
                         JOIN shipment_line tl ON tl.line_id = own.id JOIN shipment t ON t.id = tl.shipment_id
                         WHERE own.order_id = l.order_id AND own.ship = l.ship AND (
                             tl.units > 0 OR own.id = ANY(%s))))
               GROUP BY p.line_id, c.id) v
           GROUP BY line_id ORDER BY line_id""",
        [sorted(lines), sorted(lines)],
    ):
        thaw(line, frozen, ("released",))


def _thaw(sql: str, params: list[Any], units: int) -> set[int]:
    """Thaws along the pegs that a query gives; the order lines that lost units."""
    shipments: set[int] = set()
    lines: set[int] = set()
    for peg, held, parcel_line, shipment, level, line in rows(sql, params):
        taken = min(units, held)
        if taken <= 0:
            break
        if taken == held:
            run("DELETE FROM peg WHERE id = %s", [peg])
        else:
            run("UPDATE peg SET units = units - %s WHERE id = %s", [taken, peg])
        run("UPDATE shipment_line SET units = units - %s WHERE id = %s", [taken, parcel_line])
        run("UPDATE stock_level SET reserved = reserved - %s WHERE id = %s", [taken, level])
        shipments.add(shipment)
        lines.add(line)
        units -= taken
    if shipments:
        run(
            """UPDATE shipment s SET state = 'cancelled' WHERE s.id = ANY(%s)
               AND NOT EXISTS (SELECT 1 FROM shipment_line l WHERE l.shipment_id = s.id AND l.units > 0)""",
            [list(shipments)],
        )
    return lines


@dataclass(frozen=True, slots=True)
class PartFacts:
    """The claim of one part of a set of kits. `frozen` units of its open ones stand in parcels."""

    claim: int
    product: int
    per_kit: int
    is_counted: bool
    units: int
    frozen: int


def parts_of(line: int) -> list[list[PartFacts]]:
    """The sets of kits of a line, the last that joined first, each with its parts; none for a plain product."""
    sets: dict[int, list[PartFacts]] = defaultdict(list)
    for nr, *values in rows(
        """SELECT c.kit_nr, c.id, c.product_id, c.per_kit, c.is_counted, c.units, coalesce((
                      SELECT sum(p.units) FROM peg p
                      WHERE p.line_id = c.line_id AND p.claim_id = c.id AND p.shipment_line_id IS NOT NULL), 0)::bigint
           FROM claim c JOIN order_line l ON l.id = c.line_id
           WHERE c.order_id = l.order_id AND l.id = %s AND c.kit_nr IS NOT NULL ORDER BY c.kit_nr DESC, c.id""",
        [line],
    ):
        sets[nr].append(PartFacts(*values))
    return list(sets.values())


_FROZEN_OF_CLAIM = """
    SELECT p.id, p.units, p.shipment_line_id, sl.shipment_id, p.stock_level_id, p.line_id
    FROM peg p JOIN shipment_line sl ON sl.id = p.shipment_line_id JOIN shipment s ON s.id = sl.shipment_id
    WHERE p.line_id = %s AND p.claim_id = %s AND s.state = ANY(%s) ORDER BY s.id DESC, p.id DESC"""


def _thaw_kits(line: int, sets: list[list[PartFacts]], kits: int, states: tuple[str, ...]) -> None:
    """Gives whole kits of a line back from parcels in these states."""
    for parts in sets:
        frozen = [
            sum(units for _, units, *_ in rows(_FROZEN_OF_CLAIM, [line, part.claim, list(states)])) // part.per_kit
            for part in parts
        ]
        taken = min(kits, *frozen)
        for part in parts:
            _thaw(_FROZEN_OF_CLAIM, [line, part.claim, list(states)], taken * part.per_kit)
        kits -= taken
    _count_kits(line)


def _thaw_broken_kits(line: int) -> None:
    """Gives parts of a line back from parcels that wait out their handling where they make no whole kit any more.

    A part of which units left before counts as if they were still with the others.
    """
    for parts in parts_of(line):
        kits = max(part.units // part.per_kit for part in parts)
        gone = {part.claim: kits * part.per_kit - part.units for part in parts}
        whole = min((part.frozen + gone[part.claim]) // part.per_kit for part in parts)
        for part in parts:
            too_many = part.frozen + gone[part.claim] - whole * part.per_kit
            _thaw(_FROZEN_OF_CLAIM, [line, part.claim, ["released"]], max(0, too_many))
    _count_kits(line)


def _count_kits(line: int) -> None:
    """Counts the kits in a line's parcels that have not left anew."""
    run(
        """UPDATE shipment_line sl SET kits = coalesce((
               SELECT sum(v.after / v.per_kit - v.before / v.per_kit) FROM (
                   SELECT g.shipment_line_id, c.per_kit, (sum(g.units) OVER w)::bigint AS after,
                          (sum(g.units) OVER w)::bigint - g.units AS before
                   FROM peg g JOIN claim c ON c.id = g.claim_id
                   WHERE g.line_id = %s AND g.shipment_line_id IS NOT NULL AND c.is_counted
                   WINDOW w AS (PARTITION BY g.claim_id ORDER BY g.shipment_line_id, g.id)) v
               WHERE v.shipment_line_id = sl.id), 0)
           FROM shipment s
           WHERE s.id = sl.shipment_id AND s.state IN ('released', 'picked', 'packed') AND sl.line_id = %s
                 AND sl.kits IS NOT NULL""",
        [line, line],
    )

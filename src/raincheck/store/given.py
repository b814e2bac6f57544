"""Units that a rebalance or a person gave, as rows: which ties there are, and how they follow a receipt."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from raincheck.core.book import Given
from raincheck.core.peg import PegKind
from raincheck.store.db import rows, run

if TYPE_CHECKING:
    from raincheck.store.snapshot import PegRow

REBALANCED = "rebalanced"
MOVED = "units_moved"
"""The verb of facts by which a person gave units by hand: a rebalance leaves those alone."""


def ties_of(pegs: Iterable["PegRow"]) -> list[Given]:
    """The ties that facts gave, frozen units left out: those are on their way already."""
    given = [peg for peg in pegs if peg.given_by is not None and peg.shipment_line is None]
    if not given:
        return []
    facts = sorted({peg.given_by for peg in given if peg.given_by is not None})
    found = rows("SELECT id FROM fact WHERE id = ANY(%s) AND verb = %s", [facts, MOVED])
    by_hand = {fact for (fact,) in found}
    return [
        Given(
            peg.claim,
            (peg.kind is not PegKind.STOCK, peg.source),
            peg.units,
            peg.given_by,
            peg.given_by in by_hand,
            peg.ships_on,
        )
        for peg in given
        if peg.source is not None and peg.given_by is not None
    ]


def follow_receipt(received: Sequence[tuple[int, int, int]]) -> list[int]:
    """Units given of inbound lines lie at the site now: (inbound line, stock level, sound units) of each that came.

    The first in rank have them; what did not come stays tied to the inbound line. The order lines that have them.
    """
    lines = [line for line, _, _ in received]
    levels = {line: level for line, level, _ in received}
    left = {line: units for line, _, units in received}
    served: list[int] = []
    for peg, line, given, order_line in rows(
        """SELECT g.id, g.inbound_line_id, g.units, g.line_id FROM peg g JOIN claim c ON c.id = g.claim_id
           JOIN sales_order o ON o.id = c.order_id JOIN product p ON p.id = c.product_id
           WHERE g.product_id IN (SELECT product_id FROM inbound_line WHERE id = ANY(%s))
                 AND g.inbound_line_id = ANY(%s) AND g.given_by_id IS NOT NULL
           ORDER BY c.place, c.minus_score, c.joined_at, o.ref, p.sku, c.id, g.id""",
        [lines, lines],
    ):
        if came := min(left[line], given):
            _move_to_stock(peg, levels[line], came, given)
            left[line] -= came
            served.append(order_line)
    # What others hold of the line is settled by the pass that follows: until then no more counts than is still owed.
    run(
        """UPDATE inbound_line i SET pegged = least(i.owed, coalesce((
                   SELECT sum(g.units) FROM peg g
                   WHERE g.product_id = i.product_id AND g.inbound_line_id = i.id), 0))
           WHERE i.id = ANY(%s)""",
        [lines],
    )
    return served


def _move_to_stock(peg: int, level: int, came: int, given: int) -> None:
    """Moves units of a peg from its inbound line to a stock level, beside what the claim was given of that."""
    there = run(
        """UPDATE peg s SET units = s.units + %s FROM peg g
           WHERE g.id = %s AND s.claim_id = g.claim_id AND s.product_id = g.product_id AND s.stock_level_id = %s
                 AND s.given_by_id IS NOT NULL AND s.shipment_line_id IS NULL""",
        [came, peg, level],
    )
    if not there:
        run(
            """INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, is_preorder, given_by_id)
               SELECT claim_id, line_id, product_id, %s, 'stock', %s, is_preorder, given_by_id
               FROM peg WHERE id = %s""",
            [came, level, peg],
        )
    if came == given:
        run("DELETE FROM peg WHERE id = %s", [peg])
    else:
        run("UPDATE peg SET units = units - %s WHERE id = %s", [came, peg])


def set_places(places: Iterable[tuple[int, int]], fact: int) -> None:
    """Claims stand at the places (claim, place) of a rebalance, until it is revoked."""
    wanted = sorted(places)
    run(
        """UPDATE claim c SET place = v.place, place_by_id = %s
           FROM unnest(%s::bigint[], %s::smallint[]) AS v (id, place) WHERE c.id = v.id""",
        [fact, [claim for claim, _ in wanted], [place for _, place in wanted]],
    )


def places_of(lines: Sequence[int]) -> dict[int, int]:
    """The places that rebalances gave to lines, by line; those of other lines are left out."""
    return dict(
        rows(
            """SELECT DISTINCT ON (c.line_id) c.line_id, c.place
               FROM order_line l JOIN claim c ON c.order_id = l.order_id AND c.line_id = l.id
               WHERE l.id = ANY(%s) AND c.place_by_id IS NOT NULL ORDER BY c.line_id, c.id""",
            [list(lines)],
        )
    )


def keep_places(lines: Sequence[int]) -> None:
    """Units that joined lines since a rebalance stand at the line's place, too."""
    run(
        """UPDATE claim c SET place = v.place, place_by_id = v.place_by FROM (
               SELECT DISTINCT ON (o.line_id) o.order_id, o.line_id, o.place, o.place_by_id AS place_by
               FROM order_line l JOIN claim o ON o.order_id = l.order_id AND o.line_id = l.id
               WHERE l.id = ANY(%s) AND o.place_by_id IS NOT NULL ORDER BY o.line_id, o.id) v
           WHERE c.order_id = v.order_id AND c.line_id = v.line_id AND c.place_by_id IS NULL""",
        [list(lines)],
    )


def revoke(lines: Sequence[int]) -> bool:
    """Lines are no longer given anything and stand at the place of everybody; False if nothing was to be taken back.

    The pass that has to follow puts together what was given and what was not.
    """
    untied = run(
        """UPDATE peg SET given_by_id = NULL
           WHERE line_id = ANY(%s) AND given_by_id IS NOT NULL AND shipment_line_id IS NULL""",
        [list(lines)],
    )
    moved = run(
        """UPDATE claim c SET place = 3, place_by_id = NULL FROM order_line l
           WHERE l.id = ANY(%s) AND c.order_id = l.order_id AND c.line_id = l.id
                 AND (c.place <> 3 OR c.place_by_id IS NOT NULL)""",
        [list(lines)],
    )
    return untied + moved > 0


def revoke_by(product: int, verb: str) -> bool:
    """What facts of one verb gave of a product is not given any more; False if that was nothing.

    What else was given stays, and so do all places.
    """
    return (
        run(
            """UPDATE peg g SET given_by_id = NULL FROM fact f
               WHERE g.product_id = %s AND f.id = g.given_by_id AND f.verb = %s AND g.shipment_line_id IS NULL""",
            [product, verb],
        )
        > 0
    )

"""Kits on the floor: whole ones are picked, and whole ones leave."""

from collections import defaultdict
from collections.abc import Sequence

from raincheck.core.errors import Refused
from raincheck.store.db import rows
from raincheck.store.lines import OrderFacts
from raincheck.store.parcels import ParcelLine
from raincheck.store.thawing import PartFacts, parts_of

Missing = tuple[int, int, int, int]
"""(stock level, product, site, units)."""

Shelf = dict[int, list[list[int]]]
"""By claim: [stock level, site, units] of what is tied to stock and in no parcel."""


def pick_kits(line: int, found: int) -> tuple[dict[int, list[ParcelLine]], list[Missing]]:
    """What goes into the totes, by site, for so many kits that were found; and the parts of those that were not.

    Which part of a kit is missing the picker does not say: all its parts are to be counted.
    """
    totes: dict[int, list[ParcelLine]] = defaultdict(list)
    missing: list[Missing] = []
    for parts in reversed(parts_of(line)):
        shelf = _shelf(line)
        reserved = min(sum(units for *_, units in shelf[part.claim]) // part.per_kit for part in parts)
        picked = min(found, reserved)
        found -= picked
        counted = 0
        for part, level, site, units in _take(parts, shelf, picked):
            before, counted = counted, counted + (units if part.is_counted else 0)
            kits = counted // part.per_kit - before // part.per_kit
            totes[site].append(ParcelLine(part.claim, line, part.product, level, units, kits))
        missing += [
            (level, part.product, site, units) for part, level, site, units in _take(parts, shelf, reserved - picked)
        ]
    return totes, missing


def with_other_parts(shipments: Sequence[int], skus: Sequence[str], chosen: Sequence[int]) -> list[int]:
    """Of some parcels those that hold no more than other parts of kits which are counted in chosen ones."""
    found = rows(
        """SELECT sl.shipment_id FROM shipment_line sl
           JOIN order_line l ON l.id = sl.line_id JOIN product p ON p.id = l.product_id
           WHERE sl.shipment_id = ANY(%s) AND NOT sl.shipment_id = ANY(%s) AND sl.units > 0
           GROUP BY sl.shipment_id HAVING max(coalesce(sl.kits, 1)) = 0 AND bool_and(p.sku = ANY(%s))
           ORDER BY sl.shipment_id""",
        [list(shipments), list(chosen), list(skus)],
    )
    return [shipment for (shipment,) in found]


def refuse_broken_kits(order: OrderFacts, shipments: Sequence[int]) -> None:
    """Raises Refused where parts of kits would leave without the others, which are in another parcel."""
    for sku, parcels in rows(
        """SELECT p.sku, string_agg(DISTINCT v.parcel::text, ', ' ORDER BY v.parcel::text) FROM (
               SELECT c.line_id, c.kit_nr, c.per_kit, sl.shipment_id AS parcel, g.units,
                      sum(g.units) FILTER (WHERE sl.shipment_id = ANY(%s))
                          OVER (PARTITION BY c.id) AS leaving
               FROM peg g JOIN claim c ON c.id = g.claim_id JOIN shipment_line sl ON sl.id = g.shipment_line_id
               WHERE c.order_id = %s AND c.kit_nr IS NOT NULL) v
           JOIN order_line l ON l.id = v.line_id JOIN product p ON p.id = l.product_id
           GROUP BY p.sku, v.line_id, v.kit_nr
           HAVING min(coalesce(v.leaving, 0)::numeric / v.per_kit)
                  <> max(coalesce(v.leaving, 0)::numeric / v.per_kit)""",
        [list(shipments), order.id],
    ):
        why = f"parts of one kit are in several parcels ({parcels}): ship them together"
        raise Refused(f"order {order.ref!r}, product {sku!r}: {why}")


def _shelf(line: int) -> Shelf:
    shelf: Shelf = defaultdict(list)
    for claim, level, site, units in rows(
        """SELECT p.claim_id, p.stock_level_id, s.site_id, p.units
           FROM peg p JOIN stock_level s ON s.id = p.stock_level_id
           WHERE p.line_id = %s AND p.shipment_line_id IS NULL AND p.kind = 'stock' AND NOT p.is_preorder
                 AND p.waits_for = ''
           ORDER BY p.claim_id, s.id""",
        [line],
    ):
        shelf[claim].append([level, site, units])
    return shelf


def _take(parts: Sequence[PartFacts], shelf: Shelf, kits: int) -> list[tuple[PartFacts, int, int, int]]:
    """Takes whole kits off the shelf, first those of which one site has all parts: (part, level, site, units)."""
    taken: list[tuple[PartFacts, int, int, int]] = []
    sites = sorted({site for part in parts for _, site, _ in shelf[part.claim]})
    for wanted in ([site] for site in sites):
        here = min(_units(shelf, part, wanted) // part.per_kit for part in parts)
        taken += _take_at(parts, shelf, wanted, min(kits, here))
        kits -= min(kits, here)
    return taken + _take_at(parts, shelf, sites, kits)


def _units(shelf: Shelf, part: PartFacts, sites: Sequence[int]) -> int:
    return sum(units for _, site, units in shelf[part.claim] if site in sites)


def _take_at(
    parts: Sequence[PartFacts], shelf: Shelf, sites: Sequence[int], kits: int
) -> list[tuple[PartFacts, int, int, int]]:
    taken: list[tuple[PartFacts, int, int, int]] = []
    for part in parts:
        needed = kits * part.per_kit
        for row in shelf[part.claim]:
            level, site, there = row
            if site in sites and (units := min(needed, there)):
                row[2] -= units
                needed -= units
                taken.append((part, level, site, units))
    return taken

"""Who got units from a receipt, and what is left for the shelf: the books before it and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from raincheck.store.db import rows
from raincheck.store.reads.queue import RANK


@dataclass(frozen=True, slots=True)
class ReleasedLine:
    """Units of an order line that waited and now lie reserved for it or are with the carrier."""

    order_ref: str
    customer: str
    customer_code: str
    sku: str
    name: str
    units: int
    shipped_units: int
    still_waiting: int


@dataclass(frozen=True, slots=True)
class Putaway:
    """Units nobody waits for: they go to the shelf of a site."""

    sku: str
    name: str
    site: str
    site_code: str
    units: int


@dataclass(frozen=True, slots=True)
class Freed:
    """What a receipt did, the released in serving order."""

    released: list[ReleasedLine]
    putaway: list[Putaway]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The books of some products before something happened: covered units by line, free units by stock level."""

    skus: list[str]
    lines: dict[int, tuple[int, int]]
    free: dict[int, int]


def waiting_before(skus: Sequence[str]) -> Waiting:
    """Lines that wait for these products in serving order, and the free stock. Two queries."""
    found = rows(
        f"""SELECT l.id, l.reserved + l.shipped, l.shipped
            FROM claim c JOIN order_line l ON l.id = c.line_id JOIN sales_order o ON o.id = c.order_id
            JOIN product p ON p.id = c.product_id
            WHERE p.sku = ANY(%s) AND c.units > 0 AND l.backordered + l.preordered > 0 ORDER BY {RANK}""",
        [list(skus)],
    )
    return Waiting(list(skus), {line: (covered, shipped) for line, covered, shipped in found}, _free(skus))


def freed_since(before: Waiting) -> Freed:
    """What changed since. Two queries."""
    place = {line: number for number, line in enumerate(before.lines)}
    found = rows(
        """SELECT l.id, o.ref, coalesce(nullif(u.name, ''), u.code, ''), coalesce(u.code, ''), p.sku, p.name,
                  l.reserved + l.shipped, l.shipped, l.backordered + l.preordered
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           LEFT JOIN customer u ON u.id = o.customer_id WHERE l.id = ANY(%s)""",
        [list(before.lines)],
    )
    released = [
        (place[line], ReleasedLine(ref, customer, code, sku, name, covered - was, shipped - had_shipped, waits))
        for line, ref, customer, code, sku, name, covered, shipped, waits in found
        for was, had_shipped in [before.lines[line]]
        if covered > was
    ]
    putaway = [
        Putaway(sku, name, site, code, units - before.free.get(level, 0))
        for level, units, sku, name, site, code in _levels(before.skus)
        if units > before.free.get(level, 0)
    ]
    return Freed([line for _, line in sorted(released, key=lambda item: item[0])], putaway)


def _free(skus: Sequence[str]) -> dict[int, int]:
    return {level: units for level, units, *_ in _levels(skus)}


def _levels(skus: Sequence[str]) -> list[tuple[int, int, str, str, str, str]]:
    found = rows(
        """SELECT v.id, v.on_hand - v.reserved, p.sku, p.name, coalesce(nullif(t.name, ''), t.code),
                  t.code
           FROM stock_level v JOIN product p ON p.id = v.product_id JOIN site t ON t.id = v.site_id
           WHERE p.sku = ANY(%s) ORDER BY p.sku, t.code""",
        [list(skus)],
    )
    return [(level, units, sku, name, site, code) for level, units, sku, name, site, code in found]

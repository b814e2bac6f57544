"""Planned parcels on the floor: what waits for one is not picked, and the last of N parcels takes all the rest."""

from collections.abc import Sequence

from raincheck.core.errors import Refused
from raincheck.core.policy import releases_allowed
from raincheck.core.reason import Reason
from raincheck.store.db import rows
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import Locked
from raincheck.store.tasks import open_for_order
from raincheck.words.reasons import REASONS


def waiting_units(order: OrderFacts) -> dict[int, tuple[int, str]]:
    """Reserved units that the floor leaves on the shelf for now, and why: by line."""
    found = rows(
        """SELECT p.line_id, (sum(p.units) / c.per_kit)::bigint, min(p.waits_for)
           FROM peg p JOIN order_line l ON l.id = p.line_id JOIN claim c ON c.id = p.claim_id
           WHERE l.order_id = %s AND p.waits_for <> '' AND p.kind = 'stock' AND p.shipment_line_id IS NULL
                 AND c.is_counted
           GROUP BY p.line_id, c.per_kit""",
        [order.id],
    )
    return {line: (units, REASONS[Reason(why)]) for line, units, why in found}


def refuse_a_last_parcel_in_part(order: OrderFacts, order_lines: Sequence[LineFacts], shipments: Sequence[int]) -> None:
    """Raises Refused where parcels would be the last that an `up_to` group may have, and units of it stay behind."""
    for most, used, left in _after(order, shipments):
        if used >= most and left:
            skus = ", ".join(line.sku for line in order_lines if line.ship == f"up_to:{most}" and line.open_units)
            raise Refused(
                f"order {order.ref!r} ships in up to {most}, and this is the last: what is open still ({skus}: {left}) "
                f"is in no parcel; wait for it, or cancel it"
            )


def _after(order: OrderFacts, shipments: Sequence[int]) -> list[tuple[int, int, int]]:
    """For each `up_to` group with units in some parcels: (most, releases once these have left, open units outside)."""
    found = rows(
        """SELECT l.ship, 1 + (
                      SELECT count(DISTINCT s.released_by_id) FROM order_line own
                      JOIN shipment_line sl ON sl.line_id = own.id JOIN shipment s ON s.id = sl.shipment_id
                      WHERE own.order_id = %s AND own.ship = l.ship AND sl.units > 0
                            AND s.state IN ('released', 'shipped', 'delivered')),
                  sum(l.reserved + l.backordered + l.preordered - coalesce(v.units, 0))::bigint
           FROM order_line l LEFT JOIN (
               SELECT line_id, sum(coalesce(kits, units)) AS units FROM shipment_line WHERE shipment_id = ANY(%s)
               GROUP BY line_id) v ON v.line_id = l.id
           WHERE l.order_id = %s AND l.ship LIKE 'up\\_to:%%'
           GROUP BY l.ship HAVING bool_or(v.units > 0)""",
        [order.id, list(shipments), order.id],
    )
    return [(most, used, left) for ship, used, left in found if (most := releases_allowed(ship)) is not None]


def open_exception(order: OrderFacts, order_lines: Sequence[LineFacts], missing: set[int], locked: Locked) -> None:
    """Opens a task where units of the last parcel of an `up_to` group were not found: it does not go without them."""
    short = {line.ship for line in order_lines if line.product in missing and releases_allowed(line.ship)}
    totes = [id_ for (id_,) in rows("SELECT id FROM shipment WHERE order_id = %s AND state = 'picked'", [order.id])]
    for most, used, left in _after(order, totes):
        if f"up_to:{most}" in short and used >= most and left:
            units = f"{left} {'unit' if left == 1 else 'units'}"
            text = f"The last of {most} shipments is short of {units}: wait for them, or cancel them and send the rest"
            open_for_order("last_parcel", order.id, text, locked.at)

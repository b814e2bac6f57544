"""The manual warehouse: pick, pack, ship, deliver. The floor's events are refused on orders that must not leave."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_line, known_order
from raincheck.actions.floor_kits import pick_kits, refuse_broken_kits, with_other_parts
from raincheck.actions.floor_parcels import open_exception, refuse_a_last_parcel_in_part, waiting_units
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.tracking import NOT_TRACKED, Tracking
from raincheck.store import carriers, ledger, lines, parcels
from raincheck.store.card_cover import ask_missing, uncovered_parcels
from raincheck.store.company import read_settings
from raincheck.store.db import rows, run
from raincheck.store.declines import declined_at_the_door, is_unpaid
from raincheck.store.law_records import is_overdue
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import Locked, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.parcels import Parcel, ParcelLine


def pick(ref: str, found: Mapping[str, int] | None = None, at: datetime | None = None, actor: str = "") -> list[int]:
    """Takes reserved units from the shelf into a tote for each site; the parcels' rows.

    `found` says what the picker found (None: all of it). What is missing leaves the stock figures until a count, opens
    a count task, and its claims go back to the queue at their old rank. Raises Refused for an order that must not
    leave, or when more is found than is reserved.
    """
    with transaction.atomic():
        order, order_lines, locked = _on_the_floor(ref, at)
        _refuse_incomplete(order, order_lines, "picked")
        _refuse_too_early(order, locked)
        outbox = Outbox(locked.at, "picked", f"order:{ref}", actor, {"lines": dict(found or {})})
        wanted = _found_units(order, order_lines, found)
        tote: dict[int, list[ParcelLine]] = defaultdict(list)
        missing: list[tuple[int, int, int, int]] = []
        for line, units in wanted:
            if line.is_kit:
                kits, lost = pick_kits(line.id, units)
                missing += lost
                for site, content in kits.items():
                    tote[site] += content
                continue
            left = units
            for claim, level, site, reserved in _reserved_at(line):
                taken = min(left, reserved)
                if taken:
                    tote[site].append(ParcelLine(claim, line.id, line.product, level, taken))
                if taken < reserved:
                    missing.append((level, line.product, site, reserved - taken))
                left -= taken
        totes = [Parcel(order.id, site, content) for site, content in tote.items()]
        shipments = parcels.create(totes, "picked", locked.at, None)
        _write_off(missing, order, locked, outbox)
        open_exception(order, order_lines, {product for _, product, _, _ in missing}, locked)
        _ = outbox.fact
        run_pass(locked, outbox)
        outbox.flush()
        return shipments


def pack(
    ref: str,
    shipment: int | None = None,
    units_by_sku: Mapping[str, int] | None = None,
    at: datetime | None = None,
    actor: str = "",
) -> list[int]:
    """Packs what is picked of an order, or one parcel of it, or some units; the parcels.

    What is left out of a parcel stays in one of its own. Raises Refused if nothing is picked, or fewer units are.
    """
    with transaction.atomic():
        order, _, locked = _on_the_floor(ref, at)
        shipments = _parcels(order, shipment, units_by_sku, ("picked",), "picked")
        run("UPDATE shipment SET state = 'packed' WHERE id = ANY(%s)", [shipments])
        outbox = Outbox(locked.at, "packed", f"order:{ref}", actor, {"shipments": shipments})
        _ = outbox.fact
    return shipments


def ship(
    ref: str,
    shipment: int | None = None,
    units_by_sku: Mapping[str, int] | None = None,
    at: datetime | None = None,
    actor: str = "",
    tracking: Tracking = NOT_TRACKED,
) -> list[int]:
    """The carrier takes what is picked or packed of an order, or one parcel of it, or some units; the parcels.

    Nothing leaves where the charge is declined, or while no card authorisation covers it: that is asked for. Raises
    Refused if nothing is picked or packed, when the order ships complete and units of it would stay behind, or while a
    declined charge is not paid; Malformed where one number (`tracking`) would stand for several parcels.
    """
    with transaction.atomic():
        order, order_lines, locked = _on_the_floor(ref, at)
        shipments = _parcels(order, shipment, units_by_sku, ("picked", "packed"), "picked or packed")
        complete = [line for line in order_lines if line.ship == "complete" and line.open_units]
        stays = units_by_sku is not None and any(units_by_sku.get(line.sku, 0) < line.open_units for line in complete)
        if stays or any(line.free_units for line in complete):
            raise Refused(f"order {ref!r} ships complete: some of its units are in no parcel yet")
        if is_unpaid(order.id):
            raise Refused(f"the charge of order {ref!r} was declined: it stays here until it is paid")
        refuse_broken_kits(order, shipments)
        refuse_a_last_parcel_in_part(order, order_lines, shipments)
        outbox = Outbox(locked.at, "shipped", f"order:{ref}", actor, {"shipments": shipments})
        _ = outbox.fact
        settings = read_settings()
        if declined_at_the_door(settings, order.id, shipments, outbox):
            shipments = []
        bare, lacking = uncovered_parcels(settings, shipments, locked.at)
        ask_missing(settings, lacking, outbox)
        shipments = [parcel for parcel in shipments if parcel not in bare]
        _note_tracking(ref, shipments, tracking)
        parcels.hand_over(settings, outbox, shipments, locked.at)
        run_pass(locked, outbox, refresh_lines=[line.id for line in order_lines])
        outbox.flush()
    return shipments


def _note_tracking(ref: str, shipments: list[int], tracking: Tracking) -> None:
    if tracking == NOT_TRACKED:
        return
    if tracking.number and len(shipments) > 1:
        raise Malformed(f"order {ref!r}: {len(shipments)} parcels leave; name the one with number {tracking.number!r}")
    carriers.note_tracking(shipments, tracking)


def deliver(
    ref: str,
    shipment: int | None = None,
    units_by_sku: Mapping[str, int] | None = None,
    at: datetime | None = None,
    actor: str = "",
) -> list[int]:
    """What the carrier has of an order, or one parcel or some units of it, is delivered; the parcels.

    Raises Refused if it has nothing, or fewer units.
    """
    with transaction.atomic():
        order = known_order(ref)
        locked = lock_products(lines.products_of([order.id]), at)
        shipments = _parcels(order, shipment, units_by_sku, ("shipped",), "with the carrier")
        outbox = Outbox(locked.at, "delivered", f"order:{ref}", actor, {"shipments": shipments})
        _ = outbox.fact
        parcels.deliver(outbox, shipments, locked.at)
        outbox.flush()
    return shipments


def _on_the_floor(ref: str, at: datetime | None) -> tuple[OrderFacts, list[LineFacts], Locked]:
    """An order that the floor may work on, under lock. Raises Refused for one that it may not."""
    locked = lock_products(lines.products_of([known_order(ref).id]), at)
    order = known_order(ref)
    if order.state != "open":
        raise Refused(f"order {ref!r} is {order.state.replace('_', ' ')}: put it back")
    if is_overdue(order.id, locked.at):
        raise Refused(f"order {ref!r} has passed its last legal day and is being cancelled: put it back")
    return order, lines.read_lines(order.id), locked


def _refuse_incomplete(order: OrderFacts, order_lines: list[LineFacts], done: str) -> None:
    group = [line for line in order_lines if line.ship == "complete" and line.open_units]
    if any(line.reserved < line.open_units for line in group):
        raise Refused(f"order {order.ref!r} ships complete and waits for stock: it cannot be {done} yet")


def _refuse_too_early(order: OrderFacts, locked: Locked) -> None:
    """What is wanted later is picked on the day that delivers on it: before, another truck may serve it as well."""
    if order.wanted_on is None:
        return
    settings = read_settings()
    leaves_on = settings.road.latest_release_on(order.wanted_on)
    if leaves_on > settings.calendar.day_of(locked.at):
        raise Refused(f"order {order.ref!r} is wanted on {order.wanted_on}: it is picked from {leaves_on} on")


def _found_units(
    order: OrderFacts, order_lines: list[LineFacts], found: Mapping[str, int] | None
) -> list[tuple[LineFacts, int]]:
    """How many units of which lines were found. Raises Refused if more than are reserved and not picked."""
    waiting = waiting_units(order)
    on_shelf = {line.sku: line.reserved - line.frozen - waiting.get(line.id, (0, ""))[0] for line in order_lines}
    if found is None:
        wanted = [(line, on_shelf[line.sku]) for line in order_lines if on_shelf[line.sku] > 0]
        if not wanted:
            why = "".join(sorted({f": what it has on the shelf {why}" for _, why in waiting.values()})[:1])
            raise Refused(f"order {order.ref!r} has nothing to pick{why}")
        return wanted
    chosen: list[tuple[LineFacts, int]] = []
    for sku, units in found.items():
        line = known_line(order, order_lines, sku)
        if units < 0:
            raise Malformed(f"order {order.ref!r}, product {sku!r}: the quantity must not be negative")
        if on_shelf[sku] <= 0 or units > on_shelf[sku]:
            units_left, why = waiting.get(line.id, (0, ""))
            more = f"; {units_left} more {why}" if units_left else ""
            raise Refused(f"order {order.ref!r}, product {sku!r}: {max(0, on_shelf[sku])} units are to be picked{more}")
        chosen.append((line, units))
    return chosen


def _reserved_at(line: LineFacts) -> list[tuple[int, int, int, int]]:
    """Where a line's units lie: (claim, stock level, site, units), in rank order of its claims."""
    found = rows(
        """SELECT p.claim_id, p.stock_level_id, s.site_id, p.units
           FROM peg p JOIN claim c ON c.id = p.claim_id JOIN stock_level s ON s.id = p.stock_level_id
           WHERE p.line_id = %s AND p.shipment_line_id IS NULL AND p.kind = 'stock' AND NOT p.is_preorder
                 AND p.waits_for = ''
           ORDER BY c.joined_at, c.id, s.id""",
        [line.id],
    )
    return [(claim, level, site, units) for claim, level, site, units in found]


def _write_off(missing: list[tuple[int, int, int, int]], order: OrderFacts, locked: Locked, outbox: Outbox) -> None:
    """Units that were not where they should be leave the figures until a count finds them, so nobody is sent again."""
    ledger.post(
        (ledger.Movement(level, -units, "short_pick") for level, _, _, units in missing),
        locked.at,
        outbox.fact,
        order.ref,
    )
    for _, product, site, units in missing:
        run(
            """INSERT INTO task (kind, text, order_id, product_id, site_id, opened_at, closed_by)
               VALUES ('count', %s, %s, %s, %s, %s, '')""",
            [
                f"{units} {'unit was' if units == 1 else 'units were'} not found: count the shelf",
                order.id,
                product,
                site,
                locked.at,
            ],
        )


def _parcels(
    order: OrderFacts,
    shipment: int | None,
    units_by_sku: Mapping[str, int] | None,
    states: tuple[str, ...],
    words: str,
) -> list[int]:
    """Parcels of an order in some states; with units given, parcels that hold just these, the rest split off.

    Raises Refused if there is none, or fewer units are in them, NotFound for a parcel that is not the order's.
    """
    found = rows(
        """SELECT DISTINCT s.id, s.state FROM shipment s JOIN shipment_line sl ON sl.shipment_id = s.id
           JOIN order_line l ON l.id = sl.line_id WHERE l.order_id = %s AND sl.units > 0 ORDER BY s.id""",
        [order.id],
    )
    if shipment is not None:
        if shipment not in {id_ for id_, _ in found}:
            raise NotFound(f"order {order.ref!r} has no shipment {shipment}")
        found = [(id_, state) for id_, state in found if id_ == shipment]
    fitting = [id_ for id_, state in found if state in states]
    if not fitting:
        raise Refused(f"order {order.ref!r}: nothing is {words}")
    return fitting if units_by_sku is None else _only(order, fitting, units_by_sku, words)


def _only(order: OrderFacts, shipments: list[int], units_by_sku: Mapping[str, int], words: str) -> list[int]:
    """Takes just these units out of some parcels, the first parcel first."""
    wanted = dict(units_by_sku)
    chosen: list[int] = []
    for shipment in shipments:
        inside = dict(
            rows(
                """SELECT p.sku, sum(coalesce(sl.kits, sl.units))::bigint FROM shipment_line sl
                   JOIN order_line l ON l.id = sl.line_id JOIN product p ON p.id = l.product_id
                   WHERE sl.shipment_id = %s GROUP BY p.sku""",
                [shipment],
            )
        )
        taken = {sku: min(units, inside.get(sku, 0)) for sku, units in wanted.items()}
        if any(taken.values()):
            parcels.split_off(shipment, taken)
            chosen.append(shipment)
            wanted = {sku: units - taken[sku] for sku, units in wanted.items()}
    chosen += with_other_parts(shipments, list(units_by_sku), chosen)
    missing = {sku: units for sku, units in wanted.items() if units > 0}
    if missing or not chosen:
        sku = next(iter(missing), next(iter(units_by_sku), ""))
        raise Refused(f"order {order.ref!r}, product {sku!r}: {wanted.get(sku, 0)} units more than are {words}")
    return chosen

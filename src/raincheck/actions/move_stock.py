"""Stock that moves without a supplier or a carrier: counts, transfers between sites, returns."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_line, known_order
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed, Refused
from raincheck.store import inbound, ledger, lines, thawing
from raincheck.store.catalogue import find_site
from raincheck.store.company import read_settings
from raincheck.store.db import one, rows, run
from raincheck.store.kits import contents_of_line, find_stocked
from raincheck.store.locks import lock_products
from raincheck.store.order_money import read_accounts, settle_money, take_returned
from raincheck.store.outbox import Outbox


def count(site: str, units_by_sku: Mapping[str, int], at: datetime | None = None, actor: str = "") -> None:
    """Sets what is on hand at a site to what was counted: the difference is entered, and pegs follow.

    Units in totes and packed parcels are part of the count, so it cannot fall below them (Refused).
    """
    with transaction.atomic():
        products = find_stocked(units_by_sku)
        site_id = find_site(site)
        locked = lock_products((product.id for product in products.values()), at)
        outbox = Outbox(locked.at, "counted", f"site:{site}", actor, {"lines": dict(units_by_sku)})
        movements: list[ledger.Movement] = []
        for sku, units in units_by_sku.items():
            if units < 0:
                raise Malformed(f"count at {site!r}, product {sku!r}: the quantity must not be negative")
            level = ledger.level_of(site_id, products[sku].id)
            before = on_hand_of(level)
            frozen, picked = frozen_units(level)
            if units < picked:
                raise Refused(f"count at {site!r}, product {sku!r}: the floor has picked {picked} already")
            if units < frozen:
                thawing.thaw_from_level(level, products[sku].id, frozen - units)
            movements.append(ledger.Movement(level, units - before, "counted"))
        ledger.post(movements, locked.at, outbox.fact, "count")
        run(
            """UPDATE task SET closed_at = %s, closed_by = %s
               WHERE kind = 'count' AND closed_at IS NULL AND site_id = %s AND product_id = ANY(%s)""",
            [locked.at, actor, site_id, [products[sku].id for sku in units_by_sku]],
        )
        run_pass(locked, outbox)
        outbox.flush()


def transfer(
    ref: str,
    from_site: str,
    to_site: str,
    due_on: date,
    units_by_sku: Mapping[str, int],
    at: datetime | None = None,
    actor: str = "",
) -> bool:
    """Sends stock from one site to another; it leaves now and is supply at the other. False if it was sent already.

    Raises Refused when fewer units lie there than are to be sent, or another transfer has this reference.
    """
    if from_site == to_site:
        raise Malformed(f"transfer {ref!r}: a site cannot send to itself")
    if not units_by_sku or any(units < 1 for units in units_by_sku.values()):
        raise Malformed(f"transfer {ref!r}: every line needs at least 1 unit")
    with transaction.atomic():
        products = find_stocked(units_by_sku)
        source, target = find_site(from_site), find_site(to_site)
        locked = lock_products((product.id for product in products.values()), at)
        there = inbound.find_inbound("transfer", ref)
        if there is not None:
            same = {line.sku: line.ordered for line in inbound.read_lines(there.id)} == dict(units_by_sku)
            if not same or there.site != target:
                raise Refused(f"transfer {ref!r} exists with other content")
            return False
        outbox = Outbox(locked.at, "transfer_sent", f"transfer:{ref}", actor, {"lines": dict(units_by_sku)})
        movements: list[ledger.Movement] = []
        for sku, units in units_by_sku.items():
            level = ledger.level_of(source, products[sku].id)
            frozen, _ = frozen_units(level)
            if units > on_hand_of(level) - frozen:
                free = on_hand_of(level) - frozen
                raise Refused(f"transfer {ref!r}, product {sku!r}: only {free} of {units} can leave {from_site!r}")
            movements.append(ledger.Movement(level, -units, "transfer_sent"))
        ledger.post(movements, locked.at, outbox.fact, ref)
        settings = read_settings()
        wanted = [(products[sku].id, units, None) for sku, units in units_by_sku.items()]
        today = settings.calendar.day_of(locked.at)
        id_ = inbound.insert("transfer", ref, None, source, target, "confirmed", today, locked.at, wanted)
        order_lines = inbound.read_lines(id_)
        inbound.confirm_units(settings, [(line, line.ordered) for line in order_lines], today)
        inbound.set_due(settings, None, {line.id: due_on for line in order_lines}, today)
        run_pass(locked, outbox)
        outbox.flush()
    return True


def return_goods(
    ref: str, units_by_sku: Mapping[str, int], condition: str = "good", at: datetime | None = None, actor: str = ""
) -> None:
    """Takes shipped units back: good ones serve the queue, damaged ones cannot be sold; the price is refunded once.

    Raises Refused when more comes back than was shipped and kept.
    """
    if condition not in ("good", "damaged"):
        raise Malformed(f"return for order {ref!r}: the condition is good or damaged, not {condition!r}")
    with transaction.atomic():
        order = known_order(ref)
        locked = lock_products(lines.products_of([order.id]), at)
        order_lines = lines.read_lines(order.id)
        detail = {"lines": dict(units_by_sku), "condition": condition}
        outbox = Outbox(locked.at, "returned", f"order:{ref}", actor, detail)
        movements: list[ledger.Movement] = []
        came_back: dict[int, int] = {}
        for sku, units in units_by_sku.items():
            line = known_line(order, order_lines, sku)
            if units < 1:
                raise Malformed(f"return for order {ref!r}, product {sku!r}: at least 1 unit must come back")
            if units > line.shipped - line.returned:
                kept = line.shipped - line.returned
                raise Refused(f"return for order {ref!r}, product {sku!r}: only {kept} of {units} can come back")
            came_back[line.id] = units
            for product, per_kit in contents_of_line(line.id) or [(line.product, 1)]:
                good, damaged = (units * per_kit, 0) if condition == "good" else (0, units * per_kit)
                movements.append(ledger.Movement(_shipped_from(line.id, product), good, "returned", damaged))
        ledger.post(movements, locked.at, outbox.fact, ref)
        settings = read_settings()
        take_returned(came_back, read_accounts(settings, [order.id])[order.id])
        settle_money(settings, outbox, [order.id])
        run_pass(locked, outbox)
        outbox.flush()


def on_hand_of(level: int) -> int:
    """Units on hand of a stock level."""
    found = one("SELECT on_hand FROM stock_level WHERE id = %s", [level])
    return int(found[0])


def frozen_units(level: int) -> tuple[int, int]:
    """Units of a stock level in parcels that have not left: (all, those the floor has)."""
    found = rows(
        """SELECT coalesce(sum(p.units), 0)::bigint,
                  coalesce(sum(p.units) FILTER (WHERE s.state <> 'released'), 0)::bigint
           FROM stock_level v JOIN peg p ON p.product_id = v.product_id AND p.stock_level_id = v.id
           JOIN shipment_line sl ON sl.id = p.shipment_line_id JOIN shipment s ON s.id = sl.shipment_id
           WHERE v.id = %s""",
        [level],
    )
    return int(found[0][0]), int(found[0][1])


def _shipped_from(line: int, product: int) -> int:
    """The stock level from which a line's last parcel with a product left: where its goods come back to."""
    found = one(
        """SELECT sl.stock_level_id FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id
           WHERE sl.line_id = %s AND sl.product_id = %s AND s.shipped_at IS NOT NULL AND sl.units > 0
           ORDER BY s.shipped_at DESC, s.id DESC LIMIT 1""",
        [line, product],
    )
    return int(found[0])

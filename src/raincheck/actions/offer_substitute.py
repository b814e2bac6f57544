"""Offer a customer another product for units that wait (semantics 15).

Nothing moves by the offer: the line keeps its units, its place, its price and its clock. Taken, it is the answer
`{substitute: {…}}` (actions.answer_order); declined or run out, everything is as it was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from raincheck.actions.cancel_order import known_line, known_order
from raincheck.core.errors import Malformed, Refused
from raincheck.store import lines, offers
from raincheck.store.catalogue import find_products
from raincheck.store.company import read_settings
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.reads.availability import availability
from raincheck.store.shop import names_of, read_shop
from raincheck.store.timers import Due, clear

LONGEST_HOURS = 24 * 90


def offer_substitute(
    ref: str, sku: str, instead: str, hours: int | None = None, at: datetime | None = None, actor: str = ""
) -> None:
    """Offers `instead` for the open units of a line, for so many hours (None: as the shop is set up).

    The notice `substitute_offered` names the line, the other product (`instead`, its name as `why`), its day, the price
    agreed and until when the offer stands. A second offer for the line takes the place of the first; the same one again
    changes nothing. Raises Refused where nothing of the line waits, the floor has it, or the other cannot be had.
    """
    if hours is not None and not 1 <= hours <= LONGEST_HOURS:
        raise Malformed(f"an offer stands for 1 to {LONGEST_HOURS} hours, not {hours}")
    with transaction.atomic():
        product = find_products([instead])[instead]
        locked = lock_products([*lines.products_of([known_order(ref).id]), product.id], at)
        order = known_order(ref)
        line = known_line(order, lines.read_lines(order.id), sku)
        _check(order, line, instead, is_kit=product.is_kit)
        (there,) = availability([instead], order.customer, order.channel)
        if there["status"] == "out_of_stock":
            raise Refused(f"order {ref!r}: {instead!r} cannot be had either")
        standing = offers.open_offers([line.id]).get(line.id)
        if standing is not None and standing.instead == instead:
            return
        until = locked.at + timedelta(hours=hours or read_shop().offer_hours)
        detail = {"lines": {sku: instead}}
        outbox = Outbox(locked.at, "substitute_offered", f"order:{ref}", actor, detail)
        offers.make_offer(line.id, product.id, line.open_units, locked.at, until, outbox.fact)
        names = names_of([line.product, product.id])
        said = {
            "sku": sku,
            "name": names[line.product],
            "units": line.open_units,
            "instead": instead,
            "why": names[product.id],
            "on": there["next_on"],
            "unit_price": str(line.unit_price),
            "by_on": read_settings().calendar.day_of(until),
        }
        outbox.tell(order.id, "substitute_offered", [said])
        outbox.flush()


def withdraw_offer(ref: str, sku: str, at: datetime | None = None, actor: str = "") -> None:
    """Takes an open offer back. Raises Refused where none stands."""
    with transaction.atomic():
        order = known_order(ref)
        locked = lock_products(lines.products_of([order.id]), at)
        line = known_line(order, lines.read_lines(order.id), sku)
        if not offers.end_offers([line.id], offers.WITHDRAWN, locked.at):
            raise Refused(f"order {ref!r}, product {sku!r}: no offer stands")
        _ = Outbox(locked.at, "offer_withdrawn", f"order:{ref}", actor, {"lines": [sku]}).fact


def end_offers(timers: Sequence[Due], at: datetime) -> None:
    """Offers whose time is over: nothing changes but that they cannot be taken any more."""
    with transaction.atomic():
        offers.expire_offers(clear(timers), at)


def _check(order: OrderFacts, line: LineFacts, instead: str, *, is_kit: bool) -> None:
    name = f"order {order.ref!r}, product {line.sku!r}"
    if instead == line.sku:
        raise Malformed(f"{name}: it cannot stand in for itself")
    if is_kit or line.is_kit:
        raise Refused(f"{name}: kits have no substitutes and are none")
    if line.picked or line.cancel_requested:
        raise Refused(f"{name}: the floor has it already")
    if line.open_units <= line.reserved:
        raise Refused(f"{name}: nothing of it waits")

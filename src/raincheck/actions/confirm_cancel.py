"""The floor gives back what a requested cancel stopped: only now is it cancelled."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import (
    BY_CUSTOMER,
    BY_LAW,
    BY_SELLER,
    close_ended_lines,
    known_order,
    tell_cancelled,
)
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Refused
from raincheck.store import feedback, lines, thawing
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.store.law_records import vested_by_law, vested_by_refusal
from raincheck.store.locks import lock_products
from raincheck.store.order_money import comes_back
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox


def confirm_cancel(ref: str, at: datetime | None = None, actor: str = "") -> None:
    """Takes requested units out of their parcels and puts them back on the shelf, for whoever is next.

    Raises Refused when no cancel was requested.
    """
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        asked = [line for line in lines.read_lines(order.id) if line.cancel_requested]
        if order.state != "cancel_requested" or not asked:
            raise Refused(f"order {ref!r}: no cancellation waits for the floor")
        outbox = Outbox(locked.at, "cancel_confirmed", f"order:{ref}", actor)
        for line in asked:
            thawing.thaw(line.id, line.cancel_requested, ("picked", "packed"))
            lines.take_from_claims(line.id, line.cancel_requested)
            lines.close_units(line.id, line.cancel_requested, cancelled=line.cancel_requested)
        ids = [line.id for line in asked]
        run("UPDATE order_line SET cancel_requested_units = 0 WHERE id = ANY(%s)", [ids])
        run("UPDATE sales_order SET state = 'open' WHERE id = %s", [order.id])
        vested, refused = vested_by_law(ids), vested_by_refusal(ids)
        by_reason = {
            BY_LAW: [line for line in asked if line.id in vested],
            BY_SELLER: [line for line in asked if line.id in refused],
            BY_CUSTOMER: [line for line in asked if line.id not in vested | refused],
        }
        back = comes_back(read_settings(), order.id, {line.id: line.cancel_requested for line in asked})
        *others, last = [reason for reason, its_lines in by_reason.items() if its_lines]
        for reason in (*others, last):  # A message says who cancelled, so each has its own.
            said = outbox if reason is last else Outbox(locked.at, "cancel_confirmed", f"order:{ref}", actor)
            ended = [(line, line.cancel_requested) for line in by_reason[reason]]
            tell_cancelled(said, order, ended, reason, back=back)
            if said is not outbox:
                said.flush()
        run_pass(locked, outbox, refresh_lines=ids)
        for reason, its_lines in by_reason.items():
            close_ended_lines([line.id for line in its_lines], reason)
        settle_orders([order.id])
        feedback.ask_later_about(read_settings(), [order.id], locked.at)
        _ = outbox.fact
        outbox.flush()

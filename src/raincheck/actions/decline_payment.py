"""A card that fails: the next charge of an order is declined, and tried again on request."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.give_card import give_card
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Refused
from raincheck.store import lines
from raincheck.store.company import read_settings
from raincheck.store.declines import expect_decline, is_unpaid, try_charge
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox


def decline_payment(ref: str, at: datetime | None = None, actor: str = "") -> None:
    """From now on the next charge of an order is declined. Raises Refused for an order of which nothing is open."""
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        if order.state not in ("open", "held", "cancel_requested"):
            raise Refused(f"order {ref!r} is {order.state}: nothing of it will be charged")
        expect_decline(order.id)
        outbox = Outbox(locked.at, "payment_will_fail", f"order:{ref}", actor)
        _ = outbox.fact
        outbox.flush()


def retry_payment(ref: str, at: datetime | None = None, actor: str = "", card: str = "") -> None:
    """The declined charge of an order is tried again at once, and what is paid may leave.

    `card` is the processor's token of another card (`give_card`); empty: the same again. By card the processor's answer
    then decides. Raises Refused for an order of which no charge was declined, or that pays by no card.
    """
    if card:
        give_card(ref, card, at, actor)
        return
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        if not is_unpaid(order.id):
            raise Refused(f"order {ref!r} has no declined charge")
        outbox = Outbox(locked.at, "payment_retried", f"order:{ref}", actor)
        _ = outbox.fact
        try_charge(read_settings(), order.id, outbox, locked.at, has_new_card=True)
        run_pass(locked, outbox, refresh_lines=[line.id for line in lines.read_lines(order.id)])
        outbox.flush()

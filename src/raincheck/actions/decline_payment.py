"""A card that fails: the next charge of an order is declined; another card is given and it is tried again."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
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


def retry_payment(ref: str, at: datetime | None = None, actor: str = "") -> None:
    """The customer gave another card: the declined charge is tried with it at once, and what is paid may leave.

    Raises Refused for an order of which no charge was declined.
    """
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

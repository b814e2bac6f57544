"""Send a customer the link to the page of their order; on request the links sent before end."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.store import lines
from raincheck.store.bounces import forget_bad
from raincheck.store.locks import database_now, lock_products
from raincheck.store.order_links import page_path, renew_links
from raincheck.store.outbox import Outbox
from raincheck.store.recipients import address_on_record

EVENT = "link_sent"


def send_link(ref: str, at: datetime | None = None, actor: str = "", *, ends_old: bool = False) -> bool:
    """Queues a message with a fresh link, to the address on record alone; False where there is none to send it to.

    `ends_old`: every link made until now ends, whether a message can be sent or not. Raises NotFound.
    """
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        reachable = bool(address_on_record(order.id))
        if not reachable and not ends_old:
            return False
        outbox = Outbox(locked.at, "link_renewed" if ends_old else "link_sent", f"order:{ref}", actor)
        _ = outbox.fact
        if ends_old:
            renew_links(order.id)
        outbox.tell(order.id, EVENT, [])
        outbox.flush()
        return reachable


def send_link_if_theirs(ref: str, email: str, at: datetime | None = None, actor: str = "") -> None:
    """Sends the link where the order exists and this is its customer's address. Whoever asks learns nothing.

    Who waits for mail at an address that some of ours came back from gets this one tried all the same.
    """
    order = lines.find_order(ref)
    if order is None:
        return
    known = address_on_record(order.id)
    if known and known.casefold() == email.strip().casefold():
        with transaction.atomic():
            forget_bad(known)
            send_link(ref, at, actor)


def open_as_customer(ref: str, actor: str) -> str:
    """The path of an order's page for somebody of the house, who may act there for the customer: that is on record."""
    with transaction.atomic():
        order = known_order(ref)
        now = database_now()
        _ = Outbox(now, "page_opened", f"order:{order.ref}", actor).fact
        return page_path(order.ref, now)

"""Place an order: reserve what there is, backorder the rest with a date, refuse what may not be backordered."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.asking import check_lines, content_of, look_up, newcomers_of, products_to_lock
from raincheck.actions.capture_order import capture_order
from raincheck.actions.pass_again import pass_again
from raincheck.actions.paying import let_go_what_is_free, until_authorised
from raincheck.actions.terms import OrderRequest
from raincheck.actions.write_order import Placed, same, write_order
from raincheck.core.decision import decide
from raincheck.core.errors import Refused
from raincheck.store.company import read_company
from raincheck.store.lines import find_order
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.snapshot import load


def place_order(
    request: OrderRequest, at: datetime | None = None, actor: str = "", joined_at: datetime | None = None
) -> Placed:
    """Places an order and gives everybody on its products what is theirs.

    `at` is the instant of the fact (None: the database's clock under the lock); `joined_at` when the units join the
    queue, if earlier. The same `ref` with the same content changes nothing. Raises Refused for the same `ref` with
    other content, NotFound for an unknown product or customer, Malformed for lines that make no sense.
    """
    check_lines(request)
    content = content_of(request)
    return capture_order(request, content, at, actor, joined_at) or _place(request, content, at, actor, joined_at)


def _place(request: OrderRequest, content: str, at: datetime | None, actor: str, joined_at: datetime | None) -> Placed:
    """Places any order: with the whole book of its products and of all that groups tie to them."""
    with transaction.atomic():
        if placed := _same_order(request.ref, content):
            return placed
        settings, rules = read_company()
        asking = look_up(settings, rules, request)
        locked = lock_products(products_to_lock(asking), at)
        snapshot = load(locked, settings)
        newcomers = newcomers_of(asking, settings, joined_at or locked.at)
        decision = decide(until_authorised(snapshot.facts, request), newcomers)
        outbox = Outbox(locked.at, "order_placed", f"order:{request.ref}", actor)
        order = write_order(asking, settings, snapshot, decision, newcomers, outbox, content, whole_book=True)
        if order is None:
            transaction.set_rollback(True)
        else:
            pass_again(locked, outbox, snapshot.facts.book, decision)
            let_go_what_is_free(request, order, locked, outbox)
            outbox.flush()
            return Placed(order, is_new=True)
    # Somebody placed the same reference between our look and our insert.
    if placed := _same_order(request.ref, content):
        return placed
    raise Refused(f"order {request.ref!r} was placed by somebody else at the same instant: send it again")


def _same_order(ref: str, content: str) -> Placed | None:
    """The order that has this reference already."""
    order = find_order(ref)
    return None if order is None else same(ref, content, order.id, order.content)

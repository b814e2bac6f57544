"""A new order that pays by card: nothing of it leaves before the card was authorised."""

from dataclasses import replace

from raincheck.actions.asking import NEW_ORDER
from raincheck.actions.run_pass import run_pass
from raincheck.actions.terms import OrderRequest
from raincheck.core.cards import UNANSWERED
from raincheck.core.decision import Facts
from raincheck.core.errors import Refused
from raincheck.store.card_requests import has_requests
from raincheck.store.locks import Locked
from raincheck.store.outbox import Outbox


def until_authorised(facts: Facts, request: OrderRequest) -> Facts:
    """The facts that a new order is decided on. Raises Refused for a card where the company takes none."""
    if not request.card:
        return facts
    if not facts.settings.card_payments:
        raise Refused(f"order {request.ref!r}: card payments are off: set card_payments, or leave the card out")
    return replace(facts, covers={**facts.covers, NEW_ORDER: UNANSWERED})


def let_go_what_is_free(request: OrderRequest, order: int, locked: Locked, outbox: Outbox) -> None:
    """An order whose card was asked for nothing, because it costs nothing, waits for no answer."""
    if request.card and not has_requests(order):
        run_pass(locked, outbox)

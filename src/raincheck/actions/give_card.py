"""Another card for an order: it pays from then on, and is asked at once for what is owed and still to ship."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.asking import CARD
from raincheck.actions.cancel_order import known_order
from raincheck.actions.run_pass import run_pass
from raincheck.core.cards import Use
from raincheck.core.errors import Malformed, Refused
from raincheck.core.money import at_stake
from raincheck.core.settings import Settings
from raincheck.store import lines
from raincheck.store.card_cover import ask_for_all
from raincheck.store.card_requests import change_card, void_other_cards
from raincheck.store.company import read_settings
from raincheck.store.declines import is_unpaid, try_charge
from raincheck.store.lines import OrderFacts
from raincheck.store.locks import lock_products
from raincheck.store.order_money import read_accounts
from raincheck.store.outbox import Outbox


def give_card(ref: str, card: str, at: datetime | None = None, actor: str = "") -> None:
    """Another card pays for an order: `card` is the processor's token of it, never a number.

    What the card before held is given back; what was declined is tried with the new one at once, and it is authorised
    for what is still to ship, as when an order is placed. What was captured is refunded to the card that it came from.
    Raises Refused for an order that pays by no card, or of which nothing is owed or still to be charged; Malformed for
    what is no token.
    """
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order, settings = known_order(ref), read_settings()
        before = _card_before(settings, order)
        if not CARD.fullmatch(card):
            raise Malformed("card is the processor's token, a word such as tok_visa, not a number")
        outbox = Outbox(locked.at, "card_given", f"order:{ref}", actor)
        _ = outbox.fact
        is_due = is_unpaid(order.id)
        change_card(order.id, card)
        if card != before:
            void_other_cards(settings, outbox, order.id, card)
        if is_due:
            try_charge(settings, order.id, outbox, locked.at, has_new_card=True)
        else:
            ask_for_all(settings, order.id, outbox, Use.CUSTOMER)
        run_pass(locked, outbox, refresh_lines=[line.id for line in lines.read_lines(order.id)])
        outbox.flush()


def check_takes_card(ref: str) -> OrderFacts:
    """The order, where another card may be given for it now. Raises Refused, NotFound."""
    order = known_order(ref)
    _card_before(read_settings(), order, locks=False)
    return order


def _card_before(settings: Settings, order: OrderFacts, *, locks: bool = True) -> str:
    account = read_accounts(settings, [order.id], locks=locks)[order.id]
    if not account.card:
        raise Refused(f"order {order.ref!r} pays by no card: take it where the shop charges")
    if not is_unpaid(order.id) and not at_stake(account.money):
        raise Refused(f"order {order.ref!r}: nothing of it is owed or still to be charged")
    return account.card

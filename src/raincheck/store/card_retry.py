"""A card that was declined is asked again: for what is owed, and to hold what is still to ship."""

from decimal import Decimal

from raincheck.core.cards import Use
from raincheck.core.settings import Settings
from raincheck.store.card_cover import ask_for_all
from raincheck.store.card_requests import is_asking, waits_for_charge
from raincheck.store.db import run
from raincheck.store.order_money import settle_money
from raincheck.store.outbox import Outbox


def ask_again(settings: Settings, order: int, outbox: Outbox, owed: Decimal, *, has_new_card: bool) -> bool:
    """Asks the card for what is owed and for what is not covered; False where there is nothing to ask or wait for."""
    waits = bool(is_asking([order], "authorise") or waits_for_charge([order]))
    if waits and not has_new_card:
        return True
    if owed:
        run("UPDATE payment_decline SET amount_due = 0 WHERE order_id = %s", [order])
        settle_money(settings, outbox, [order])
    held = ask_for_all(settings, order, outbox, Use.CUSTOMER if has_new_card else Use.MERCHANT)
    return held or waits or bool(owed)

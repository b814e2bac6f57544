"""Give back a part of the price of what a customer has, for the trouble: on record, to the same method of payment."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.core.errors import Malformed, Refused
from raincheck.core.money import decimals_of, plain
from raincheck.store import lines
from raincheck.store.company import read_settings
from raincheck.store.goodwill import Kept, cut_prices, kept_goods
from raincheck.store.locks import lock_products
from raincheck.store.order_money import settle_money
from raincheck.store.outbox import Outbox


def give_goodwill(ref: str, amount: Decimal, reason: str, at: datetime | None = None, actor: str = "") -> None:
    """Takes an amount off the price of goods that were shipped and kept; what was paid for them is given back.

    Raises Malformed without a reason or for an amount that is none in the company's currency, Refused for more than the
    goods that the customer has cost, NotFound.
    """
    settings = read_settings()
    if amount <= 0 or amount != round(amount, decimals_of(settings.currency)):
        raise Malformed(f"goodwill is an amount of {settings.currency} above 0, not {amount}")
    if not reason.strip():
        raise Malformed("goodwill needs a reason: it goes on record")
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        kept = kept_goods(order.id)
        worth = sum((goods.worth for goods in kept), Decimal(0))
        if amount > worth:
            costs = plain(worth, settings.currency)
            raise Refused(f"order {ref!r}: what the customer has costs {costs}, so {amount} cannot be given back")
        outbox = Outbox(locked.at, "goodwill", f"order:{ref}", actor, {"amount": str(amount), "reason": reason.strip()})
        _ = outbox.fact
        cut_prices(_spread(kept, amount))
        settle_money(settings, outbox, [order.id])
        outbox.flush()


def _spread(kept: list[Kept], amount: Decimal) -> list[tuple[int, Decimal]]:
    """The amount over lines, each as far as its goods go."""
    found: list[tuple[int, Decimal]] = []
    for goods in kept:
        taken = min(goods.worth, amount)
        if taken > 0:
            found.append((goods.line, taken))
            amount -= taken
    return found

"""Pay back by another way what the card took no refund of (16 CFR 435.1(b)(2): cash, cheque or money order)."""

from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.take_card_answer import REFUND_TASK
from raincheck.core.errors import Malformed, Refused
from raincheck.core.money import due
from raincheck.store import lines, tasks
from raincheck.store.company import read_settings
from raincheck.store.locks import lock_products
from raincheck.store.order_money import read_accounts
from raincheck.store.outbox import Outbox
from raincheck.store.payments import Movement, enter

WAYS: Final = ("cash", "cheque", "transfer", "money_order")


def refund_otherwise(ref: str, way: str, at: datetime | None = None, actor: str = "") -> None:
    """Enters that what an order still gets back was paid back by hand, all of it, and closes the task.

    Store credit is no refund. Raises Refused where nothing is to be paid back, or the card is being asked still.
    """
    if way not in WAYS:
        raise Malformed(f"a refund is paid by {', '.join(WAYS)}, not {way!r}")
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        settings = read_settings()
        account = read_accounts(settings, [order.id])[order.id]
        amount = account.settled - due(account.money)
        if amount <= 0:
            raise Refused(f"order {ref!r}: nothing is left to be paid back")
        outbox = Outbox(locked.at, "refunded_otherwise", f"order:{ref}", actor, {"way": way, "amount": str(amount)})
        _ = outbox.fact
        enter(outbox, [Movement(order.id, "refund", amount)], locked.at, settings.currency)
        tasks.close_for_order(REFUND_TASK, order.id, locked.at, actor)
        outbox.flush()

"""Pay back by another way what the card took no refund of (16 CFR 435.1(b)(2): cash, cheque or money order)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.take_card_answer import REFUND_TASK
from raincheck.core.errors import Malformed, Refused
from raincheck.core.law_rules import US_FTC_435
from raincheck.core.money import NOTHING, due
from raincheck.core.settings import Settings
from raincheck.store import law_money, lines, tasks
from raincheck.store.company import read_settings
from raincheck.store.law_money import OwedClock
from raincheck.store.lines import OrderFacts
from raincheck.store.locks import lock_products
from raincheck.store.order_money import read_accounts
from raincheck.store.outbox import Outbox
from raincheck.store.payments import Movement, enter
from raincheck.store.reads.paying import failed_refunds

WAYS: Final = ("cash", "cheque", "money_order", "transfer")
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class ByHand:
    """How money goes back by hand: the way, what proves it (a cheque's number), and why not as it was paid."""

    way: str
    reference: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        """Raises Malformed for a way that is none."""
        if self.way not in WAYS:
            why = "store credit is no refund; " if "credit" in self.way else ""
            raise Malformed(f"{why}a refund is paid by {', '.join(WAYS)}, not {self.way!r}")
        if len(self.reference) > LONGEST or len(self.reason) > LONGEST:
            raise Malformed(f"a reference and a reason have {LONGEST} letters at most")

    @property
    def said(self) -> dict[str, str]:
        """What of it is put on record."""
        found = {"way": self.way, "reference": self.reference.strip(), "reason": self.reason.strip()}
        return {name: value for name, value in found.items() if value}


def pay_back(ref: str, by_hand: ByHand, at: datetime | None = None, actor: str = "") -> None:
    """Enters that what an order still gets back was paid back by hand, all of it, with its proof and its reason.

    Where a law wants the money back the working days are counted anew from this discovery, and its clocks note that the
    money went. Raises Malformed without a proof or a reason; Refused where nothing is to be paid back, the card is
    being asked still, or a law does not know the way.
    """
    if not by_hand.reference.strip():
        raise Malformed(f"order {ref!r}: say what proves it, such as: cheque 1042, registered, posted 3 May")
    if not by_hand.reason.strip():
        raise Malformed(f"order {ref!r}: say why it cannot go back as it was paid, such as: the card was closed")
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order, settings = known_order(ref), read_settings()
        owed = law_money.owed_clocks(order.id)
        _check_law(order, by_hand.way, owed)
        outbox = _enter(settings, order, by_hand, locked.at, actor)
        if owed:
            law_money.due_from_discovery(settings, outbox, owed, by_hand.reason.strip(), by_hand.way)
            law_money.refund_went(outbox, owed, by_hand.way, by_hand.reference.strip())
        outbox.flush()


def refund_otherwise(ref: str, way: str, at: datetime | None = None, actor: str = "", reference: str = "") -> None:
    """Enters that what an order still gets back was paid back by hand, all of it, and closes the task.

    Raises Refused where nothing is to be paid back, or the card is being asked still.
    """
    by_hand = ByHand(way, reference)
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        _enter(read_settings(), known_order(ref), by_hand, locked.at, actor).flush()


def _enter(settings: Settings, order: OrderFacts, by_hand: ByHand, at: datetime, actor: str) -> Outbox:
    """Enters the money. What the card had taken at first and sent back later is in the ledger already: its way alone
    is put on record."""
    account = read_accounts(settings, [order.id])[order.id]
    amount = max(NOTHING, account.settled - due(account.money))
    bounced = sum((found.amount for found in failed_refunds(order.id) if found.bounced), Decimal(0))
    if amount + bounced <= 0:
        raise Refused(f"order {order.ref!r}: nothing is left to be paid back")
    said = {**by_hand.said, "amount": str(amount + bounced), "currency": settings.currency}
    outbox = Outbox(at, "refunded_otherwise", f"order:{order.ref}", actor, said)
    _ = outbox.fact
    if amount > 0:
        enter(outbox, [Movement(order.id, "refund", amount)], at, settings.currency)
    tasks.close_for_order(REFUND_TASK, order.id, at, actor)
    return outbox


def _check_law(order: OrderFacts, way: str, owed: Sequence[OwedClock]) -> None:
    if way == "transfer" and any(clock.regime == US_FTC_435.name for clock in owed):
        raise Refused(f"order {order.ref!r}: by 16 CFR 435 it goes as cash, cheque or money order, not as a transfer")

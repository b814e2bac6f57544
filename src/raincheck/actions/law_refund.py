"""Refunds that a person sends because the way on which was paid is closed (16 CFR 435.1(d), rule `same_method`)."""

from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.refund_otherwise import refund_otherwise as enter_refund
from raincheck.core.errors import Malformed, Refused
from raincheck.store import law_money, lines
from raincheck.store.card_requests import is_asking
from raincheck.store.company import read_settings
from raincheck.store.law_money import OwedClock
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox

METHODS: Final = ("cash", "cheque", "money_order")
"""What may stand in for the method that was paid with. Store credit is no refund."""


def refund_otherwise(ref: str, reason: str, method: str, at: datetime | None = None, actor: str = "") -> None:
    """Puts on record that money cannot go back by the method paid with, why, and by which other it goes.

    The law's working days count anew from this discovery. Raises Refused where no refund is owed, Malformed without a
    reason or for another method.
    """
    _check(ref, method)
    if not reason.strip():
        raise Malformed(f"order {ref!r}: say why the method that was paid with is impossible, such as: card was closed")
    with transaction.atomic():
        outbox, owed = _owed(ref, "refund_otherwise", {"reason": reason.strip()[:300], "method": method}, at, actor)
        law_money.due_from_discovery(read_settings(), outbox, owed, reason.strip()[:300], method)


def refund_sent(ref: str, method: str, proof: str, at: datetime | None = None, actor: str = "") -> None:
    """Puts on record that a person sent the money back, with what proves it. Raises Refused, Malformed.

    What the order's account still owes is entered as paid back by that method.
    """
    _check(ref, method)
    if not proof.strip():
        raise Malformed(f"order {ref!r}: say what proves it, such as: cheque 1042, posted on 3 May, registered")
    with transaction.atomic():
        if is_asking([known_order(ref).id], "refund"):
            raise Refused(f"order {ref!r}: the card processor is being asked to pay it back: wait for its answer")
        outbox, owed = _owed(ref, "refund_sent", {"proof": proof.strip()[:300], "method": method}, at, actor)
        law_money.refund_went(outbox, owed, method, proof.strip()[:300])
        with suppress(Refused):  # The account owes nothing: it was charged elsewhere, or paid back already.
            enter_refund(ref, method, outbox.at, actor, proof.strip()[:300])


def _check(ref: str, method: str) -> None:
    if method not in METHODS:
        why = "store credit is no refund; " if "credit" in method else ""
        raise Malformed(f"order {ref!r}: {why}money goes back as one of {', '.join(METHODS)}, not {method!r}")


def _owed(
    ref: str, verb: str, detail: dict[str, str], at: datetime | None, actor: str
) -> tuple[Outbox, list[OwedClock]]:
    locked = lock_products(lines.products_of([known_order(ref).id]), at)
    owed = law_money.owed_clocks(known_order(ref).id)
    if not owed:
        raise Refused(f"order {ref!r}: the law asks for no refund")
    return Outbox(locked.at, verb, f"order:{ref}", actor, dict(detail)), owed

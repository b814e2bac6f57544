"""The card processor's answer to a request: money is entered, what it covers may leave, what was declined stays."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from raincheck.actions.run_pass import run_pass
from raincheck.core.cards import Use, holds_until, let_go_by
from raincheck.core.money import NOTHING, due, with_currency
from raincheck.core.settings import Settings
from raincheck.store import card_requests, lines, tasks, thawing
from raincheck.store.card_requests import Held
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.declines import decline_card, has_paid
from raincheck.store.locks import Locked, lock_products
from raincheck.store.order_money import read_accounts, settle_money
from raincheck.store.outbox import Outbox
from raincheck.store.payments import Movement, enter
from raincheck.store.reads.paying import failed_refunds
from raincheck.store.timers import TimerKind, set_timers

REFUND_TASK = "refund"


@dataclass(frozen=True, slots=True)
class CardWord:
    """What the processor says of a request (`gateways.cards.CardAnswer`)."""

    is_approved: bool
    reference: str = ""
    scheme: str = ""
    expires_at: datetime | None = None
    reason: str = ""
    fee: Decimal | None = None


def take_card_answer(key: str, word: CardWord, at: datetime | None = None) -> bool:
    """Enters the answer to a request; False if it was answered already, or nobody knows it: then nothing changes.

    However often and by whatever way an answer comes (the worker's own call, a callback, twice at one instant), it has
    its effect once: the request's row is locked, and a payment can be entered for it only once.
    """
    order = card_requests.order_of(key)
    if order is None:
        return False
    with transaction.atomic():
        locked = lock_products(lines.products_of([order]), at)
        request = card_requests.hold(key)
        if request.state != "pending":
            return False
        settings = read_settings()
        (ref,) = rows("SELECT ref FROM sales_order WHERE id = %s", [order])[0]
        said = {"kind": request.kind, "amount": str(request.amount), "reason": word.reason}
        outbox = Outbox(locked.at, "card_approved" if word.is_approved else "card_declined", f"order:{ref}", "", said)
        _ = outbox.fact
        _write(settings, request, word, locked.at)
        if word.is_approved:
            _approved(request, outbox)
        else:
            _declined(settings, request, word, outbox)
        if request.kind in ("authorise", "capture"):
            _pass(locked, outbox, order)
        if request.kind == "authorise" and word.is_approved and not card_requests.is_replaced(order, request.card):
            card_requests.void_lapsed(settings, outbox, order)  # After what leaves now: no parcel waits for a void.
        outbox.flush()
    return True


def _write(settings: Settings, request: Held, word: CardWord, at: datetime) -> None:
    expires_at = gone_by = None
    if request.kind == "authorise" and word.is_approved:
        days, scheme, use = dict(settings.authorisation_days), word.scheme or "other", Use(request.use)
        expires_at = holds_until(scheme, use, at, days, word.expires_at)
        gone_by = let_go_by(scheme, use, at, days, word.expires_at)
        set_timers([(expires_at, TimerKind.AUTHORISATION, request.id)])
    card_requests.answered(
        request.id,
        "approved" if word.is_approved else "declined",
        at,
        reference=word.reference,
        scheme=word.scheme,
        reason=word.reason,
        fee=word.fee,
        expires_at=expires_at,
        let_go_by=gone_by,
    )


def _approved(request: Held, outbox: Outbox) -> None:
    """The money has moved: it is in the ledger from now on, and what waited for it may go."""
    movement = Movement(request.order, request.kind, request.amount, request.shipment, request.id)
    enter(outbox, [movement], outbox.at, request.currency)
    if request.kind == "refund" and not failed_refunds(request.order):
        tasks.close_for_order(REFUND_TASK, request.order, outbox.at, "")  # What it declined before has gone with it.
    if request.kind == "authorise" and card_requests.is_replaced(request.order, request.card):
        return  # What it holds is let go: the card that was given since pays.
    if request.kind == "authorise" or (request.kind == "capture" and request.authorisation is None):
        has_paid(request.order)
        waiting = rows(
            """SELECT DISTINCT s.id FROM shipment s JOIN shipment_line sl ON sl.shipment_id = s.id
               JOIN order_line l ON l.id = sl.line_id
               WHERE l.order_id = %s AND s.state = 'released' AND s.ships_at <= %s ORDER BY s.id""",
            [request.order, outbox.at],
        )
        set_timers((outbox.at, TimerKind.SHIP, shipment) for (shipment,) in waiting)


def _declined(settings: Settings, request: Held, word: CardWord, outbox: Outbox) -> None:
    """What was to draw on it is never sent; its units stay, or its customer owes what is gone.

    A refund that cannot go back to the card becomes a person's task: by cash, cheque or transfer, within the law's
    days.
    """
    card_requests.lapse_after(request.id, outbox.at)
    if request.kind == "refund":
        text = f"The card takes no refund of {with_currency(request.amount, request.currency)}: {word.reason}"
        tasks.open_for_order(REFUND_TASK, request.order, text, outbox.at)
    elif request.kind in ("authorise", "capture") and not card_requests.is_replaced(request.order, request.card):
        for line, released in rows(
            """SELECT l.id, sum(coalesce(sl.kits, sl.units))::bigint FROM order_line l
               JOIN shipment_line sl ON sl.line_id = l.id JOIN shipment s ON s.id = sl.shipment_id
               WHERE l.order_id = %s AND s.state = 'released' GROUP BY l.id ORDER BY l.id""",
            [request.order],
        ):
            thawing.thaw(line, released, ("released",))
        claims = rows("SELECT id FROM claim WHERE order_id = %s AND units > 0 ORDER BY id", [request.order])
        owed = _owed(settings, request) if request.kind == "capture" else NOTHING
        if claims or owed:
            decline_card(settings, request.order, [claim for (claim,) in claims], outbox, owed)
    if request.kind in ("authorise", "capture"):
        # A capture that the card before declined is asked of the one that was given meanwhile.
        settle_money(settings, outbox, [request.order])


def _owed(settings: Settings, request: Held) -> Decimal:
    """What of a declined capture is owed still: what was cancelled or came back while it was asked for is not."""
    account = read_accounts(settings, [request.order])[request.order]
    return min(request.amount, max(NOTHING, due(account.money) - account.settled))


def _pass(locked: Locked, outbox: Outbox, order: int) -> None:
    open_lines = [line.id for line in lines.read_lines(order) if line.open_units]
    if open_lines:
        run_pass(locked, outbox, refresh_lines=open_lines)

"""A card processor calls back: something happened there, now or while nobody listened.

Events come late, twice, at the same instant and out of order. So none is believed about money: one that says that
something was done makes us ask the processor after it at once, under the request's key, and only that answer counts.
What an event alone can say (an authorisation that ended early, a dispute, a refund that bounced) has its effect once.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from raincheck.core.money import with_currency
from raincheck.store import processor_events as events
from raincheck.store.card_handovers import ask_soon
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.processor_events import Concerned
from raincheck.store.tasks import NewTask, open_task
from raincheck.store.timers import TimerKind, set_timers

DONE: Final = ("authorised", "captured", "voided", "refunded")
ENDED: Final = "authorisation_ended"
DISPUTED: Final = "disputed"
DISPUTE_WON: Final = "dispute_won"
DISPUTE_LOST: Final = "dispute_lost"
REFUND_FAILED: Final = "refund_failed"
CARD_ENTERED: Final = "card_entered"
KINDS: Final = (*DONE, ENDED, DISPUTED, DISPUTE_WON, DISPUTE_LOST, REFUND_FAILED, CARD_ENTERED)

DISPUTE_TASK: Final = "dispute"
REFUND_TASK: Final = "refund"
TEAM: Final = "service"
KNOWN: Final = "known already"


@dataclass(frozen=True, slots=True)
class ProcessorNews:
    """An event, its signature checked. `event` is the processor's name for it, `kind` one of KINDS.

    `key` is our request's, where the processor says it; `reference` what it calls the thing that it happened to;
    `words` what a person should know besides, such as why a charge is disputed and until when to answer.
    """

    processor: str
    event: str
    kind: str
    at: datetime
    reference: str = ""
    key: str = ""
    amount: Decimal | None = None
    currency: str = ""
    words: str = ""


def take_processor_event(news: ProcessorNews) -> bool:
    """Acts on an event, once; False if it was acted on before."""
    with transaction.atomic():
        if not events.lock_event(news.processor, news.event):
            return False
        now = database_now()
        request = events.concerned(news.key, news.reference)
        outcome = _act(news, request, now)
        if request and outcome != KNOWN:
            said = {"processor": news.processor, "event": news.event, "kind": news.kind, "outcome": outcome}
            _ = Outbox(now, "processor_event", f"order:{request.order_ref}", news.processor, said).fact
        events.write_event(
            news.processor,
            news.event,
            news.kind,
            news.reference,
            request.key if request else news.key,
            news.amount,
            news.at,
            now,
            outcome,
        )
    return True


def _act(news: ProcessorNews, request: Concerned | None, now: datetime) -> str:
    """What follows, in words for the record."""
    if news.kind in (DISPUTED, DISPUTE_WON, DISPUTE_LOST, REFUND_FAILED):
        return _hand_over(news, request, now)
    if news.kind == CARD_ENTERED and ask_soon(news.processor, news.reference, now):
        return "the card is asked for at once"
    if request is None:
        return "nothing here is known by that name"
    if news.kind == ENDED:
        # From now on, not from when it was: what has left meanwhile left under it, as far as anybody knew.
        if not events.runs_out(request.id, now):
            return "the authorisation had ended here already"
        set_timers([(now, TimerKind.AUTHORISATION, request.id)])
        return "the authorisation holds no more; a new one is asked for where something is still to be paid"
    asked = events.ask_at_once(request.id, now)
    return "the processor is asked at once" if asked else KNOWN


def _hand_over(news: ProcessorNews, request: Concerned | None, now: datetime) -> str:
    """A person has to see to it."""
    amount = f" of {with_currency(news.amount, news.currency)}" if news.amount is not None else ""
    name = f" ({news.reference})" if news.reference else ""
    words = f" {news.words}" if news.words else ""
    text = {
        DISPUTED: f"A charge{amount} is disputed{name}: answer at the processor.{words}",
        DISPUTE_WON: f"The dispute about a charge{amount} is won{name}.{words}",
        DISPUTE_LOST: f"The dispute about a charge{amount} is lost{name}: the bank took the money back.{words}",
        REFUND_FAILED: f"The card took no refund{amount}{name}: pay it another way, in time.{words}",
    }[news.kind]
    kind = REFUND_TASK if news.kind == REFUND_FAILED else DISPUTE_TASK
    open_task(NewTask(kind, text, order=request.order if request else None, team=TEAM), now)
    return "a task was opened"

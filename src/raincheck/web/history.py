"""An order's history as one timeline, the newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from raincheck.notices.amounts import money_text
from raincheck.store.reads.order_history import NoticeView, OrderHistory, ToldView
from raincheck.web.fact_words import fact_words
from raincheck.web.person import Person
from raincheck.web.quantities import counted
from raincheck.web.words import NOTICE_EVENTS
from raincheck.words.moments import day_text


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `note` says by whom or how it went, `address` leads to it."""

    at: datetime
    icon: str
    tone: str
    text: str
    note: str = ""
    address: str = ""


def moments(history: OrderHistory, person: Person, today: date) -> list[Moment]:
    """Everything in one list. Of one instant, what came of something stands above it."""
    found = [*_facts(history), *_told(history, today), *_parcels(history), *_money(history), *_notices(history, person)]
    return sorted(found, key=lambda moment: moment.at)[::-1]


def _facts(history: OrderHistory) -> Iterator[Moment]:
    for fact in history.facts:
        # A parcel that left or arrived tells it itself, with its number.
        if history.parcels and fact.verb in ("shipped", "delivered"):
            continue
        words = fact_words(fact)
        note = ": ".join(part for part in (fact.actor, _detail(fact.detail)) if part)
        yield Moment(fact.at, words.icon, words.tone, words.text, note)


def _detail(detail: Mapping[str, Any]) -> str:
    """Why it was done; of money that went by hand also how, and what proves it."""
    said = [str(detail.get(name) or "") for name in ("way", "reference", "reason")]
    return ", ".join(part.replace("_", " ") if nr == 0 else part for nr, part in enumerate(said) if part)


def _told(history: OrderHistory, today: date) -> Iterator[Moment]:
    for told in history.told:
        yield Moment(told.at, "calendar-event", _told_tone(told), _told_text(told, today), told.name or told.sku)


def _told_tone(told: ToldView) -> str:
    return "late" if told.word == "delayed" else "ok"


def _told_text(told: ToldView, today: date) -> str:
    if told.told_on is None:
        return f"Date lost: {day_text(told.previous_on, today)} no longer holds" if told.previous_on else "Date lost"
    if told.previous_on is None:
        return f"Promised for {day_text(told.told_on, today)}"
    moved = "later" if told.told_on > told.previous_on else "earlier"
    return f"Promise moved {moved}: {day_text(told.previous_on, today)} became {day_text(told.told_on, today)}"


def _parcels(history: OrderHistory) -> Iterator[Moment]:
    for parcel in history.parcels:
        units = counted(parcel.units, "unit")
        if parcel.state == "shipped":
            yield Moment(parcel.at, "truck-delivery", "gone", f"Parcel {parcel.shipment_id} left {parcel.site}", units)
        else:
            yield Moment(parcel.at, "circle-check", "ok", f"Parcel {parcel.shipment_id} was delivered", units)


def _money(history: OrderHistory) -> Iterator[Moment]:
    for payment in history.payments:
        amount = money_text(payment.amount, payment.currency)
        word = {"capture": "Charged", "refund": "Refunded", "authorise": "Authorised", "void": "Voided"}[payment.kind]
        yield Moment(payment.at, "currency-dollar", "", f"{word} {amount}")


def _notices(history: OrderHistory, person: Person) -> Iterator[Moment]:
    for notice in history.notices:
        yield Moment(
            notice.at,
            "mail",
            "late" if notice.state == "failed" else "",
            f"Message: {NOTICE_EVENTS.get(notice.event, notice.event.replace('_', ' '))}",
            _delivery(notice),
            reverse("message", args=[notice.id]) if person.may("mailbox.view") else "",
        )


def _delivery(notice: NoticeView) -> str:
    if notice.state == "failed":
        return f"could not be delivered: {notice.failure}"
    if notice.channel == "none":
        return "listed, not sent: the customer has no address"
    return {"queued": "about to be sent", "sent": "sent", "kept": "kept in the mailbox"}[notice.state]

"""What the customer was told and when, and what money moved, in their language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from raincheck.store.reads.order_history import NoticeView, PaymentView, ToldView
from raincheck.web.customer.visit import Visit

_EVENTS = {
    "order_confirmed": gettext_noop("Your order was confirmed"),
    "backordered": gettext_noop("Part of it has to wait"),
    "date_expected": gettext_noop("A date for what waits"),
    "charged": gettext_noop("A payment was taken"),
    "shipped": gettext_noop("A parcel left"),
    "tracking_changed": gettext_noop("Where to follow a parcel"),
    "delivered": gettext_noop("A parcel arrived"),
    "delayed": gettext_noop("A delay"),
    "brought_forward": gettext_noop("It comes sooner than promised"),
    "option_notice": gettext_noop("You can wait or cancel"),
    "renewed_option_notice": gettext_noop("You can wait or cancel, once more"),
    "answer_received": gettext_noop("We have your answer"),
    "withdrawal_received": gettext_noop("We have your withdrawal"),
    "cancelled": gettext_noop("Something was cancelled"),
    "refunded": gettext_noop("Money was given back"),
    "order_changed": gettext_noop("The order was changed"),
    "address_changed": gettext_noop("The address was changed"),
    "substitute_offered": gettext_noop("Something else was offered instead"),
    "feedback_asked": gettext_noop("We asked how it went"),
    "payment_failed": gettext_noop("A payment did not go through"),
    "link_sent": gettext_noop("A new link to this page"),
}
_OTHER = gettext_noop("A message about your order")
_NOT_SENT = frozenset({"failed", "kept"})
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was told. `note` says how it went."""

    at: datetime
    day: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """A movement of money. `is_refund`: it came back."""

    day: str
    text: str
    amount: str
    is_refund: bool


def told(visit: Visit) -> list[Told]:
    """Messages and dates, the newest first; one date of several products is told once."""
    found = [*_notices(visit), *_dates(visit)]
    return sorted(found, key=lambda one: one.at)[::-1]


def money(visit: Visit) -> list[Money]:
    """What was charged and given back, the oldest first. Amounts that were only set aside on a card are none."""
    moved = [payment for payment in visit.order.history.payments if payment.kind in ("capture", "refund")]
    return [_money(visit, payment) for payment in moved]


def _money(visit: Visit, payment: PaymentView) -> Money:
    is_refund = payment.kind == "refund"
    text = _("Given back") if is_refund else _("Charged")
    return Money(_day(visit, payment.at), text, visit.voice.money(payment.amount, payment.currency), is_refund)


def _notices(visit: Visit) -> Iterator[Told]:
    for notice in visit.order.history.notices:
        yield Told(notice.at, _day(visit, notice.at), _(_EVENTS.get(notice.event, _OTHER)), _how(notice))


def _how(notice: NoticeView) -> str:
    if notice.channel == "none" or notice.state in _NOT_SENT:
        return _("shown here only")
    return _("sent to you") if notice.state == "sent" else _("about to be sent")


def _dates(visit: Visit) -> Iterator[Told]:
    together: dict[tuple[datetime, str], list[str]] = {}
    for date in visit.order.history.told:
        names = together.setdefault((date.at, _date(visit, date)), [])
        name = date.name or date.sku
        if name not in names:
            names.append(name)
    for (at, text), names in together.items():
        yield Told(at, _day(visit, at), text, _named(visit, names))


def _named(visit: Visit, names: list[str]) -> str:
    """Products by name, or how many there are where the names would fill the page."""
    if len(names) <= MOST_NAMED:
        return visit.voice.joined(names)
    return ngettext("%(count)d product", "%(count)d products", len(names)) % {"count": len(names)}


def _date(visit: Visit, date: ToldView) -> str:
    if date.told_on is None:
        return _("The date no longer holds")
    new = visit.voice.day(date.told_on)
    if date.previous_on is None:
        return _("Promised for %(day)s") % {"day": new}
    return _("New date: %(day)s instead of %(before)s") % {"day": new, "before": visit.voice.day(date.previous_on)}


def _day(visit: Visit, at: datetime) -> str:
    return visit.voice.short_day(at.astimezone(visit.zone).date())

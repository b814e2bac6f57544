"""What happened in a drill, in words: one short sentence an event, a parcel, a message, a payment."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from raincheck.drill import events as verbs

_NOTICES = {
    "order_confirmed": "the order is confirmed",
    "backordered": "part of the order is backordered",
    "date_expected": "there is a date now",
    "charged": "the card is charged",
    "shipped": "it has shipped",
    "delivered": "it has arrived",
    "delayed": "it will be later",
    "brought_forward": "it will be sooner",
    "option_notice": "wait or cancel, as the law wants it asked",
    "renewed_option_notice": "later again: wait or cancel, as the law wants it asked",
    "cancelled": "it is cancelled",
    "refunded": "money comes back",
    "payment_failed": "the payment failed",
    "feedback_asked": "asked how it went",
}


def units(lines: Mapping[str, int]) -> str:
    """``3 lamp, 1 torch``."""
    return ", ".join(f"{count} {sku}" for sku, count in lines.items())


def event_sentence(event: verbs.Event) -> str:
    """What an event says, as a planner would tell it."""
    sentence = _SENTENCES[event.verb](event)
    return f"{sentence} (said before: no effect)" if event.repeats else sentence


def parcel_sentence(shipment: Mapping[str, Any]) -> str:
    """What the carrier took, from where, for whom."""
    parts = "; ".join(f"{units(lines)} for {order}" for order, lines in shipment["lines"].items())
    return f"{shipment['site']} ships {parts}"


def notice_sentence(notice: Mapping[str, Any]) -> str:
    """Who was told what, and how."""
    what = _NOTICES.get(notice["event"], str(notice["event"]).replace("_", " "))
    who = notice["to"] or "nobody"
    how = "no address" if notice["channel"] == "none" else notice["channel"]
    return f"{who} is told about {notice['order']}: {what} ({how})"


def date_sentence(order: str, sku: str, told_on: date | None) -> str:
    """Which date was told."""
    return f"{sku} of {order}: {told_on.isoformat() if told_on else 'no date'}"


def payment_sentence(payment: Mapping[str, Any]) -> str:
    """Which money moved for which order."""
    return f"{payment['kind']} {payment['amount']} for {payment['order']}"


def refusal_sentence(refused: Mapping[str, Any]) -> str:
    """What the business refused, and why."""
    of = f" of {refused['order']}" if refused["order"] else ""
    return f"{refused['verb'].replace('_', ' ')}{of}: {refused['reason']}"


def _asked(verb: str) -> Callable[[Any], str]:
    def sentence(event: verbs.Asked) -> str:
        by = event.customer or "somebody"
        ship = f", to ship {event.ship}" if event.ship else ""
        return f"{by} {verb} {event.ref}: {units(event.lines)}{ship}"

    return sentence


def _of_order(phrase: str) -> Callable[[Any], str]:
    return lambda event: phrase.format(order=event.order, what=_lines_or(event, "all"))


def _lines_or(event: Any, otherwise: str) -> str:
    lines = getattr(event, "lines", None)
    return otherwise if lines is None else units(lines)


def _due(event: Any) -> str:
    return f", due {event.due_on.isoformat()}" if event.due_on else ""


def _answer(event: verbs.AnswerOrder) -> str:
    others = ", ".join(f"{other} instead of {sku}" for sku, other in event.substitutes.items())
    return f"the customer of {event.order} answers: {others or event.choice.replace('_', ' ')}"


def _receive(event: verbs.Receive) -> str:
    damaged = f"; damaged: {units(event.damaged)}" if event.damaged else ""
    return f"{event.po or event.transfer} arrives: {units(event.lines) or 'nothing sound'}{damaged}"


def _segments(event: verbs.Rebalance) -> str:
    def said(when: Mapping[str, str]) -> str:
        return " and ".join(f"{condition} {value}" for condition, value in when.items()) or "every line"

    return ", ".join(f"{said(segment.when)} {segment.strategy}" for segment in event.request.segments) or "nothing"


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "order": _asked("orders"),
    "quote": _asked("asks for a quote"),
    "cancel": _of_order("{order} is cancelled: {what}"),
    "change": _of_order("{order} is changed to {what}"),
    "hold": _of_order("{order} is held"),
    "release": _of_order("{order} is released"),
    "purchase": lambda event: (
        f"{event.po} ({event.state}) to {event.supplier} for {event.site}: {units(event.lines)}{_due(event)}"
    ),
    "confirm": lambda event: f"{event.po} is confirmed: {_lines_or(event, 'all of it')}{_due(event)}",
    "reschedule": lambda event: f"{event.po} is rescheduled{_due(event)}",
    "receive": _receive,
    "close_short": lambda event: f"{event.po} is closed short",
    "count": lambda event: f"{event.site} counts {units(event.lines)}",
    "return": lambda event: f"{event.order} comes back {event.condition}: {units(event.lines)}",
    "transfer": lambda event: (
        f"{event.ref} leaves {event.from_site} for {event.to_site}: {units(event.lines)}{_due(event)}"
    ),
    "answer": _answer,
    "pick": _of_order("{order} is picked: {what}"),
    "pack": _of_order("{order} is packed: {what}"),
    "ship": _of_order("the carrier takes {order}: {what}"),
    "deliver": _of_order("{order} is delivered: {what}"),
    "confirm_cancel": _of_order("the floor gives back {order}"),
    "rebalance": lambda event: f"supply is given out anew: {_segments(event)}",
    "wait": lambda _: "time passes",
}

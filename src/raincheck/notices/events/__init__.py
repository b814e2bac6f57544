"""The events that customers hear of, each with the words that it has."""

from collections.abc import Callable, Mapping
from typing import Final

from raincheck.notices.events.dates import brought_forward, date_expected, delayed
from raincheck.notices.events.feedback import feedback_asked
from raincheck.notices.events.money import charged, payment_failed, refunded
from raincheck.notices.events.options import option_notice, renewed_option_notice
from raincheck.notices.events.orders import backordered, cancelled, order_changed, order_confirmed
from raincheck.notices.events.parcels import delivered, shipped
from raincheck.notices.letter import Letter
from raincheck.notices.voice import Voice
from raincheck.store.outbox_read import NoticeFacts

LETTERS: Final[Mapping[str, Callable[[NoticeFacts, Voice], Letter]]] = {
    "order_confirmed": order_confirmed,
    "backordered": backordered,
    "order_changed": order_changed,
    "cancelled": cancelled,
    "option_notice": option_notice,
    "renewed_option_notice": renewed_option_notice,
    "date_expected": date_expected,
    "delayed": delayed,
    "brought_forward": brought_forward,
    "shipped": shipped,
    "delivered": delivered,
    "feedback_asked": feedback_asked,
    "charged": charged,
    "payment_failed": payment_failed,
    "refunded": refunded,
}

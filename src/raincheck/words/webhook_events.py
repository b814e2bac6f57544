"""Events that other programs are told of: their names and when they happen. docs/reference/webhooks.md lists them."""

from collections.abc import Mapping
from typing import Final

ALL: Final = "*"
TEST: Final = "webhook.test"
AVAILABILITY: Final = "product.availability"

ORDER_EVENTS: Final[Mapping[str, str]] = {
    "order.order_confirmed": "An order was accepted, in whole or in part",
    "order.backordered": "Some of an order has to wait",
    "order.date_expected": "There is a date for something that had none",
    "order.delayed": "A date that was told is later, or lost",
    "order.brought_forward": "A date that was told is earlier",
    "order.option_notice": "A law has the customer asked: wait or cancel",
    "order.renewed_option_notice": "The same, once more",
    "order.shipped": "A parcel left",
    "order.tracking_changed": "A parcel on its way has a tracking number, or another one",
    "order.delivered": "A parcel arrived",
    "order.charged": "Money was taken",
    "order.payment_failed": "A charge was declined",
    "order.refunded": "Money went back",
    "order.cancelled": "Units were cancelled",
    "order.order_changed": "Quantities or products changed",
    "order.address_changed": "It goes to another address",
    "order.answer_received": "The customer asked to wait",
    "order.withdrawal_received": "The customer withdrew from the purchase",
    "order.link_sent": "The customer was sent a link to the order's page",
    "order.substitute_offered": "Another product was offered instead",
    "order.feedback_asked": "The customer was asked how it went",
}

EVENTS: Final[Mapping[str, str]] = {
    **ORDER_EVENTS,
    AVAILABILITY: "A product's availability changed",
    TEST: "A test that somebody sent from the console",
}

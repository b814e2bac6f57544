"""The closed lists of states and tiers in the words of a planner, with the colour that goes with each."""

from decimal import Decimal
from typing import Final

from raincheck.words.reasons import REASONS

# A word and its tone: ok, wait, late, pre, gone, accent or plain.
ORDER_STATES: Final = {
    "open": ("Open", "accent"),
    "held": ("On hold", "wait"),
    "cancel_requested": ("Cancel requested", "late"),
    "complete": ("Complete", "gone"),
    "cancelled": ("Cancelled", "off"),
    "refused": ("Refused", "late"),
    "basket": ("Basket", "off"),
}
PURCHASE_STATES: Final = {
    "draft": ("Draft", "off"),
    "sent": ("Sent", "wait"),
    "confirmed": ("Confirmed", "accent"),
    "part_received": ("Part received", "accent"),
    "received": ("Received", "ok"),
    "closed_short": ("Closed short", "off"),
    "cancelled": ("Cancelled", "off"),
}
SHIPMENT_STATES: Final = {
    "released": ("Released", "accent"),
    "picked": ("Picked", "accent"),
    "packed": ("Packed", "accent"),
    "shipped": ("With the carrier", "gone"),
    "delivered": ("Delivered", "ok"),
    "cancelled": ("Cancelled", "off"),
}
NOTICE_STATES: Final = {
    "queued": ("Queued", "wait"),
    "sent": ("Sent", "ok"),
    "kept": ("Kept here", "off"),
    "failed": ("Failed", "late"),
}
WEBHOOK_STATES: Final = {
    "new": ("Told of nothing yet", "off"),
    "working": ("Working", "ok"),
    "failing": ("Failing", "late"),
    "off": ("Off", "off"),
}
WEBHOOK_DELIVERY_STATES: Final = {
    "queued": ("Waiting", "wait"),
    "delivered": ("Delivered", "ok"),
    "failed": ("Given up", "late"),
}
DELIVERY_STATES: Final = {
    **NOTICE_STATES,
    "bounced": ("Came back", "late"),
    "unwanted": ("Not wanted", "off"),
}
LAB_STATES: Final = {
    "queued": ("Queued", "off"),
    "running": ("Running", "accent"),
    "done": ("Done", "ok"),
    "failed": ("Failed", "late"),
}
OFFER_STATES: Final = {
    "open": ("Stands", "wait"),
    "taken": ("Taken", "ok"),
    "declined": ("Declined", "off"),
    "expired": ("Run out", "off"),
    "withdrawn": ("Taken back", "off"),
}
STATES: Final = {
    "offer": OFFER_STATES,
    "lab": LAB_STATES,
    "order": ORDER_STATES,
    "purchase": PURCHASE_STATES,
    "shipment": SHIPMENT_STATES,
    "notice": NOTICE_STATES,
    "channel": DELIVERY_STATES,
    "webhook": WEBHOOK_STATES,
    "delivery": WEBHOOK_DELIVERY_STATES,
}
NOTICE_EVENTS: Final = {
    "order_confirmed": "order confirmed",
    "backordered": "some units have to wait",
    "date_expected": "a date at last",
    "charged": "charged",
    "shipped": "shipped",
    "delivered": "delivered",
    "delayed": "a delay",
    "brought_forward": "sooner than promised",
    "option_notice": "wait or cancel",
    "renewed_option_notice": "wait or cancel, once more",
    "cancelled": "cancelled",
    "refunded": "refunded",
    "substitute_offered": "a substitute is offered",
    "feedback_asked": "how was it",
    "payment_failed": "payment failed",
    "address_changed": "another address",
    "link_sent": "a link to the order’s page",
    "order_changed": "the order was changed",
    "tracking_changed": "where to follow the parcel",
    "answer_received": "we have their answer",
    "withdrawal_received": "we have their withdrawal",
    "confirm_interest": "wants to hear when it is back: was it you?",
    "back_in_stock": "it is back",
}
TIERS: Final = {"gold": "Gold", "silver": "Silver", "standard": "Standard", "": "Standard"}
UNIT_STATES: Final = (
    ("shipped", "shipped"),
    ("reserved", "reserved"),
    ("backordered", "backordered"),
    ("preordered", "pre-ordered"),
    ("cancelled", "cancelled"),
    ("refused", "refused"),
)

SETTINGS: Final = {
    "ship": "Shipping",
    "backorders": "Backorders",
    "backorder_limit": "Backorder limit",
    "charge": "Charged",
    "latest_days": "Latest promise",
    "inbound_share": "Share of an inbound",
    "minimum_shipment": "Smallest parcel",
    "merge_hours": "Wait to share a parcel",
    "replenish": "Bought",
}
RULE_SOURCES: Final = {
    "company": "the company’s default",
    "order": "the customer’s choice",
    "product": "the product",
}
SUPPLY_CLASSES: Final = {
    "stock": "On the shelf",
    "transfer": "Transfer",
    "confirmed": "Confirmed",
    "sent": "Sent, not confirmed",
    "draft": "Draft",
}
WHY_LOST: Final = {
    "less_specific": "less specific",
    "fewer_conditions": "fewer conditions",
    "less_strict": "less strict",
    "same": "says the same",
}
_VALUES: Final = {
    "available": "as it comes",
    "complete": "all at once",
    "allow": "allowed",
    "deny": "not allowed",
    "shipment": "when it ships",
    "order": "with the order",
    "None": "none",
}


def reason_words(reason: str) -> str:
    """A reason in words. Raises `KeyError` for one that is not on the contract's list."""
    return REASONS[reason]


def state_words(kind: str, state: str) -> tuple[str, str]:
    """The word and the tone of a state; `kind` is order, purchase, shipment or notice."""
    return STATES[kind][state]


def setting_value_words(value: object) -> str:
    """A value of a setting in words."""
    if isinstance(value, dict):
        return f"{value.get('units', 0)} units, goods for {value.get('value', '0')}"
    text = str(value)
    if text.startswith("up_to:"):
        return f"in {text.removeprefix('up_to:')} parcels at most"
    if text.startswith("deposit:"):
        percent = (100 * Decimal(text.removeprefix("deposit:"))).normalize()
        return f"{percent:f}% with the order, the rest when it ships"
    return _VALUES.get(text, text)

"""What was done, in words: for the Desk's list and for timelines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.urls import reverse

from raincheck.store.reads.activity import FactView


@dataclass(frozen=True, slots=True)
class FactWords:
    """An icon, its tone, what was done, and the record it was done to with its page ("" where it has none:
    what there is only one of is named by what was done)."""

    icon: str
    tone: str
    text: str
    subject: str
    address: str


_VERBS: Final[dict[str, tuple[str, str, str]]] = {
    "order_placed": ("shopping-cart", "", "Order placed"),
    "order_changed": ("pencil", "", "Order changed"),
    "order_cancelled": ("ban", "late", "Order cancelled"),
    "cancel_confirmed": ("ban", "late", "Cancel confirmed by the floor"),
    "address_changed": ("pencil", "", "Sent to another address"),
    "link_sent": ("mail", "", "Link to the customer’s page sent"),
    "link_renewed": ("mail", "wait", "New link sent, the old ones ended"),
    "page_opened": ("eye", "", "The customer’s page opened by"),
    "asked_again": ("shopping-cart", "wait", "The customer wants it anew"),
    "order_held": ("player-pause", "wait", "Order put on hold"),
    "payment_will_fail": ("ban", "wait", "The next charge will be declined"),
    "payment_retried": ("check", "", "Payment tried again"),
    "card_given": ("currency-dollar", "", "Another card was given"),
    "card_approved": ("check", "ok", "The card processor said yes"),
    "card_declined": ("ban", "late", "The card processor said no"),
    "processor_event": ("currency-dollar", "wait", "The card processor called back"),
    "reconciled": ("currency-dollar", "", "The card processor’s file was compared"),
    "refunded_otherwise": ("arrow-back-up", "", "Paid back by another way than the card"),
    "order_released": ("player-play", "ok", "Order released"),
    "substitute_offered": ("arrows-exchange", "", "A substitute was offered"),
    "offer_withdrawn": ("arrow-back-up", "", "The offer of a substitute was taken back"),
    "substitutes_named": ("arrows-exchange", "", "Substitutes named"),
    "basket_held": ("hourglass", "", "A basket holds stock"),
    "basket_ended": ("arrow-back-up", "", "A basket let its stock go"),
    "shop_saved": ("settings", "", "Shop settings saved"),
    "answered": ("mail", "", "The customer answered"),
    "law_option_due": ("clock", "wait", "The law wants the customer asked"),
    "law_vested": ("clock", "late", "Time ran out by law"),
    "law_notice_void": ("clock", "late", "A notice never arrived: it does not count"),
    "law_told": ("clock", "ok", "The customer was asked by a person"),
    "law_exempted": ("clock", "", "Taken out of the law"),
    "refund_otherwise": ("currency-dollar", "wait", "The money cannot go back as it was paid"),
    "refund_sent": ("currency-dollar", "ok", "Money was sent back"),
    "fitting_period": ("calendar-due", "wait", "The customer set a further period"),
    "withdrawn": ("arrow-back-up", "wait", "The customer withdrew"),
    "seller_saved": ("user", "", "Seller saved"),
    "seller_of_product": ("user", "", "Somebody else sells it"),
    "feedback_given": ("inbox", "", "Somebody said how it went"),
    "feedback_declined": ("inbox", "", "The customer wants no such questions"),
    "picked": ("clipboard-list", "", "Picked"),
    "packed": ("package", "", "Packed"),
    "shipped": ("truck-delivery", "gone", "Handed to the carrier"),
    "delivered": ("circle-check", "ok", "Delivered"),
    "tracked": ("package", "", "Tracking number of a parcel entered"),
    "carrier_saved": ("truck-delivery", "", "Carrier saved"),
    "carrier_removed": ("truck-delivery", "late", "Carrier removed"),
    "returned": ("arrow-back-up", "wait", "Came back"),
    "received": ("package-import", "ok", "Received"),
    "counted": ("clipboard-check", "", "Counted"),
    "stock_set": ("clipboard-check", "", "Stock set"),
    "transfer_sent": ("arrows-exchange", "", "Transfer sent"),
    "purchase_written": ("file-invoice", "", "Purchase order written"),
    "purchase_confirmed": ("check", "ok", "Purchase order confirmed"),
    "purchase_rescheduled": ("calendar-due", "wait", "Purchase order moved"),
    "purchase_closed_short": ("ban", "late", "Purchase order closed short"),
    "words_saved": ("mail", "", "Words of messages saved"),
    "words_ended": ("arrow-back-up", "", "Messages use the shipped words again"),
    "policy_added": ("adjustments", "", "Rule put in force"),
    "policy_ended": ("adjustments", "", "Rule ended"),
    "rebalanced": ("arrows-exchange", "", "Rebalanced"),
    "units_moved": ("arrows-exchange", "", "Units moved by hand"),
    "given_revoked": ("arrow-back-up", "", "What was given is revoked"),
    "shortage_shared": ("arrows-exchange", "", "Shortage shared"),
    "share_revoked": ("arrow-back-up", "", "Sharing ended"),
    "protected": ("shield-lock", "", "Units kept for a group"),
    "settings_saved": ("settings", "", "Settings saved"),
    "products_saved": ("box", "", "Products saved"),
    "imported": ("box", "", "Imported"),
    "task_closed": ("check", "ok", "Task settled"),
    "task_given": ("clipboard-check", "", "A task was given"),
    "task_handed_on": ("clipboard-check", "", "A task was handed on"),
    "ships_together": ("package", "", "Goes in one parcel"),
    "goodwill": ("currency-dollar", "ok", "Goodwill given back"),
    "apikey_made": ("key", "", "API key made"),
    "apikey_revoked": ("key", "late", "API key revoked"),
    "webhook_added": ("arrows-exchange", "", "Webhook endpoint added"),
    "webhook_changed": ("arrows-exchange", "", "Webhook endpoint changed"),
    "webhook_secret": ("key", "", "Webhook secret changed"),
    "webhook_on": ("arrows-exchange", "ok", "Webhook endpoint switched on"),
    "webhook_off": ("arrows-exchange", "late", "Webhook endpoint switched off"),
    "webhook_removed": ("arrows-exchange", "late", "Webhook endpoint removed"),
    "webhook_test": ("arrows-exchange", "", "Webhook tested"),
    "preferences_saved": ("mail", "", "The customer’s wishes changed"),
    "spam_complaint": ("mail", "late", "The customer called a message spam"),
    "person_added": ("user", "", "Person added"),
    "person_barred": ("user", "late", "Person barred"),
    "person_allowed": ("user", "ok", "Person let in again"),
    "roles_changed": ("user", "", "Roles changed"),
    "password_given": ("key", "", "Password given"),
}


def fact_words(fact: FactView) -> FactWords:
    """The words for a fact. A verb without words of its own is shown as it is recorded."""
    icon, tone, text = _VERBS.get(fact.verb, ("history", "", fact.verb.replace("_", " ").capitalize()))
    kind, _, code = fact.subject.partition(":")
    return FactWords(icon, tone, text, _name(kind, code, fact.detail), _address(kind, code))


def _name(kind: str, code: str, detail: Mapping[str, Any]) -> str:
    """What people call the record; a number of our own tells nobody anything."""
    if kind == "webhook" and detail.get("url"):
        return urlsplit(str(detail["url"])).netloc
    if kind == "task" and detail.get("text"):
        return str(detail["text"])
    return "" if kind == "company" else code


def _address(kind: str, code: str) -> str:
    route = {"order": "order", "product": "product", "purchase": "purchase_order"}.get(kind)
    return reverse(route, args=[code]) if route and code else ""

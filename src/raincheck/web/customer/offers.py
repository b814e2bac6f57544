"""What a customer can do on the page of their order, and with which consequence; only what can be done now."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from raincheck.core.reason import Reason
from raincheck.web.customer.instead import may_take_instead, standing_offers
from raincheck.web.customer.law import ended_by_law, is_asked, may_withdraw
from raincheck.web.customer.visit import Visit

WAITS_FOR_REST = frozenset({Reason.WAITS_FOR_ORDER.value, Reason.WAITS_FOR_SHIPMENT.value})


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to the page that does it, and in one line what it does."""

    verb: str
    address: str
    label: str
    text: str
    is_first: bool = False


def offers(visit: Visit) -> list[Offer]:
    """The most pressing first."""
    return [*_pressing(visit), *_while_open(visit), *_afterwards(visit)]


def _pressing(visit: Visit) -> Iterator[Offer]:
    if may_pay(visit) and visit.order.paying.takes_card and visit.order.paying.asking:
        text = _("Your card is being asked now: look again in a moment. Or give us another one.")
        yield _offer(visit, "card", _("Another card"), text)
    elif may_pay(visit) and visit.order.paying.takes_card:
        text = _("The payment did not go through. Give us another card, or have it tried again.")
        yield _offer(visit, "card", _("Another card"), text, is_first=True)
    elif may_pay(visit):
        text = _("The payment did not go through. Have it tried again, so that your order can leave.")
        yield _offer(visit, "card", _("Pay again"), text, is_first=True)
    if is_asked(visit):
        text = _("Tell us that you agree to wait for what is late.")
        yield _offer(visit, "wait", _("Wait for it"), text)
    elif standing_offers(visit):
        yield _offer(visit, "wait", _("Wait for it"), _("Keep what you ordered and decline what we offered instead."))


def _while_open(visit: Visit) -> Iterator[Offer]:
    if may_ship(visit):
        text = _("Get what is here without waiting for the rest, which follows in a parcel of its own.")
        yield _offer(visit, "ship", _("Send what is here now"), text)
    if may_take_instead(visit):
        text = _("See what you could have sooner, at the agreed price.")
        yield _offer(visit, "substitute", _("Take something else instead"), text)
    if visit.order.is_open:
        text = _("Where what has not left yet is sent to. Your place in line stays.")
        yield _offer(visit, "address", _("Change the address"), text)
        if visit.order.paying.takes_card and not may_pay(visit):
            text = _("Pay what is still to come with another card than the one we have.")
            yield _offer(visit, "card", _("Another card"), text)
        yield _offer(visit, "cancel", _("Cancel"), _("All of it or some of it; what you have paid comes back."))


def _afterwards(visit: Visit) -> Iterator[Offer]:
    if ended_by_law(visit):
        yield _offer(visit, "again", _("Order it again"), _("Ask us for a new order of what was cancelled."))
    if may_withdraw(visit):
        text = _("Without a reason: what has not left is cancelled, what you have you send back.")
        yield _offer(visit, "withdraw", _("Withdraw from the contract here"), text)
    if has_arrived(visit):
        yield _offer(visit, "feedback", _("How did it go?"), _("One question, half a minute."))
    if visit.order.owner.customer_id is not None:
        yield _offer(visit, "preferences", _("How we write to you"), _("Language, e-mail and texts, quiet hours."))


def _offer(visit: Visit, verb: str, label: str, text: str, *, is_first: bool = False) -> Offer:
    return Offer(verb, visit.address(f"customer_{verb}"), label, text, is_first)


def has_arrived(visit: Visit) -> bool:
    """Whether anything of the order has reached its customer."""
    return any(parcel.state == "delivered" for parcel in visit.order.outcome.parcels)


def may_pay(visit: Visit) -> bool:
    """Whether a charge was declined and waits for another card, of what is open or of what has left."""
    return visit.order.paying.is_declined


def may_ship(visit: Visit) -> bool:
    """Whether units lie here that could go if they did not wait for the rest of the order."""
    return visit.order.outcome.state == "open" and any(
        piece.source == "on_hand" and piece.reason in WAITS_FOR_REST
        for line in visit.order.outcome.lines
        for piece in line.pieces
    )

"""What a customer can do on the page of their order, and with which consequence; only what can be done now."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from raincheck.core.reason import Reason
from raincheck.store.reads.order_outcome import LineOutcome
from raincheck.store.reads.substitutes import substitutes_for
from raincheck.web.customer.law import ended_by_law, is_asked
from raincheck.web.customer.visit import Visit

MOST_LOOKED_AT = 5
"""Of so many lines that wait the page itself asks whether something could stand in."""
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
    found: list[Offer] = []

    def offer(verb: str, label: str, text: str, *, is_first: bool = False) -> None:
        found.append(Offer(verb, visit.address(f"customer_{verb}"), label, text, is_first))

    if may_pay(visit):
        text = _("The payment did not go through. Have it tried again, so that your order can leave.")
        offer("card", _("Pay again"), text, is_first=True)
    if is_asked(visit):
        offer("wait", _("Wait for it"), _("Tell us that you agree to wait for what is late."), is_first=True)
    if may_ship(visit):
        text = _("Get what is here without waiting for the rest, which follows in a parcel of its own.")
        offer("ship", _("Send what is here now"), text)
    if any(substitutes_for(line.sku) for line in replaceable(visit)[:MOST_LOOKED_AT]):
        offer("substitute", _("Take something else instead"), _("See what you could have sooner, at the agreed price."))
    if visit.order.is_open:
        offer(
            "address", _("Change the address"), _("Where what has not left yet is sent to. Your place in line stays.")
        )
        offer("cancel", _("Cancel"), _("All of it or some of it, with your money back."))
    if ended_by_law(visit):
        offer("again", _("Order it again"), _("Ask us for a new order of what was cancelled."))
    if has_arrived(visit):
        offer("feedback", _("How did it go?"), _("One question, half a minute."))
    if visit.order.owner.customer_id is not None:
        offer("preferences", _("How we write to you"), _("Language, e-mail and texts, quiet hours."))
    return found


def has_arrived(visit: Visit) -> bool:
    """Whether anything of the order has reached its customer."""
    return any(parcel.state == "delivered" for parcel in visit.order.outcome.parcels)


def may_pay(visit: Visit) -> bool:
    """Whether a charge was declined and waits for another card."""
    return visit.order.owner.declined_at is not None


def may_ship(visit: Visit) -> bool:
    """Whether units lie here that could go if they did not wait for the rest of the order."""
    return visit.order.outcome.state == "open" and any(
        piece.source == "on_hand" and piece.reason in WAITS_FOR_REST
        for line in visit.order.outcome.lines
        for piece in line.pieces
    )


def replaceable(visit: Visit) -> list[LineOutcome]:
    """Lines that wait and of which the floor has nothing."""
    if visit.order.outcome.state != "open":
        return []
    return [
        line
        for line in visit.order.outcome.lines
        if line.backordered + line.preordered
        and not line.cancel_requested
        and not visit.order.extras[line.id].floor_units
    ]

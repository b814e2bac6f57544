"""Every name that a template may say, with its kind and what it means. The console and the reference show this list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

TEXT, NUMBER, YES_NO, DAY = "text", "number", "yes or no", "day"
ITEM, ITEMS, ORDER, OFFER, TEXTS = "item", "items", "order", "offer", "texts"
TRACKED, TRACKING = "tracked parcel", "tracked parcels"


@dataclass(frozen=True, slots=True)
class Variable:
    """A name, the kind of value that it has, and its meaning."""

    name: str
    kind: str
    meaning: str


def _named(kind: str, **meanings: str) -> tuple[Variable, ...]:
    return tuple(Variable(name, kind, meaning) for name, meaning in meanings.items())


VARIABLES: Final[Mapping[str, Variable]] = {
    variable.name: variable
    for variable in (
        *_named(
            TEXT,
            event="which event it is, such as delayed",
            company="your company’s name",
            customer="the customer’s name, empty where it is not known",
            scope="how much of the order it is about: all, part, or rest (the last that was open)",
            charge="when customers pay: shipment, order, or by_line",
            by="who cancelled: customer, law or seller",
            amount="all that was charged or given back",
            total="what the listed products cost together, empty where it is nothing",
            page_url="the address of the customer’s own page, empty where there is none",
            time="the time of day at which it happened, with the company’s zone",
            contact="how to reach you: e-mail and phone of the company’s settings, empty where there are none",
        ),
        *_named(
            NUMBER,
            units="units that the message is about",
            ready_units="of these, units that are ready",
            waiting_units="of these, units that are to follow",
            refused_units="of these, units that cannot be supplied",
            parcels="parcels that it is about",
            kept_of_ten="of ten dates like these, how many are kept; 0 where that is not on record or no whole number",
            kept_of_hundred="of a hundred dates like these, how many are kept; 0 where that is not on record",
        ),
        *_named(
            YES_NO,
            not_on_sale="whether all that waits is ahead of its sale",
            undated="whether no day was ever told and none can be given",
            passed="whether the day that was agreed for delivery has passed",
            all_dated="whether every listed product has a day",
            several="whether the message is about more than one product",
            until_differs="whether the customer agreed to wait for one product longer than for another",
        ),
        *_named(
            DAY,
            today="the day on which the message speaks",
            day="the one day that all listed products have; none where they differ or there is none",
            arrives="the day on which parcels should arrive",
            until="the day until which the customer agreed to wait; none: until it ships, or until different days",
            due="the day by which money is due back",
        ),
        *_named(ITEMS, items="the products that the message is about", rest="what of the order is still to come"),
        *_named(TEXTS, amounts="each amount that was charged or given back", address="the lines of the new address"),
        *_named(TRACKING, tracking="parcels that have a carrier’s number"),
        *_named(ORDER, order="the order as it stands now"),
        *_named(OFFER, offer="another product that is offered instead of the one that the message is about"),
        *_named(
            TEXT,
            money_back="ready-made: what becomes of the money for what is cancelled (Shared words)",
            ways_out="ready-made: how to get out of waiting (Shared words)",
            how_sure="ready-made: how many of ten such dates are kept, empty where it is not known (Shared words)",
            right_to_cancel="by law: the right to cancel and be refunded, and how",
            how_to_wait="by law: how to agree to wait, and what that means",
            if_silent="by law: what happens if the customer says nothing",
            refund_note="by law: what becomes of the money for what was cancelled",
        ),
    )
}
"""What every template may say."""

ITEM_ONLY: Final = Variable("item", ITEM, "one of the listed products: in the part Note, and in a loop over items")

FIELDS: Final[Mapping[str, tuple[Variable, ...]]] = {
    ITEM: (
        *_named(
            NUMBER,
            units="units",
            ready_units="units that are ready",
            waiting_units="units that are to follow",
            refused_units="units that cannot be supplied",
            sent_units="units that have been sent",
        ),
        *_named(TEXT, name="the product’s name", price="what it costs, empty where it is nothing"),
        *_named(
            DAY,
            day="when it should be with the customer",
            was_day="the day that was told before",
            until="until when the customer agreed to wait for it",
        ),
        *_named(
            TEXT,
            expected="ready-made: the day, or that there is none yet (Shared words)",
            revised="by law: the revised day, or that there is none and why",
        ),
    ),
    ORDER: (
        *_named(TEXT, ref="the order’s number"),
        *_named(DAY, day="the day on which it was placed"),
        *_named(
            NUMBER,
            open_units="units that are still to come",
            stopping_units="of these, units that are packed already and that a cancel has yet to stop",
            most_parcels="in how many parcels it leaves at most, 0 where that is open",
        ),
        *_named(YES_NO, is_together="whether it leaves all together"),
    ),
    OFFER: (
        *_named(TEXT, name="the product’s name", price="what a unit costs"),
        *_named(NUMBER, units="units"),
        *_named(DAY, day="when it would be with the customer", until="until when the offer stands"),
    ),
    TRACKED: _named(
        TEXT,
        carrier="who has the parcel",
        number="the carrier’s number of it",
        url="the carrier’s page that follows it, empty where there is none",
    ),
    DAY: _named(TEXT, text="the day written out", short="the day in short, for a text message"),
}
"""What each kind of value has."""

ELEMENT: Final[Mapping[str, str]] = {ITEMS: ITEM, TEXTS: TEXT, TRACKING: TRACKED}
"""What a loop over a list gives."""

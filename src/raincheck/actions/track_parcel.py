"""Who has a parcel and under which number: said as it leaves, or added and corrected afterwards."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.tracking import Carrier, Tracking, named, tidy_link, tidy_name, tidy_number
from raincheck.store import carriers, facts
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.parcels import contents_of

WITH_THE_CARRIER = ("shipped", "delivered")


def checked(carrier: str, number: str) -> Tracking:
    """A carrier and a number as they are kept. Raises Malformed, with the nearest carrier's name."""
    tidy = tidy_number(number)
    if not carrier.strip():
        if tidy:
            raise Malformed(f"tracking number {tidy!r}: say which carrier gave it")
        return Tracking()
    return Tracking(named(carrier, carriers.known_carriers()).name, tidy)


def known_carriers() -> tuple[Carrier, ...]:
    """Every carrier that a parcel can be given to, by name."""
    return carriers.known_carriers()


def track_parcel(shipment: int, carrier: str, number: str, at: datetime | None = None, actor: str = "") -> bool:
    """Adds or corrects what is known of a parcel's way; whether anything is new.

    The customer's page shows it at once. Who was told already that it left is told the number (`tracking_changed`), as
    long as the parcel is on its way. Raises Refused for a parcel that has not left, NotFound, Malformed.
    """
    while True:
        with suppress(_ToldMeanwhile):
            return _track(shipment, carrier, number, at, actor)


class _ToldMeanwhile(Exception):
    """A message of the parcel was queued while we waited for its lock."""


def _track(shipment: int, carrier: str, number: str, at: datetime | None, actor: str) -> bool:
    with transaction.atomic():
        messages = carriers.messages_of(shipment, lock=True)
        known = carriers.lock_parcel(shipment)
        if known is None:
            raise NotFound(f"parcel {shipment} does not exist", "parcel", str(shipment))
        if not carriers.messages_of(shipment, lock=False).keys() <= messages.keys():
            raise _ToldMeanwhile
        if known.state not in WITH_THE_CARRIER:
            raise Refused(f"parcel {shipment} has not left: its number is entered when the carrier takes it")
        tracking = checked(carrier, number)
        if tracking == known.tracking:
            return False
        carriers.note_tracking([shipment], tracking)
        detail = {
            "shipment": shipment,
            "carrier": tracking.carrier,
            "tracking_number": tracking.number,
            "was": known.tracking.number,
        }
        outbox = Outbox(at or database_now(), "tracked", f"order:{known.order_ref}", actor, detail)
        _ = outbox.fact
        if known.state == "shipped" and tracking.number:
            will_be_told = set(messages.values())
            for order, lines in contents_of([shipment]).items():
                if order not in will_be_told:
                    outbox.tell(order, "tracking_changed", lines)
        outbox.flush()
        return True


def save_carrier(name: str, link: str, at: datetime | None = None, actor: str = "") -> Carrier:
    """Adds a carrier, or changes the page of the one of that name. Raises Malformed."""
    carrier = Carrier(tidy_name(name), tidy_link(link))
    with transaction.atomic():
        carriers.save_carrier(carrier)
        facts.record(at or database_now(), "carrier_saved", f"carrier:{carrier.name}", actor, {"link": carrier.link})
    return carrier


def remove_carrier(name: str, at: datetime | None = None, actor: str = "") -> None:
    """Takes a carrier of the company's own away; a ready one of that name is back. Raises NotFound."""
    with transaction.atomic():
        if not carriers.remove_carrier(name):
            raise NotFound(f"carrier {name!r} is not one of your own", "carrier", name)
        facts.record(at or database_now(), "carrier_removed", f"carrier:{name}", actor)

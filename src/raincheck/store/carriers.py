"""Carriers, and what is known of a parcel's way: its carrier and its number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from raincheck.core.tracking import READY, Carrier, Tracking, link_to
from raincheck.store.db import row, rows, run

TRACKED_EVENTS: Final = frozenset({"shipped", "tracking_changed"})
"""Messages that say where parcels can be followed."""


@dataclass(frozen=True, slots=True)
class TrackedParcel:
    """A parcel that can be followed. `url` is the carrier's page, empty where it has none."""

    shipment: int
    carrier: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """A parcel under lock: where it stands, what is known of its way, and its first order."""

    state: str
    tracking: Tracking
    order_ref: str


def own_carriers() -> list[Carrier]:
    """The carriers that the company added or changed, by name."""
    return [Carrier(name, link) for name, link in rows("SELECT name, link FROM carrier ORDER BY lower(name)")]


def known_carriers() -> tuple[Carrier, ...]:
    """Every carrier that a parcel can be given to, by name: the company's own, and the ready ones."""
    own = own_carriers()
    names = {carrier.name.casefold() for carrier in own}
    ready = [carrier for carrier in READY if carrier.name.casefold() not in names]
    return tuple(sorted([*own, *ready], key=lambda carrier: (carrier.name.casefold(), carrier.name)))


def save_carrier(carrier: Carrier) -> None:
    """Adds a carrier, or changes the one of that name, whatever its capitals."""
    run(
        """INSERT INTO carrier (name, link) VALUES (%s, %s)
           ON CONFLICT ((lower(name))) DO UPDATE SET name = excluded.name, link = excluded.link""",
        [carrier.name, carrier.link],
    )


def remove_carrier(name: str) -> bool:
    """Takes a carrier of the company's own away; False if there is none such. Parcels keep its name."""
    return run("DELETE FROM carrier WHERE lower(name) = lower(%s)", [name]) > 0


def lock_parcel(shipment: int) -> ParcelFacts | None:
    """A parcel with this id, its row locked; None if there is none."""
    found = row(
        """SELECT s.state, s.carrier, s.tracking_number, o.ref FROM shipment s JOIN sales_order o ON o.id = s.order_id
           WHERE s.id = %s FOR NO KEY UPDATE OF s""",
        [shipment],
    )
    if found is None:
        return None
    state, carrier, number, ref = found
    return ParcelFacts(state, Tracking(carrier, number), ref)


def note_tracking(shipments: Sequence[int], tracking: Tracking) -> None:
    """Puts a carrier and a number on parcels."""
    run(
        "UPDATE shipment SET carrier = %s, tracking_number = %s WHERE id = ANY(%s)",
        [tracking.carrier, tracking.number, list(shipments)],
    )


def parcels_of(lines: Iterable[Mapping[str, Any]]) -> list[int]:
    """The parcels that lines of a message speak of."""
    return sorted({line["shipment"] for line in lines if "shipment" in line})


def tracked(shipments: Sequence[int]) -> tuple[TrackedParcel, ...]:
    """Those of some parcels that have a number, the first made first."""
    if not shipments:
        return ()
    found = rows(
        """SELECT id, carrier, tracking_number FROM shipment
           WHERE id = ANY(%s) AND tracking_number <> '' ORDER BY id""",
        [list(shipments)],
    )
    if not found:
        return ()
    links = links_by_name()
    return tuple(
        TrackedParcel(id_, carrier, number, link_to(Carrier(carrier, links.get(carrier.casefold(), "")), number))
        for id_, carrier, number in found
    )


def links_by_name() -> dict[str, str]:
    """The address of each known carrier's page, by its name in small letters."""
    return {carrier.name.casefold(): carrier.link for carrier in known_carriers()}


def tracking_url(carrier: str, number: str) -> str:
    """The carrier's page that follows a number; empty where there is none."""
    if not number:
        return ""
    return link_to(Carrier(carrier, links_by_name().get(carrier.casefold(), "")), number)


def tracking_of(shipment: int) -> dict[str, object]:
    """What is known of a parcel's way. Raises LookupError for none such."""
    found = row("SELECT carrier, tracking_number FROM shipment WHERE id = %s", [shipment])
    if found is None:
        raise LookupError(f"parcel {shipment} does not exist")
    carrier, number = found
    return {
        "shipment": shipment,
        "carrier": carrier,
        "tracking_number": number,
        "tracking_url": tracking_url(carrier, number),
    }


def messages_of(shipment: int, *, lock: bool) -> dict[int, int]:
    """The messages that are still to leave and tell of a parcel's number as it then is: message -> order.

    `lock`: waits for one that leaves in this moment, so that the answer holds until the transaction ends. Messages are
    locked before parcels, and before products (store.locks).
    """
    found = rows(
        f"""SELECT n.id, n.order_id FROM notice n
            WHERE n.order_id IN (SELECT l.order_id FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id
                                 WHERE sl.shipment_id = %s)
              AND n.state = 'queued' AND n.event IN ('shipped', 'tracking_changed')
              AND n.detail @> jsonb_build_object('lines', jsonb_build_array(jsonb_build_object('shipment', %s)))
            ORDER BY n.id {"FOR NO KEY UPDATE OF n" if lock else ""}""",  # noqa: S608 - our own words
        [shipment, shipment],
    )
    return dict(found)

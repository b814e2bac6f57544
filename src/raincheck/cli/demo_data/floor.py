"""The two warehouses at work: what is reserved is picked, packed, shipped and, three days later, delivered."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from raincheck.actions import floor
from raincheck.cli.demo_data.clock import SATURDAY, Clock
from raincheck.cli.demo_data.orders import FIRST_DAY
from raincheck.core.errors import Refused
from raincheck.core.tracking import NOT_TRACKED, Tracking
from raincheck.store.reads.shipments import pickable_orders, shipment_rows

TRANSIT_DAYS: Final = 3
ALL: Final = 1000


def plan_floor(clock: Clock) -> None:
    """Works every weekday until yesterday; carriers deliver on Saturdays too."""
    for days in range(FIRST_DAY, 0):
        weekday = clock.day(days).weekday()
        if weekday < SATURDAY:
            clock.plan(clock.at(days, 10), _pick_and_pack_all)
            # What a card has yet to say yes to stays for the second round.
            clock.plan(clock.at(days, 15), _ship_all)
            clock.plan(clock.at(days, 15, 30), _ship_all)
        if weekday <= SATURDAY:
            clock.plan(clock.at(days, 16), _deliver_due)


def plan_this_morning(clock: Clock) -> None:
    """Today the floor has only begun: four orders are in totes, two of them packed; the rest is still to be picked."""
    clock.plan(clock.ago(hours=1, minutes=10), _begin)


def _begin(at: datetime) -> None:
    orders = [order.ref for order in pickable_orders(4)]
    for ref in orders:
        floor.pick(ref, at=at, actor="warehouse")
    for ref in orders[:2]:
        floor.pack(ref, at=at, actor="warehouse")


def _pick_and_pack_all(at: datetime) -> None:
    for order in pickable_orders(ALL):
        floor.pick(order.ref, at=at, actor="warehouse")
        floor.pack(order.ref, at=at, actor="warehouse")


def _ship_all(at: datetime) -> None:
    packed: dict[str, list[int]] = {}
    for parcel in shipment_rows("packed", None, ALL):
        packed.setdefault(parcel.order_ref, []).append(parcel.id)
    for ref, parcels in packed.items():
        # A label names one parcel; of several that leave together the carrier scans the numbers later.
        tracking = Tracking("UPS", f"1Z8A4E07{parcels[0]:010}") if len(parcels) == 1 else NOT_TRACKED
        # Whose card was declined stays packed until it is paid.
        with suppress(Refused):
            floor.ship(ref, at=at, actor="warehouse", tracking=tracking)


def _deliver_due(at: datetime) -> None:
    for parcel in shipment_rows("shipped", None, ALL):
        if parcel.shipped_at is not None and parcel.shipped_at + timedelta(days=TRANSIT_DAYS) <= at + timedelta(
            hours=2
        ):
            floor.deliver(parcel.order_ref, parcel.id, at=at, actor="warehouse")

"""The law's days end at midnight where the order goes; another address may be in another zone (semantics 59)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from raincheck.core.settings import Settings
from raincheck.store.db import rows, run
from raincheck.store.law_clocks import ClockRow, asks_at, move, read_clocks, record_events, told_days
from raincheck.store.outbox import Outbox
from raincheck.store.ship_to_zone import ship_to_zone


def move_zone(settings: Settings, order: int, country: str, postcode: str, outbox: Outbox) -> None:
    """Counts the days of an order's clocks in the zone of its new address, on record.

    A clock whose last day is over there already keeps its zone: nobody loses an order by moving.
    """
    zone = ship_to_zone(country, postcode, settings.timezone)
    found = read_clocks(line for (line,) in rows("SELECT id FROM order_line WHERE order_id = %s", [order]))
    moving = [row for row in found if row.vested_at is None and row.zone != zone and row.open_units]
    days = told_days(settings, [row.line for row in moving]) if moving else {}
    for row in moving:
        moved = replace(row, zone=zone)
        cancels_on = moved.clock.cancels_on
        if cancels_on is not None and moved.start_of(cancels_on) <= outbox.at:
            continue
        run("UPDATE law_clock SET zone = %s WHERE id = %s", [zone.key, row.id])
        record_events(outbox, [(row.id, "moved", {"from": row.zone.key, "to": zone.key})])
        move(moved, moved.clock, _asks_at(settings, row, moved, days.get(row.line), outbox.at))


def _asks_at(settings: Settings, row: ClockRow, moved: ClockRow, goes_on: date | None, at: datetime) -> datetime | None:
    """When the customer is asked at the new place: its own noon or midnight, and never after its last day.

    Where delivery counts that is the day after the agreed one, or after the further period. A change that settles goes
    on settling.
    """
    if row.counts_delivery and row.fitting_until is not None:
        return moved.start_of(row.fitting_until + timedelta(days=1)) if row.asks_at is not None else None
    there = asks_at(settings, replace(moved, asks_at=None), goes_on, at)
    if there is None or row.asks_at is None or row.counts_delivery:
        return there
    return min(row.asks_at, there)

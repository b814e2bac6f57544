"""A site opens or stops handing over: which site serves soonest may change, and what lies there leaves another day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from raincheck.core.calendar import Road
from raincheck.core.settings import Settings
from raincheck.store.db import rows
from raincheck.store.order_state import move_on_expected
from raincheck.store.roads import read_roads
from raincheck.store.timers import TimerKind, set_timers


def watch_sites(settings: Settings, at: datetime, sites: Iterable[int] | None = None) -> None:
    """Sets a timer for when each site with hours (of some sites, or of all) next opens or stops handing over.

    Where handling takes days, every midnight may change which of two sites with other working days is sooner.
    """
    wanted = None if sites is None else set(sites)
    midnight = settings.calendar.start_of(settings.calendar.day_of(at) + timedelta(days=1))
    set_timers(
        (
            min(road.hours.changes_after(at), midnight) if settings.handling_days else road.hours.changes_after(at),
            TimerKind.CLOSING,
            site,
        )
        for site, road in read_roads(settings).items()
        if road.hours is not None and (wanted is None or site in wanted)
    )


def products_at(sites: Iterable[int], today: date) -> list[int]:
    """Products that somebody waits for, of which these sites have stock or expect some today."""
    found = rows(
        """SELECT DISTINCT c.product_id FROM claim c
           WHERE c.units > 0
             AND EXISTS (SELECT 1 FROM peg g WHERE g.product_id = c.product_id AND g.shipment_line_id IS NULL)
             AND (EXISTS (SELECT 1 FROM stock_level s
                          WHERE s.product_id = c.product_id AND s.site_id = ANY(%s) AND s.on_hand > 0)
                  OR EXISTS (SELECT 1 FROM inbound_line i WHERE i.product_id = c.product_id AND i.site_id = ANY(%s)
                                                           AND i.owed > 0 AND i.expected_on = %s))
           ORDER BY 1""",
        [list(sites), list(sites), today],
    )
    return [product for (product,) in found]


def move_on(settings: Settings, roads: Mapping[int, Road], at: datetime) -> None:
    """What could leave but has not is expected later: by the day, and at sites with hours by when they hand over.

    A floor that works by hand may still ship today.
    """
    today = settings.calendar.day_of(at)
    if settings.warehouse == "manual":
        move_on_expected(settings.road.delivers_on(today))
        return
    move_on_expected(settings.road.delivers_on(settings.road.ships_on(today)), list(roads))
    for site, road in roads.items():
        move_on_expected(road.delivers_on(road.ships_on_from(at)), [site], but_not=False)

"""Rows of stock and of confirmed inbound to the core's supplies: when they are there, when they can ship."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from raincheck.core.book import ProductFacts
from raincheck.core.calendar import Road
from raincheck.core.policy import Rule
from raincheck.core.settings import Settings
from raincheck.core.supply import Supply, SupplyKind
from raincheck.store.db import rows
from raincheck.store.inbound_share import promisable, read_shares
from raincheck.store.locks import Locked

StockRow = tuple[int, int, int, int]
"""(stock level, product, site, units)."""

InboundRow = tuple[int, str, int, int, int, date | None, date | None]
"""(inbound line, kind, product, site, units, dated on, expected on)."""


def read_supplies(
    locked: Locked,
    settings: Settings,
    roads: Mapping[int, Road],
    products: Mapping[int, ProductFacts],
    frozen: Mapping[int, int],
    rules: tuple[Rule, ...] | None = None,
) -> tuple[Supply, ...]:
    """All supply of the locked products without the units that are frozen, by stock level."""
    found = [list(locked.products)]
    stock = rows("SELECT id, product_id, site_id, on_hand FROM stock_level WHERE product_id = ANY(%s)", found)
    inbound = rows(
        """SELECT l.id, i.kind, l.product_id, l.site_id, l.owed, l.dated_on, l.expected_on
           FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id WHERE l.product_id = ANY(%s) AND l.owed > 0""",
        found,
    )
    shares = read_shares(settings, locked.products, rules) if inbound else {}
    return supplies_of(
        locked.at,
        settings,
        roads,
        products,
        ((id_, product, site, on_hand - frozen.get(id_, 0)) for id_, product, site, on_hand in stock),
        (
            (id_, kind, product, site, promisable(settings, shares, product, owed), dated_on, expected_on)
            for id_, kind, product, site, owed, dated_on, expected_on in inbound
        ),
    )


def supplies_of(
    at: datetime,
    settings: Settings,
    roads: Mapping[int, Road],
    products: Mapping[int, ProductFacts],
    stock: Iterable[StockRow],
    inbound: Iterable[InboundRow],
) -> tuple[Supply, ...]:
    """The supplies of those rows that have units, at an instant. `roads` are those of sites with hours of their own."""
    now = _Now(at, settings.calendar.day_of(at), settings.road, roads)
    found = [_stock(now, products[row[1]], row) for row in stock if row[3] > 0]
    found += [_inbound(now, settings.hold_days, products[row[2]], row) for row in inbound if row[4] > 0]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Now:
    """The instant, its day, and the roads to the customer."""

    at: datetime
    today: date
    company: Road
    roads: Mapping[int, Road]

    def road_by(self, site: int) -> Road:
        return self.roads.get(site, self.company)

    def ships_on(self, site: int, there_on: date) -> date:
        """When what is there on a day ships: of today what the site's cut-off leaves of it."""
        road = self.road_by(site)
        return road.ships_on(there_on) if road.hours is None or there_on > self.today else road.ships_on_from(self.at)


def _stock(now: _Now, product: ProductFacts, row: StockRow) -> Supply:
    id_, product_id, site, units = row
    today = now.today
    there_on = max(today, product.available_from or today)
    ships_on = now.ships_on(site, there_on)
    return Supply(SupplyKind.STOCK, id_, product_id, site, units, there_on, ships_on, slips=there_on == today)


def _inbound(now: _Now, hold_days: int, product: ProductFacts, row: InboundRow) -> Supply:
    id_, kind, product_id, site, units, dated_on, expected_on = row
    today = now.today
    # A day that has passed is no date, also in the moment before its timer has been run.
    arrives_on = expected_on if expected_on is not None and expected_on >= today else None
    there_on = None if arrives_on is None else now.road_by(site).there_on(arrives_on)
    if there_on is not None and product.available_from:
        there_on = max(there_on, product.available_from)
    ships_on = None if there_on is None else now.ships_on(site, there_on)
    overdue_days = (today - dated_on).days if dated_on is not None else 0
    return Supply(
        SupplyKind(kind),
        id_,
        product_id,
        site,
        units,
        there_on,
        ships_on,
        slips=overdue_days > 0 and arrives_on is not None,
        due_today=0 < overdue_days <= hold_days,
    )

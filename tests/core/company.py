"""A small company for cases in words: Monday 2 March 2026, two sites, lamps and vases.

outcome = serve(claim("O1", 3), stock(2), purchase(5, day(10)))
assert outcome["O1"] == {"stock": 2, "2026-03-12": 1}
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from raincheck.core.allocate import Pegs, allocate
from raincheck.core.book import Book, ProductFacts, SiteFacts
from raincheck.core.calendar import Calendar, Road
from raincheck.core.demand import Claim
from raincheck.core.peg import Peg, PegKind
from raincheck.core.rank import UNTOUCHED_PLACE
from raincheck.core.supply import Supply, SupplyKind

TODAY = date(2026, 3, 2)
"""A Monday."""
LAMP, VASE, SET = 1, 2, 3
SKUS = {LAMP: "lamp", VASE: "vase", SET: "set"}
EAST, WEST = 1, 2
SITES = {EAST: SiteFacts("east", "US", "10001"), WEST: SiteFacts("west", "US", "94105")}

_ids = count(1)


def day(days: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=days)


def calendar(zone: str = "UTC", working_days: int = 5, holidays: tuple[date, ...] = ()) -> Calendar:
    """A calendar that works on the first so many days of the week."""
    return Calendar(ZoneInfo(zone), frozenset(range(working_days)), frozenset(holidays))


def road(receiving_days: int = 0, handling_days: int = 0, transit_days: int = 0, working_days: int = 5) -> Road:
    """A road; nothing on it takes time unless said."""
    return Road(calendar(working_days=working_days), receiving_days, handling_days, transit_days)


def stock(units: int, product: int = LAMP, site: int = EAST) -> Supply:
    """Stock on hand."""
    return Supply(SupplyKind.STOCK, next(_ids), product, site, units, TODAY, TODAY)


def purchase(units: int, arrives_on: date | None, product: int = LAMP, site: int = EAST, **marks: bool) -> Supply:
    """A confirmed purchase; without a date it is overdue and nobody knows."""
    return Supply(SupplyKind.PURCHASE, next(_ids), product, site, units, arrives_on, arrives_on, **marks)


def transfer(units: int, arrives_on: date | None, product: int = LAMP, site: int = EAST) -> Supply:
    """A transfer under way to a site."""
    return Supply(SupplyKind.TRANSFER, next(_ids), product, site, units, arrives_on, arrives_on)


def joined(hour: int = 9, days_ago: int = 0) -> datetime:
    """The instant at which a claim joined."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC) - timedelta(days=days_ago)


def claim(
    ref: str,
    units: int,
    product: int = LAMP,
    *,
    at: datetime | None = None,
    score: int = 0,
    place: int = UNTOUCHED_PLACE,
    complete: bool = False,
    told: date | None = None,
    **facts: Any,
) -> Claim:
    """Open units of one order's line. Told a day: all its units were, unless said otherwise."""
    id_ = next(_ids)
    at = at or joined()
    number = int(ref.removeprefix("O"))
    return Claim(
        id=id_,
        line=facts.pop("line", id_),
        order=number,
        product=product,
        units=units,
        rank=(place, Decimal(-score), at, ref, SKUS[product]),
        group=number if complete else None,
        told_on=told,
        told_units=facts.pop("told_units", units if told else 0),
        joined_on=at.date(),
        **facts,
    )


@dataclass(frozen=True)
class Outcome:
    """Who got what: `outcome[claim]` or `outcome["O1"]` is units by "stock", by day, "lead_time" or "none"."""

    book: Book
    pegs: Pegs

    def __getitem__(self, who: Claim | str) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in self.book.claims:
            if one.id == who.id if isinstance(who, Claim) else one.rank[3] == who:
                for peg in self.pegs[one.id]:
                    found[_source(peg)] = found.get(_source(peg), 0) + peg.units
        return found

    def sites(self, who: Claim) -> dict[int, int]:
        """Units by site."""
        return {peg.supply.site: peg.units for peg in self.pegs[who.id] if peg.supply is not None}

    def supplies(self, who: Claim) -> dict[int, int]:
        """Units by the id of their supply."""
        return {peg.supply.id: peg.units for peg in self.pegs[who.id] if peg.supply is not None}


def _source(peg: Peg) -> str:
    if peg.kind is PegKind.STOCK:
        return "stock"
    if peg.kind is PegKind.INBOUND:
        return peg.ships_on.isoformat() if peg.ships_on else "overdue"
    return peg.kind.value


def book_of(
    *things: Claim | Supply,
    facts: Mapping[int, ProductFacts] | None = None,
    on_road: Road | None = None,
    today: date = TODAY,
    **rules: Any,
) -> Book:
    """The book of these claims and supplies; supplies' shipping days follow from their days of arrival and the road."""
    way = on_road or road()
    products = {product: ProductFacts() for product in SKUS} | dict(facts or {})
    supplies = []
    for thing in things:
        if isinstance(thing, Supply):
            arrives_on = today if thing.is_stock else thing.there_on
            there_on = arrives_on if thing.is_stock or arrives_on is None else way.there_on(arrives_on)
            if there_on is not None:
                there_on = max(there_on, products[thing.product].available_from or there_on)
            ships_on = None if there_on is None else way.ships_on(there_on)
            slips = there_on == today if thing.is_stock else thing.slips
            supplies.append(replace(thing, there_on=there_on, ships_on=ships_on, slips=slips))
    claims = tuple(thing for thing in things if isinstance(thing, Claim))
    return Book(today, way, tuple(supplies), claims, products, SITES, **rules)


def serve(*things: Claim | Supply, **rules: Any) -> Outcome:
    """The outcome of one pass."""
    book = book_of(*things, **rules)
    return Outcome(book, allocate(book))

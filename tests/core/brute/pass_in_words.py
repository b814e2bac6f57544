"""The contract's pass for tiny books, written down sentence by sentence and tried out instead of calculated.

Nothing here is taken from `raincheck.core.allocate`: whether set-asides can be covered is found by trying every
assignment of units, and how much may be taken by trying every smaller amount. Slow, obvious, and for four claims only.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.supply import Supply

Outcome = dict[int, Counter[str]]
"""For each claim: units by where they come from: "stock 3", "inbound 4", "lead_time 2026-03-09", "none"."""


Pile = tuple[str, str]
"""Units of a supply: (its name, the tier they are protected for or "")."""


@dataclass(frozen=True)
class SetAside:
    """Units for a tier that must remain coverable by any of some supplies."""

    supplies: tuple[str, ...]
    units: int
    tier: str
    claim: int


@dataclass
class State:
    """What nobody has taken, what each claim has, and what is set aside for each party."""

    book: Book
    left: Counter[Pile]
    has: dict[int, Counter[Pile]] = field(default_factory=dict)
    set_aside: dict[int, list[SetAside]] = field(default_factory=dict)
    dateless: set[int] = field(default_factory=set)

    def copy(self) -> "State":
        has = {claim: Counter(units) for claim, units in self.has.items()}
        return State(self.book, Counter(self.left), has, dict(self.set_aside), self.dateless)

    def all_set_aside(self, *, but: str = "nobody") -> list[SetAside]:
        return [one for ones in self.set_aside.values() for one in ones if one.tier != but]

    def has_of(self, claim: Claim, name: str) -> int:
        return sum(units for pile, units in self.has.get(claim.id, Counter()).items() if pile[0] == name)

    def free(self, claim: Claim, name: str) -> int:
        return self.left[name, ""] + self.left[name, claim.tier]


def name_of(supply: Supply) -> str:
    return f"{'stock' if supply.is_stock else 'inbound'} {supply.id}"


def pass_in_words(book: Book) -> Outcome:
    """Steps 1 to 6 of contract section 3, "Who gets what: the pass"."""
    state = State(book, Counter({(name_of(supply), ""): supply.units for supply in book.supplies}))
    parties = _parties(book)
    for number, party in enumerate(parties):
        state.set_aside[number] = _keep(state, party)
    for tier in ("gold", "silver", "standard"):
        _protect(state, tier)
    for number, party in enumerate(parties):
        state.set_aside[number] = []
        state = _take_plain(state, party[0]) if party[0].group is None else _take_group(state, party)
    for party in parties:
        if party[0].group is not None:
            for claim in party:
                _exchange(state, claim)
    return {claim.id: _names(state.has[claim.id]) + _uncovered(state, claim) for claim in book.claims}


def _names(has: Counter[Pile]) -> Counter[str]:
    names: Counter[str] = Counter()
    for (name, _), units in has.items():
        names[name] += units
    return names


# Step 1. "Claims stand in rank order; a group's are its best line's."


def _parties(book: Book) -> list[list[Claim]]:
    parties: list[list[Claim]] = []
    waiting = sorted(book.claims, key=lambda claim: (claim.rank, claim.id))
    while waiting:
        best = waiting[0]
        together = [c for c in waiting if c is best or (best.group is not None and c.group == best.group)]
        parties.append(together)
        waiting = [claim for claim in waiting if claim not in together]
    return parties


# Step 2. "By the day it can ship, stock first, then id. On one day stock comes before inbound; then the site …"


def _day(supply: Supply) -> date:
    return supply.ships_on or date.max


def _by_day_and_kind(supplies: list[Supply], day_of: Callable[[Supply], date]) -> list[list[Supply]]:
    """Supplies that stand side by side, the earliest day first and on one day stock before inbound."""
    places = sorted({(day_of(supply), not supply.is_stock) for supply in supplies})
    return [[s for s in supplies if (day_of(s), not s.is_stock) == place] for place in places]


def _best_site_first(state: State, claim: Claim, side_by_side: list[Supply]) -> list[Supply]:
    if len({supply.site for supply in state.book.supplies}) == 1:
        return sorted(side_by_side, key=lambda supply: supply.id)
    return sorted(side_by_side, key=lambda supply: (*_site_preference(state, claim, supply), supply.id))


def _site_preference(state: State, claim: Claim, supply: Supply) -> tuple[object, ...]:
    book, site, day = state.book, state.book.sites[supply.site], _day(supply)
    covered = 0
    lines = {other.line for other in book.claims if other.order == claim.order}
    for line in lines:
        of_line = [other for other in book.claims if other.line == line]
        there = [
            s for s in book.supplies if s.product == of_line[0].product and s.site == supply.site and _day(s) == day
        ]
        free = sum(state.free(claim, name_of(s)) for s in there)
        own = sum(state.has_of(other, name_of(s)) for other in of_line for s in there)
        covered += free + own >= sum(other.units for other in of_line)
    abroad = 0 if site.country == claim.country else 1
    return (-covered, abroad, _distance(site.postcode, claim.postcode), site.name)


def _distance(one: str, other: str) -> list[int]:
    return [abs(ord(a) - ord(b)) for a, b in zip(one, other, strict=True)]


# Step 3. "In rank order, of the supply there in time for the told day, as many units as still fit …"


def _keep(state: State, party: list[Claim]) -> list[SetAside]:
    own: list[SetAside] = []
    for claim in party:
        own += _most(state, own, claim, _stock_of(state.book, claim), min(claim.keeps_stock, claim.units))
    if not state.book.keeps_told_dates:
        return own
    has = {claim.id: sum(one.units for one in own if one.claim == claim.id) for claim in party}
    wishes = [(claim, max(0, _units_to_keep(state.book, claim) - has[claim.id])) for claim in party]
    if party[0].group is None:
        return own + _most(state, own, party[0], _in_time(state.book, party[0]), wishes[0][1])
    whole = [SetAside(_in_time(state.book, c), units, c.tier, c.id) for c, units in wishes if units]
    return own + whole if _coverable(state, state.all_set_aside() + own + whole) else own


def _most(state: State, own: list[SetAside], claim: Claim, supplies: tuple[str, ...], most: int) -> list[SetAside]:
    """As many units as still fit."""
    for units in range(most, 0, -1):
        some = [SetAside(supplies, units, claim.tier, claim.id)]
        if _coverable(state, state.all_set_aside() + own + some):
            return some
    return []


def _stock_of(book: Book, claim: Claim) -> tuple[str, ...]:
    return tuple(name_of(supply) for supply in book.supplies if supply.product == claim.product and supply.is_stock)


def _units_to_keep(book: Book, claim: Claim) -> int:
    """Only units already told; none for a told day that has passed; one told from lead_time needs no supply."""
    if claim.told_on is None or claim.told_on < book.today:
        return 0
    return max(0, min(claim.units, claim.told_units) - claim.told_by_lead_time)


def _in_time(book: Book, claim: Claim) -> tuple[str, ...]:
    names = []
    for supply in book.supplies:
        if supply.product == claim.product and supply.ships_on is not None and claim.told_on is not None:
            delivered_on = supply.ships_on + timedelta(days=book.road.transit_days)
            if delivered_on <= claim.told_on and (supply.is_stock or not claim.stock_only):
                names.append(name_of(supply))
    return tuple(names)


def _coverable(state: State, set_aside: list[SetAside]) -> bool:
    """Whether some assignment of what is left covers all that is set aside: every assignment is tried."""
    piles = sorted(pile for pile, units in state.left.items() if units)

    @cache
    def covers(number: int, left: tuple[int, ...]) -> bool:
        if number == len(set_aside):
            return True
        one = set_aside[number]
        usable = [index for index, pile in enumerate(piles) if pile[0] in one.supplies and pile[1] in ("", one.tier)]
        return any(covers(number + 1, after) for after in _ways(left, usable, one.units))

    return covers(0, tuple(state.left[pile] for pile in piles))


def _ways(left: tuple[int, ...], usable: list[int], units: int) -> list[tuple[int, ...]]:
    """What may be left after so many units came from the usable supplies, in every possible way."""
    if units == 0:
        return [left]
    if not usable:
        return []
    first, *others = usable
    ways: list[tuple[int, ...]] = []
    for here in range(min(units, left[first]) + 1):
        after = (*left[:first], left[first] - here, *left[first + 1 :])
        ways += _ways(after, others, units - here)
    return ways


# Step 4. "Each protection sets aside the earliest units that leave the keeps of claims outside its group coverable …"


def _protect(state: State, tier: str) -> None:
    """Unit by unit, from the earliest supply on; where there are several protections, gold's comes first."""
    wanted = {one.product: one.units for one in state.book.protections if one.tier == tier}
    for side_by_side in _by_day_and_kind(list(state.book.supplies), _day):
        for supply in sorted(side_by_side, key=lambda supply: supply.id):
            name = name_of(supply)
            for _ in range(supply.units):
                if wanted.get(supply.product, 0) and state.left[name, ""]:
                    state.left[name, ""] -= 1
                    if _coverable(state, state.all_set_aside(but=tier)):
                        state.left[name, tier] += 1
                        wanted[supply.product] -= 1
                    else:
                        state.left[name, ""] += 1


# Step 5. "Take, in rank order … Whatever is taken must leave the rest of what was set aside coverable."


def _take_along(state: State, claim: Claim, places: list[list[Supply]]) -> State:
    """The most of each supply in turn that leaves the set-asides coverable: every smaller amount is tried."""
    state.has[claim.id] = Counter()
    for side_by_side in places:
        for supply in _best_site_first(state, claim, side_by_side):
            for pile in ((name_of(supply), claim.tier), (name_of(supply), "")):
                needed = claim.units - state.has[claim.id].total()
                for units in range(min(needed, state.left[pile]), 0, -1):
                    state.left[pile] -= units
                    if _coverable(state, state.all_set_aside()):
                        state.has[claim.id][pile] += units
                        break
                    state.left[pile] += units
    return state


def _supplies_for(state: State, claim: Claim) -> list[Supply]:
    mine = [supply for supply in state.book.supplies if supply.product == claim.product]
    return [supply for supply in mine if supply.is_stock] if claim.stock_only else mine


def _take_plain(state: State, claim: Claim) -> State:
    """The earliest supply first; what may not be backordered takes stock only, now and whatever is wanted later."""
    leaves_on = _leaves_on(state.book, claim)
    if leaves_on is not None and not claim.stock_only:
        return _take_latest(state, claim, leaves_on - timedelta(days=state.book.margin_days))
    return _take_along(state, claim, _by_day_and_kind(_supplies_for(state, claim), _day))


def _leaves_on(book: Book, claim: Claim) -> date | None:
    """The latest day that delivers on the wanted day, else on the first after it; none if that is not to come."""
    if claim.wanted_on is None:
        return None
    days = [claim.wanted_on + timedelta(days=days) for days in range(-90, 60)]
    delivered = {day: book.road.ships_on(day) + timedelta(days=book.road.transit_days) for day in days}
    first = min(on for on in delivered.values() if on >= claim.wanted_on)
    leaves_on = max(day for day, on in delivered.items() if on == first)
    return leaves_on if leaves_on > book.today else None


def _take_group(state: State, party: list[Claim]) -> State:
    """Its own, if the last part is there within hold_days; else what it needs is lent until then."""
    book = state.book
    earliest = _take_earliest(state.copy(), party)
    group_on = _group_day(book, earliest, party)
    if group_on is not None and group_on <= book.today + timedelta(days=book.hold_days):
        return earliest
    joined_on = min(claim.joined_on or book.today for claim in party)
    if group_on is None and book.today >= joined_on + timedelta(days=book.lend_days):
        return earliest
    # What may not be backordered takes stock and is never lent.
    for claim in party:
        state.has[claim.id] = earliest.has[claim.id] if claim.stock_only else Counter()
        for pile, units in state.has[claim.id].items():
            state.left[pile] -= units
    lent = [claim for claim in party if not claim.stock_only]
    if group_on is None and all(_lead_time_there_on(book, claim) is not None for claim in lent):
        # The group has no date. Lead times for all of it would say that it has: it waits for an undated inbound.
        state.dateless |= {claim.id for claim in lent}
    if group_on is not None:
        for claim in lent:
            state = _take_latest(state, claim, group_on - timedelta(days=book.margin_days))
    return state


def _there_for_group(book: Book, supply: Supply) -> date | None:
    """An inbound overdue by at most hold_days counts as due today."""
    if not supply.due_today:
        return supply.there_on
    return max(book.road.there_on(book.today), book.products[supply.product].available_from or book.today)


def _day_for_group(book: Book, supply: Supply) -> date:
    there_on = _there_for_group(book, supply)
    return book.road.ships_on(there_on) if supply.due_today and there_on is not None else _day(supply)


def _take_earliest(state: State, party: list[Claim]) -> State:
    """Each line the earliest. Of two lines of one product, the one that may take stock only comes first."""
    book = state.book
    for claim in [c for c in party if c.stock_only] + [c for c in party if not c.stock_only]:
        supplies = _supplies_for(state, claim)
        state = _take_along(state, claim, _by_day_and_kind(supplies, lambda supply: _day_for_group(book, supply)))
    return state


def _take_latest(state: State, claim: Claim, there_by: date) -> State:
    """The latest that is there by a day, else the earliest."""
    mine = _supplies_for(state, claim)
    in_time = [s for s in mine if s.there_on is not None and s.there_on <= there_by]
    others = [s for s in mine if s not in in_time]
    latest_first = _by_day_and_kind(in_time, _day)[::-1]
    day_of = _day if claim.group is None else (lambda supply: _day_for_group(state.book, supply))
    return _take_along(state, claim, latest_first + _by_day_and_kind(others, day_of))


def _group_day(book: Book, state: State, party: list[Claim]) -> date | None:
    """The day on which its last part is there; none while a part has no date."""
    days: list[date | None] = [book.today, _leaves_on(book, party[0]) or book.today]
    for claim in party:
        days += [_there_for_group(book, s) for s in book.supplies if state.has_of(claim, name_of(s))]
        if state.has[claim.id].total() < claim.units:
            days.append(_lead_time_there_on(book, claim))
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _lead_time_there_on(book: Book, claim: Claim) -> date | None:
    facts = book.products[claim.product]
    if claim.stock_only or facts.lead_time_days is None:
        return None
    if facts.available_from is not None and facts.available_from > book.today:
        return None
    arrives_on = (claim.lead_time_from or book.today) + timedelta(days=facts.lead_time_days)
    return book.road.there_on(arrives_on) if arrives_on >= book.today else None


# Step 6. "In rank order, ship-complete groups exchange inbound for stock that nobody took."


def _exchange(state: State, claim: Claim) -> None:
    mine = [supply for supply in state.book.supplies if supply.product == claim.product]
    inbound = sorted((s for s in mine if not s.is_stock), key=lambda s: (_day(s), s.id), reverse=True)
    for given in inbound:
        while state.has_of(claim, name_of(given)):
            free = [s for s in mine if s.is_stock and state.free(claim, name_of(s))]
            if not free:
                return
            taken = _best_site_first(state, claim, free)[0]
            for _ in range(min(state.has_of(claim, name_of(given)), state.free(claim, name_of(taken)))):
                # Protected units are given back last and taken first.
                back = next(
                    (name_of(given), tier) for tier in ("", claim.tier) if state.has[claim.id][name_of(given), tier]
                )
                new = next((name_of(taken), tier) for tier in (claim.tier, "") if state.left[name_of(taken), tier])
                state.has[claim.id] += Counter({new: 1})
                state.has[claim.id] -= Counter({back: 1})
                state.left[back] += 1
                state.left[new] -= 1


def _uncovered(state: State, claim: Claim) -> Counter[str]:
    """What is left has the lead time or no date."""
    open_units = claim.units - state.has[claim.id].total()
    there_on = None if claim.id in state.dateless else _lead_time_there_on(state.book, claim)
    source = "none"
    if there_on is not None:
        source = f"lead_time {state.book.road.ships_on(max(there_on, _leaves_on(state.book, claim) or there_on))}"
    return +Counter({source: open_units})

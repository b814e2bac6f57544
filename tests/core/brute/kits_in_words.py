"""Kits, tried out kit by kit (contract, "The pass", steps 3 and 5): on top of the pass in words, for one site."""

from collections import Counter
from datetime import date, timedelta

from tests.core.brute.pass_in_words import (
    Outcome,
    SetAside,
    State,
    _coverable,
    _in_time,
    _lead_time_there_on,
    _leaves_on,
    _stock_of,
    _supplies_for,
    _take_plain,
    name_of,
)
from tests.core.brute.pass_in_words import _keep as keep_plain
from tests.core.brute.pass_in_words import _names as names
from tests.core.brute.pass_in_words import _uncovered as uncovered

from raincheck.core.book import Book
from raincheck.core.demand import Claim

Place = tuple[date, bool]


def pass_with_kits(book: Book) -> Outcome:
    """The outcome for a book of plain claims and sets of kits at one site, without protections and groups."""
    state = State(book, Counter({(name_of(supply), ""): supply.units for supply in book.supplies}))
    parties: dict[object, list[Claim]] = {}
    for claim in sorted(book.claims, key=lambda claim: (claim.rank, claim.id)):
        parties.setdefault(claim.id if claim.kit is None else (claim.kit.line, claim.kit.nr), []).append(claim)
    in_order = list(parties.values())
    for number, party in enumerate(in_order):
        state.set_aside[number] = keep_plain(state, party) if party[0].kit is None else _keep_kits(state, party)
    bought: dict[int, int] = {}
    for number, party in enumerate(in_order):
        state.set_aside[number] = []
        if party[0].kit is None:
            state = _take_plain(state, party[0])
        else:
            bought |= _take_kits(state, party)
    return {
        claim.id: names(state.has[claim.id])
        + (uncovered(state, claim) if claim.kit is None else _rest(state, claim, bought[claim.id]))
        for claim in book.claims
    }


def _is_bought_in_time(book: Book, part: Claim) -> bool:
    """Whether a purchase yet to be made delivers on the told day."""
    there_on = _lead_time(book, part)
    delivered_on = there_on and book.road.ships_on(there_on) + timedelta(days=book.road.transit_days)
    return bool(delivered_on and part.told_on and delivered_on <= part.told_on)


def _lead_time(book: Book, part: Claim) -> date | None:
    assert part.kit is not None
    is_sold = part.kit.available_from is None or part.kit.available_from <= book.today
    return _lead_time_there_on(book, part) if is_sold else None


def _keep_kits(state: State, parts: list[Claim]) -> list[SetAside]:
    """As many whole kits as fit, of those that were told."""
    book, kit = state.book, parts[0].kit
    assert kit is not None
    if not book.keeps_told_dates or parts[0].told_on is None or parts[0].told_on < book.today:
        return []
    sold_on = kit.available_from or book.today
    if book.road.ships_on(max(sold_on, book.today)) + timedelta(days=book.road.transit_days) > parts[0].told_on:
        return []
    for kits in range(min(min(c.told_units, c.units) // c.per_kit for c in parts), 0, -1):
        some = [_set_aside(book, c, kits * c.per_kit) for c in parts if not _is_bought_in_time(book, c)]
        if not _coverable(state, state.all_set_aside() + some):
            continue
        for part in parts:
            if _is_bought_in_time(book, part):
                needed = max(0, kits * part.per_kit - part.told_by_lead_time)
                fitting = ([*some, _set_aside(book, part, units)] for units in range(needed, -1, -1))
                some = next(each for each in fitting if _coverable(state, state.all_set_aside() + each))
        return some
    return []


def _set_aside(book: Book, part: Claim, units: int) -> SetAside:
    in_time = set(_in_time(book, part))
    if part.stock_only:
        in_time &= set(_stock_of(book, part))
    return SetAside(tuple(sorted(in_time)), units, part.tier, part.id)


def _take_kits(state: State, parts: list[Claim]) -> dict[int, int]:
    """Kit by kit the earliest day on which all parts can be there, none without a date; what is to be bought."""
    book, kit = state.book, parts[0].kit
    assert kit is not None
    bought = {part.id: 0 for part in parts}
    for part in parts:
        state.has[part.id] = Counter()
    floor = max(day for day in (book.today, kit.available_from, _leaves_on(book, parts[0])) if day is not None)
    for _ in range(min(part.units // part.per_kit for part in parts)):
        uncovered_by_supply = {part.id for part in parts if _no_supply_covers(state, part)}
        for place in _places(state, parts):
            day = max(place, (floor, floor > book.today))
            before = (Counter(state.left), {part.id: Counter(state.has[part.id]) for part in parts})
            missing = {part.id: _draw_latest(state, part, day) for part in parts}
            bought_in_time = {part.id for part in parts if _is_bought_by(book, part, day)} & uncovered_by_supply
            if all(not missing[part.id] or part.id in bought_in_time for part in parts):
                for id_, units in missing.items():
                    bought[id_] += units
                break
            state.left = before[0]
            state.has |= before[1]
        else:
            break
    return bought


def _no_supply_covers(state: State, part: Claim) -> bool:
    trial = state.copy()
    trial.has[part.id] = Counter(state.has[part.id])
    return _draw_latest(trial, part, (date.max, True)) > 0


def _places(state: State, parts: list[Claim]) -> list[Place]:
    places: set[Place] = set()
    for part in parts:
        places |= {(s.there_on, not s.is_stock) for s in _supplies_for(state, part) if s.there_on is not None}
        there_on = _lead_time(state.book, part)
        if there_on is not None:
            places.add((there_on, True))
    return sorted(places)


def _is_bought_by(book: Book, part: Claim, day: Place) -> bool:
    there_on = _lead_time(book, part)
    return there_on is not None and (there_on, True) <= day


def _draw_latest(state: State, part: Claim, day: Place) -> int:
    """One kit's units of a part from the latest supply that meets the day, unit by unit; how many are missing."""
    missing = part.per_kit
    there = [s for s in _supplies_for(state, part) if s.there_on and (s.there_on, not s.is_stock) <= day]
    there.sort(key=lambda s: s.id)
    there.sort(key=lambda s: (s.ships_on or date.max, not s.is_stock), reverse=True)
    for supply in there:
        pile = (name_of(supply), "")
        while missing and state.left[pile]:
            state.left[pile] -= 1
            if not _coverable(state, state.all_set_aside()):
                state.left[pile] += 1
                break
            state.has[part.id][pile] += 1
            missing -= 1
    return missing


def _rest(state: State, part: Claim, bought: int) -> Counter[str]:
    open_units = part.units - state.has[part.id].total()
    there_on = _lead_time(state.book, part)
    source = "none"
    if there_on is not None:
        source = f"lead_time {state.book.road.ships_on(max(there_on, _leaves_on(state.book, part) or there_on))}"
    return +Counter({source: bought}) + +Counter({"none": open_units - bought})

"""A rebalance: supply is given out anew by strategy (contract, "Rebalance"; semantics 2.1, "Build").

Every touched line drops what it has, in a working copy; then win, gain, improve, redistribute and fill are served in
this order, inside a strategy by segment and then by rank, with the rules of the pass: supply by its days, sites,
protections, ship-complete groups and kits. Told days are not kept; what must not lose is set aside when its strategy's
turn comes. Untouched lines, those that skip, and what a person gave by hand stay as they are. A ship-complete group
stands, with all its lines, in the best of their segments, and so do the parts of a kit. Then lines that must win, and
those that must keep, are verified. A breach stops everything, or all that hangs together with its product (at every
site: lines draw on all of them); the fallback runs instead of what was stopped.

Guarantees: no supply is given twice; nobody loses who may not; the same rebalance again changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from raincheck.core.allocate import Pegs, Run
from raincheck.core.book import Book, Given
from raincheck.core.confirmation import NOTHING, Confirmed, confirmations
from raincheck.core.demand import Claim, Party
from raincheck.core.given import with_given, without_given
from raincheck.core.parts import parts_of
from raincheck.core.peg import Peg
from raincheck.core.redistribution import serve
from raincheck.core.strategy import PLACE, Assigned, Request, Strategy, segment_of
from raincheck.core.worth import without_small_gains

Lines = Mapping[int, Mapping[str, str | None]]
"""What segments may ask of each line: condition -> value."""

KEEPING = (Strategy.GAIN, Strategy.IMPROVE)
"""Strategies for whose lines what they have is set aside."""

MOST_ROUNDS = 8
"""So often at most is a rebalance served anew with its own outcome."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that did not get what its strategy demands: it needs, or had, so many units and would have got fewer.

    `is_late` says that it would get them all, but too late.
    """

    line: int
    product: int
    strategy: Strategy
    demanded_units: int
    got_units: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Rebalanced:
    """What comes of it. `pegs` are those of every claim; `strategies` those of the claims it touched.

    `stopped` names the breaches that stopped it, also where a fallback ran instead.
    """

    pegs: Pegs
    strategies: Mapping[int, Strategy]
    stopped: tuple[Breach, ...]


def rebalance(book: Book, before: Pegs, lines: Lines, request: Request, fact: int) -> Rebalanced:
    """Rebalances the claims of a book that have `before` now. What it gives is given by `fact`.

    Lines that are not named in `lines` are left as they are.
    """
    parts = parts_of(book.claims)
    asked = _by_claim(book, {line: segment_of(request.segments, known) for line, known in lines.items()})
    pegs, breaches = _attempt(book, before, asked, fact)
    stopped = breaches
    for segments in (request.fallback or (), ()):
        if not breaches:
            break
        failed = {parts[breach.product] for breach in breaches}
        if request.exceptions == "stop_all":
            failed = set(parts.values())
        instead = _by_claim(book, {line: segment_of(segments, known) for line, known in lines.items()})
        of_claim = {claim.id: parts[claim.product] for claim in book.claims}
        asked = {id_: found for id_, found in asked.items() if of_claim[id_] not in failed} | {
            id_: found for id_, found in instead.items() if of_claim[id_] in failed
        }
        pegs, breaches = _attempt(book, before, asked, fact)
        stopped += breaches
    pegs, reverted = without_small_gains(book, before, pegs, asked, request)
    strategies = {id_: found.strategy for id_, found in asked.items() if id_ not in reverted}
    return Rebalanced(pegs, strategies, stopped)


def _by_claim(book: Book, by_line: Mapping[int, Assigned | None]) -> dict[int, Assigned]:
    """The segment of each touched claim: of a ship-complete group the best of its lines'."""
    best: dict[Party, Assigned] = {}
    for claim in book.claims:
        found = by_line.get(claim.line)
        if found is not None:
            best[claim.party] = min(best.get(claim.party, found), found, key=_place)
    return {
        claim.id: best[claim.party]
        for claim in book.claims
        if claim.party in best and best[claim.party].strategy is not Strategy.SKIP
    }


def _place(assigned: Assigned) -> tuple[int, int]:
    return (PLACE.get(assigned.strategy, len(PLACE)), assigned.segment)


def _attempt(book: Book, before: Pegs, asked: Mapping[int, Assigned], fact: int) -> tuple[Pegs, tuple[Breach, ...]]:
    """Serves the touched claims; who would have what, and which lines would be breached.

    What was set aside for somebody who could not use it in the end (a ship-complete group that is not whole) was kept
    from others in vain, so they are served again with that outcome, until nothing changes.
    """
    if not asked:
        return before, ()
    pegs = _serve_all(book, before, asked, fact)
    breaches = tuple(_breaches(book, before, pegs, asked))
    if breaches or not any(found.strategy in KEEPING for found in asked.values()):
        return pegs, breaches
    for _ in range(MOST_ROUNDS):
        again = _serve_all(book, pegs, asked, fact)
        if again == pegs or any(_breaches(book, before, again, asked)):
            break
        pegs = again
    return pegs, ()


def _serve_all(book: Book, before: Pegs, asked: Mapping[int, Assigned], fact: int) -> Pegs:
    """Serves the touched claims, strategy by strategy; who has what then."""
    stays = tuple(_staying(book, before, asked))
    ranked = tuple(_ranked(claim, asked.get(claim.id)) for claim in book.claims)
    whole = replace(book, claims=ranked, given=stays)
    free = without_given(whole)
    run = Run(replace(free, claims=tuple(claim for claim in free.claims if claim.id in asked)))
    run.protect()
    by_hand = {tie.fact for tie in book.given if tie.by_hand}
    had = {id_: [peg for peg in before[id_] if peg.supply and peg.given_by not in by_hand] for id_ in asked}
    for strategy, parties in groupby(run.parties, key=lambda party: asked[party[0].id].strategy):
        serve(run, strategy, list(parties), had)
    served = {claim.id: [_given(peg, fact) for peg in run.pegs_of(claim)] for claim in run.book.claims}
    after = with_given(replace(whole, claims=tuple(claim for claim in ranked if claim.id in asked)), served)
    return {claim.id: after[claim.id] if claim.id in asked else before[claim.id] for claim in book.claims}


def _staying(book: Book, before: Pegs, asked: Mapping[int, Assigned]) -> Iterable[Given]:
    """What untouched claims have, and what touched ones were given by hand."""
    for claim in book.claims:
        if claim.id not in asked:
            for peg in before[claim.id]:
                if peg.supply is not None:
                    yield Given(claim.id, peg.supply.key, peg.units, peg.given_by or 0, False, peg.ships_on)
    yield from (tie for tie in book.given if tie.by_hand and tie.claim in asked)


def _ranked(claim: Claim, assigned: Assigned | None) -> Claim:
    """A claim at its segment's place."""
    if assigned is None:
        return claim
    place = PLACE[assigned.strategy] * 1_000_000 + assigned.segment
    return replace(claim, rank=(place, *claim.rank[1:]))


def _given(peg: Peg, fact: int) -> Peg:
    return peg if peg.supply is None or peg.ships_on is None else replace(peg, given_by=fact)


def _breaches(book: Book, before: Pegs, after: Pegs, asked: Mapping[int, Assigned]) -> Iterable[Breach]:
    """Lines that must win and are not full and on time, and lines that must keep and would have less, by rank.

    Full is a line of which every unit has a day, if only from its supplier's lead time.
    """
    had = confirmations(book.claims, before, by_lead_time=True)
    has = confirmations(book.claims, after, by_lead_time=True)
    by_line: dict[int, list[Claim]] = {}
    for claim in sorted(book.claims, key=lambda claim: (claim.rank, claim.id)):
        if claim.id in asked:
            by_line.setdefault(claim.line, []).append(claim)
    for line, claims in by_line.items():
        strategy, first = asked[claims[0].id].strategy, claims[0]
        old, new = had.get(line, NOTHING), has.get(line, NOTHING)
        if strategy is Strategy.WIN:
            needed = sum(claim.units for claim in claims)
            if not all(_in_time(book, claim, after[claim.id], new) for claim in claims):
                yield Breach(line, first.product, strategy, needed, new.units, new.units >= needed)
        elif strategy is Strategy.GAIN and not new.keeps(old):
            yield Breach(line, first.product, strategy, old.units, new.units, new.units >= old.units)


def _in_time(book: Book, claim: Claim, pegs: list[Peg], line: Confirmed) -> bool:
    """Whether every unit has a day and the last is delivered by the wanted day, or else by the day told, if to come.

    Without either any day is in time.
    """
    due = [day for day in (claim.wanted_on, claim.told_on) if day is not None and day >= book.today]
    if claim.group is not None:
        last_on = line.last_on
    else:
        days = [peg.ships_on for peg in pegs]
        last_on = None if None in days else max((day for day in days if day is not None), default=book.today)
    return last_on is not None and (not due or book.road.delivers_on(last_on) <= due[0])

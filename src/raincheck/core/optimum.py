"""The planner's optimum: the best that any allocation of one book could do, as a mixed-integer programme.

The rule serves by rank and breaks no word; the optimum knows no rank. It answers what rank and kept words cost: how
many told units could be on time, how little lateness, how few parcels, if the same supply went to whomever it serves
best. It is shown beside the rule and never carried out.

Sets: claims c (of ship-complete groups g, or plain), supplies s with a shipping day d(s), days t.

    x(c, s)   units of claim c from supply s of its product (of stock alone where it may not be backordered)
    l(c)      units of c dated from its supplier's lead time;  n(c): units without a date
    y(g, t)   1 if group g ships on day t, one of the days of its products' supply, or on none
    o(c)      units of a plain claim on time;  z(k): 1 if a parcel k = (order, group, site, day) leaves

    sum over c of x(c, s)               <=  units(s)                                          for every s
    sum over s of x(c, s) + l(c) + n(c)  =  units(c)                                          for every plain c
    sum over s of x(c, s) + l(c)         =  units(c) x (1 - y(g, none))                       for every c of a group
    sum over t of y(g, t)                =  1                                                 for every g
    sum of x(c, s), l(c) there by t     >=  units(c) x sum of y(g, t') over t' up to t        for every c of g, every t
    o(c) <= told units(c);  o(c)        <=  units of c delivered by the day told              for every plain c
    x(c, s) <= min(units(c), units(s)) x z(k)                                                 and so for l(c)
    sum over c of l(c)                  <=  what the rule dates from a lead time              for every product

The last says that the optimum buys nothing which the rule does not buy. Objectives, one after the other, each holding
what the one before reached (lexicographic): most units on time, least lateness, fewest parcels. `core.score` defines
them. What is not modelled (see `modelled`) keeps what the rule gave it, and is counted on neither side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from raincheck.core.allocate import Pegs
from raincheck.core.book import Book
from raincheck.core.demand import Claim
from raincheck.core.errors import Refused
from raincheck.core.optimum_model import Model
from raincheck.core.score import Score, score, yardstick

MOST_PAIRS = 20_000
"""The most pairs of a claim and a supply that are taken on: some tens of seconds on one core."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The rule and the optimum of one book, over the same claims.

    `is_proved`: no better one exists. Else the time ran out, and no outcome has more than `most_on_time` units on time;
    `fixed` are claims that are not modelled: they keep what the rule gave them.
    """

    rule: Score
    best: Score
    pegs: Pegs
    is_proved: bool
    most_on_time: int
    claims: int
    units: int
    told_units: int
    fixed: tuple[int, ...]


def modelled(book: Book) -> Callable[[Claim], bool]:
    """Whether the programme knows every rule that a claim stands under, and may therefore serve it otherwise.

    Not: parts of kits, what is wanted for a later day, orders whose parcels are planned (up to N, minimum, merging),
    products with protected units, claims to which a rebalance or a person gave units, and what waits for its payment.
    """
    protected = {protection.product for protection in book.protections}
    given = {tie.claim for tie in book.given}
    return lambda claim: (
        claim.kit is None
        and claim.parcel_terms is None
        and book.wanted_there_on(claim) is None
        and claim.product not in protected
        and claim.id not in given
        and not claim.waits_for_payment
    )


def optimum(
    book: Book, pegs: Pegs, *, weights: Mapping[int, int] | None = None, time_limit_seconds: float = 20.0
) -> Optimum:
    """The best outcome of a book beside the rule's, whose pegs are given. `weights`: lateness by claim, 1 by default.

    Each of the three objectives gets a third of the time. Raises Refused, naming the size, for a book too large.
    """
    is_modelled = modelled(book)
    fixed_groups = {claim.group for claim in book.claims if not is_modelled(claim)} - {None}
    ours = [claim for claim in book.claims if is_modelled(claim) and claim.group not in fixed_groups]
    ours.sort(key=lambda claim: claim.id)
    counted = {claim.id for claim in ours}
    _check_size(book, ours)
    by = yardstick(book, weights)
    model = Model(book, ours, pegs, by)
    found = model.start
    most_on_time, proofs = 0, []
    for stage, objective in enumerate(model.objectives()):
        solution = model.programme.solve(objective.costs, found, time_limit_seconds / 3, most_wins=objective.most_wins)
        found = solution.values
        proofs.append(solution.is_proved)
        if stage == 0:
            most_on_time = int(solution.bound + 1e-6)
        model.hold(objective, solution.objective)
    best_pegs = model.pegs_of(found)
    return Optimum(
        rule=score(book, pegs, counted, by),
        best=score(book, best_pegs, counted, by),
        pegs=best_pegs,
        is_proved=all(proofs),
        most_on_time=most_on_time,
        claims=len(ours),
        units=sum(claim.units for claim in ours),
        told_units=sum(min(claim.told_units, claim.units) for claim in ours if claim.told_on),
        fixed=tuple(sorted(claim.id for claim in book.claims if claim.id not in counted)),
    )


def _check_size(book: Book, claims: list[Claim]) -> None:
    supplies: dict[int, int] = {}
    for supply in book.supplies:
        supplies[supply.product] = supplies.get(supply.product, 0) + 1
    pairs = sum(supplies.get(claim.product, 0) for claim in claims)
    if pairs > MOST_PAIRS:
        raise Refused(
            f"the optimum of {len(claims):,} claims on {len(book.supplies):,} supplies has {pairs:,} pairs of the two; "
            f"at most {MOST_PAIRS:,} are taken on"
        )

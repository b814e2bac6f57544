"""The walks of the array pass over plain claims and all claims, compiled (contract, "The pass", steps 3, 5 and 6).

The same steps in the same order as `core.allocate`, over numbers. `places` are (slack, each product's first place),
`supplies` (units left, place, is it inbound, each product's first supply), `takes` the chains of `core.batch.kernel`.

Cost: each claim looks at the few supplies and days of its product, so the walks grow with the number of claims.
"""

from typing import Any

import numpy as np

from raincheck.core.batch.complete import take_complete
from raincheck.core.batch.kernel import NONE, compiled, held_units, note_take, open_units, part, room, set_aside


@compiled
def keep_places(product: Any, keep_by: Any, keep_units: Any, stock_only: Any, place_of: Any, first_place: Any) -> Any:
    """The last place of supply that is in time for each claim's told day; -1 where there is none.

    `place_of` are the product's places as numbers: twice the day, and one more for inbound. Only stock is in time for
    what may not be backordered.
    """
    found = np.full(len(product), NONE, np.int32)
    for claim in range(len(product)):
        if keep_units[claim] == 0:
            continue
        by = np.int64(keep_by[claim]) * 2 + 1
        place, end = first_place[product[claim]], first_place[product[claim] + 1]
        while place < end and place_of[place] <= by:
            if not stock_only[claim] or place_of[place] % 2 == 0:
                found[claim] = place
            place += 1
    return found


@compiled
def keep(product: Any, group: Any, keep_units: Any, keep_place: Any, member: Any, first: Any, places: Any) -> Any:
    """Step 3: how many units each claim sets aside; a group all or none."""
    slack, first_place = places
    kept = np.zeros(len(product), np.int64)
    for party in range(len(first) - 1):
        for at in range(first[party], first[party + 1]):
            claim = member[at]
            if keep_units[claim] == 0:
                continue
            place, places_end = keep_place[claim], first_place[product[claim] + 1]
            if place != NONE:
                kept[claim] = min(keep_units[claim], room(slack, place, places_end))
                set_aside(slack, place, places_end, kept[claim])
            if group[claim] != NONE and kept[claim] < keep_units[claim]:
                _give_back_keep(product, keep_place, member, first[party], first[party + 1], slack, first_place, kept)
                break
    return kept


@part
def _give_back_keep(
    product: Any, keep_place: Any, member: Any, begin: int, end: int, slack: Any, first_place: Any, kept: Any
) -> None:
    """What was set aside for a party is free for it to take."""
    for at in range(begin, end):
        claim = member[at]
        if kept[claim]:
            set_aside(slack, keep_place[claim], first_place[product[claim] + 1], -kept[claim])
            kept[claim] = 0


@compiled
def take(claims: Any, keeps: Any, parties: Any, rules: Any, orders: Any, supplies: Any, places: Any) -> Any:
    """Step 5: what each claim has afterwards, as chains of takes; and which claims have no date at all."""
    count, supply_count = len(claims[0]), len(supplies[0])
    head = np.full(count, NONE, np.int32)
    dateless = np.zeros(count, np.bool_)
    used = np.zeros(1, np.int64)
    size = count + 2 * supply_count + 1024
    next_take, take_supply, take_units = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int64)
    open_from = supplies[3][:-1].copy()
    party, last = 0, len(parties[1]) - 1
    while True:
        takes = (head, next_take, take_supply, take_units, used)
        party = _take_while_there_is_space(
            party, claims, keeps, parties, rules, orders, supplies, places, takes, dateless, open_from
        )
        if party == last:
            return takes, dateless
        size = 2 * size
        next_take = _longer(next_take, size)
        take_supply = _longer(take_supply, size)
        take_units = _longer(take_units, size)


@part
def _take_while_there_is_space(
    party: int, claims: Any, keeps: Any, parties: Any, rules: Any, orders: Any, supplies: Any, places: Any, takes: Any,
    dateless: Any, open_from: Any,
) -> int:  # fmt: skip
    """Parties take until the chains may run out of space; the party to go on with."""
    product, units, group, stock_only, lead_there, joined = claims
    kept, keep_place = keeps
    member, first = parties
    left, place, is_inbound, first_supply = supplies
    slack, first_place = places
    head, next_take, take_supply, take_units, used = takes
    there, group_there, latest_first, group_order = orders
    today, hold_days, lend_days, margin_days = rules
    while party < len(first) - 1:
        begin, end = first[party], first[party + 1]
        most = used[0]
        for at in range(begin, end):
            most += 3 * (first_supply[product[member[at]] + 1] - first_supply[product[member[at]]])
        if most > len(next_take):
            return party
        _give_back_keep(product, keep_place, member, begin, end, slack, first_place, kept)
        claim = member[begin]
        if group[claim] == NONE:
            _take_plain(
                claim, product, units, stock_only, left, place, is_inbound, first_supply, slack, first_place, head,
                next_take, take_supply, take_units, used, open_from,
            )  # fmt: skip
        else:
            take_complete(
                member, begin, end, product, units, stock_only, lead_there, joined, left, place, is_inbound,
                first_supply, slack, first_place, head, next_take, take_supply, take_units, used, there, group_there,
                latest_first, group_order, today, hold_days, lend_days, margin_days, dateless,
            )  # fmt: skip
        party += 1
    return party


@part
def _take_plain(
    claim: int, product: Any, units: Any, stock_only: Any, left: Any, place: Any, is_inbound: Any, first_supply: Any,
    slack: Any, first_place: Any, head: Any, next_take: Any, take_supply: Any, take_units: Any, used: Any,
    open_from: Any,
) -> None:  # fmt: skip
    """The earliest supply first; only stock, if the claim may not be backordered."""
    number = product[claim]
    supply, supplies_end, places_end = open_from[number], first_supply[number + 1], first_place[number + 1]
    while supply < supplies_end and left[supply] == 0:
        supply += 1
    open_from[number] = supply
    needed = units[claim]
    while supply < supplies_end and needed:
        if left[supply] and not (stock_only[claim] and is_inbound[supply]):
            drawn = min(needed, left[supply], room(slack, place[supply], places_end))
            if drawn:
                left[supply] -= drawn
                set_aside(slack, place[supply], places_end, drawn)
                note_take(head, next_take, take_supply, take_units, used, claim, supply, drawn)
                needed -= drawn
        supply += 1


@compiled
def _longer(values: Any, size: int) -> Any:
    longer = np.empty(size, values.dtype)
    longer[: len(values)] = values
    return longer


@compiled
def give_back(group: Any, product: Any, member: Any, supplies: Any, places: Any, takes: Any) -> None:
    """Step 6: groups hold stock that nobody took instead of inbound; the latest inbound goes first."""
    left, place, is_inbound, first_supply = supplies
    slack, first_place = places
    head, next_take, take_supply, take_units, used = takes
    for claim in member:
        if group[claim] == NONE or head[claim] == NONE:
            continue
        number = product[claim]
        begin, end, places_end = first_supply[number], first_supply[number + 1], first_place[number + 1]
        for given in range(end - 1, begin - 1, -1):
            if not is_inbound[given]:
                continue
            held = held_units(head, next_take, take_supply, take_units, claim, given)
            taken = begin
            while held and taken < end:
                units = 0 if is_inbound[taken] else min(left[taken], held)
                if units:
                    left[given] += units
                    set_aside(slack, place[given], places_end, -units)
                    note_take(head, next_take, take_supply, take_units, used, claim, given, -units)
                    left[taken] -= units
                    set_aside(slack, place[taken], places_end, units)
                    note_take(head, next_take, take_supply, take_units, used, claim, taken, units)
                    held -= units
                taken += 1


@compiled
def gather(units: Any, takes: Any) -> Any:
    """The chains as rows: where each claim's begin, their supplies in serving order, their units; and what is open."""
    head, next_take, take_supply, take_units, used = takes
    start = np.empty(len(units) + 1, np.int64)
    supply, held = np.empty(used[0], np.int32), np.empty(used[0], np.int64)
    uncovered = np.empty(len(units), np.int64)
    rows = 0
    for claim in range(len(units)):
        start[claim] = rows
        uncovered[claim] = open_units(head, next_take, take_units, units, claim)
        take = head[claim]
        while take != NONE:
            if take_units[take]:
                at = rows
                while at > start[claim] and supply[at - 1] > take_supply[take]:
                    supply[at], held[at] = supply[at - 1], held[at - 1]
                    at -= 1
                supply[at], held[at] = take_supply[take], take_units[take]
                rows += 1
            take = next_take[take]
    start[len(units)] = rows
    return start, supply[:rows].copy(), held[:rows].copy(), uncovered

"""How a ship-complete group takes, compiled (contract, "The pass", step 5; `core.allocate.Run._take_complete`)."""

from typing import Any

from raincheck.core.batch.columns import NO_DAY
from raincheck.core.batch.kernel import NONE, note_take, open_units, part, room, set_aside


@part
def take_complete(
    member: Any, begin: int, end: int, product: Any, units: Any, stock_only: Any, lead_there: Any, joined: Any,
    left: Any, place: Any, is_inbound: Any, first_supply: Any, slack: Any, first_place: Any, head: Any, next_take: Any,
    take_supply: Any, take_units: Any, used: Any, there: Any, group_there: Any, latest_first: Any, group_order: Any,
    today: int, hold_days: int, lend_days: int, margin_days: int, dateless: Any,
) -> None:  # fmt: skip
    """A group keeps its own if all of it is there soon; it is lent to others if it is there later."""
    for only_stock in range(1, -1, -1):
        for at in range(begin, end):
            claim = member[at]
            if stock_only[claim] == only_stock:
                _take_earliest(
                    claim, only_stock, product, units, left, place, is_inbound, first_supply, slack, first_place, head,
                    next_take, take_supply, take_units, used, group_order,
                )  # fmt: skip
    group_on = _group_day(
        member, begin, end, units, lead_there, head, next_take, take_supply, take_units, group_there, today
    )
    joined_first = today
    for at in range(begin, end):
        joined_first = min(joined_first, joined[member[at]])
    holds = today - joined_first >= lend_days if group_on == NO_DAY else group_on <= today + hold_days
    if not holds:
        all_have_lead_times = _put_back(
            member, begin, end, product, stock_only, lead_there, left, place, slack, first_place, head, next_take,
            take_supply, take_units,
        )  # fmt: skip
        for at in range(begin, end):
            claim = member[at]
            if stock_only[claim]:
                continue
            if group_on == NO_DAY:
                # It waits for an inbound without a date, not for a purchase: else its lead times would seem to date it.
                dateless[claim] = all_have_lead_times
            else:
                _take_latest(
                    claim, group_on - margin_days, product, units, left, place, first_supply, slack, first_place, head,
                    next_take, take_supply, take_units, used, there, latest_first, group_order,
                )  # fmt: skip


@part
def _take_earliest(
    claim: int, only_stock: int, product: Any, units: Any, left: Any, place: Any, is_inbound: Any, first_supply: Any,
    slack: Any, first_place: Any, head: Any, next_take: Any, take_supply: Any, take_units: Any, used: Any,
    group_order: Any,
) -> None:  # fmt: skip
    """The earliest supply first, as a group counts days; only stock, if the claim may not be backordered."""
    number = product[claim]
    needed = units[claim]
    for nr in range(first_supply[number], first_supply[number + 1]):
        supply = group_order[nr]
        if needed and not (only_stock and is_inbound[supply]):
            needed -= _draw(
                claim, supply, needed, left, place, slack, first_place[number + 1], head, next_take, take_supply,
                take_units, used,
            )  # fmt: skip


@part
def _group_day(
    member: Any, begin: int, end: int, units: Any, lead_there: Any, head: Any, next_take: Any, take_supply: Any,
    take_units: Any, group_there: Any, today: int,
) -> Any:  # fmt: skip
    """The day on which a group's last part is there, with what it has now; NO_DAY while a part has none."""
    group_on = today
    for at in range(begin, end):
        claim = member[at]
        if open_units(head, next_take, take_units, units, claim):
            group_on = max(group_on, lead_there[claim])
        take = head[claim]
        while take != NONE:
            group_on = max(group_on, group_there[take_supply[take]])
            take = next_take[take]
    return group_on


@part
def _put_back(
    member: Any, begin: int, end: int, product: Any, stock_only: Any, lead_there: Any, left: Any, place: Any,
    slack: Any, first_place: Any, head: Any, next_take: Any, take_supply: Any, take_units: Any,
) -> Any:  # fmt: skip
    """A group gives back what it drew, except what may not be backordered; whether all of that has a lead time."""
    all_have_lead_times = True
    for at in range(begin, end):
        claim = member[at]
        if stock_only[claim]:
            continue
        all_have_lead_times = all_have_lead_times and lead_there[claim] != NO_DAY
        places_end = first_place[product[claim] + 1]
        take = head[claim]
        while take != NONE:
            left[take_supply[take]] += take_units[take]
            set_aside(slack, place[take_supply[take]], places_end, -take_units[take])
            take = next_take[take]
        head[claim] = NONE
    return all_have_lead_times


@part
def _take_latest(
    claim: int, there_by: int, product: Any, units: Any, left: Any, place: Any, first_supply: Any, slack: Any,
    first_place: Any, head: Any, next_take: Any, take_supply: Any, take_units: Any, used: Any, there: Any,
    latest_first: Any, group_order: Any,
) -> None:  # fmt: skip
    """The latest first of the supplies that are there by a day, then the earliest of the others."""
    number = product[claim]
    needed = units[claim]
    for in_time in range(1, -1, -1):
        for nr in range(first_supply[number], first_supply[number + 1]):
            supply = latest_first[nr] if in_time else group_order[nr]
            if needed and (there[supply] <= there_by) == in_time:
                needed -= _draw(
                    claim, supply, needed, left, place, slack, first_place[number + 1], head, next_take, take_supply,
                    take_units, used,
                )  # fmt: skip


@part
def _draw(
    claim: int, supply: int, needed: int, left: Any, place: Any, slack: Any, places_end: int, head: Any, next_take: Any,
    take_supply: Any, take_units: Any, used: Any,
) -> Any:  # fmt: skip
    """Takes as many units of a supply as leave what is set aside coverable; how many."""
    drawn = 0
    if left[supply]:
        drawn = min(needed, left[supply], room(slack, place[supply], places_end))
        if drawn:
            left[supply] -= drawn
            set_aside(slack, place[supply], places_end, drawn)
            note_take(head, next_take, take_supply, take_units, used, claim, supply, drawn)
    return drawn

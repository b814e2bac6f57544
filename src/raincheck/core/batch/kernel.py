"""Parts of the compiled walks (`core.batch.walk`): room and set-aside of a product, and what a claim has taken.

Supplies are numbered by product and serving order, places (see `core.slack`) by product and day. What a claim has is a
chain of takes: `head[claim]`, then `next_take`. Parts take plain arrays and allocate none.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

NONE = -1
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compiles a function; the machine code is kept beside its file, or wherever numba may write."""
    try:
        return cast("Function", njit(cache=True)(function))
    except RuntimeError:  # Nowhere to keep it: it is compiled in every process.
        return cast("Function", njit(function))


def part(function: Function) -> Function:
    """A part of compiled functions that allocates nothing.

    Without numba's counting of who holds which array, which costs several times what the parts themselves do.
    """
    return cast("Function", njit(_nrt=False)(function))  # type: ignore[call-overload] # numba's stubs leave it out


@part
def room(slack: Any, place: int, places_end: int) -> Any:
    """How many units may be taken at a place of a product whose places end before `places_end`."""
    least = slack[place]
    for later in range(place + 1, places_end):
        least = min(least, slack[later])
    return least


@part
def set_aside(slack: Any, place: int, places_end: int, units: int) -> None:
    """Takes units at a place, or sets aside as many up to it; negative units give back."""
    for later in range(place, places_end):
        slack[later] -= units


@part
def note_take(
    head: Any, next_take: Any, take_supply: Any, take_units: Any, used: Any, claim: int, supply: int, units: int
) -> None:
    """Adds units of a supply to what a claim has; negative units take them off."""
    take = head[claim]
    while take != NONE and take_supply[take] != supply:
        take = next_take[take]
    if take == NONE:
        take = used[0]
        used[0] += 1
        take_supply[take], take_units[take], next_take[take] = supply, 0, head[claim]
        head[claim] = take
    take_units[take] += units


@part
def held_units(head: Any, next_take: Any, take_supply: Any, take_units: Any, claim: int, supply: int) -> Any:
    """How many units of a supply a claim has."""
    take = head[claim]
    while take != NONE and take_supply[take] != supply:
        take = next_take[take]
    return 0 if take == NONE else take_units[take]


@part
def open_units(head: Any, next_take: Any, take_units: Any, units: Any, claim: int) -> Any:
    """How many units of a claim no supply covers."""
    uncovered = units[claim]
    take = head[claim]
    while take != NONE:
        uncovered -= take_units[take]
        take = next_take[take]
    return uncovered

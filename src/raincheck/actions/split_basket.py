"""How a basket would arrive: in pieces line by line, and in deliveries under each way of shipping it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from raincheck.actions.quote import QuotedLine, quote_lines
from raincheck.actions.terms import OrderRequest
from raincheck.store.company import read_settings
from raincheck.store.locks import database_now

MOST_PARCELS_OFFERED: Final = 4
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrives together: units by SKU, in the order asked. `on` None: nobody knows when."""

    on: date | None
    lines: tuple[tuple[str, int], ...]

    @property
    def units(self) -> int:
        """All units in it."""
        return sum(units for _, units in self.lines)


@dataclass(frozen=True, slots=True)
class Choice:
    """A way of shipping the basket (available, complete, up_to:N), and what arrives when.

    `ship` None: the rules ship its lines in several ways, which no one word asks for.
    """

    ship: str | None
    deliveries: tuple[Delivery, ...]
    refused: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket as it would be served now. `lines` are those of the first choice; what goes at once arrives `now_on`."""

    now_on: date
    lines: tuple[QuotedLine, ...]
    choices: tuple[Choice, ...]


def split_basket(request: OrderRequest, at: datetime | None = None) -> Basket:
    """The basket under the shipping that was asked for (none: by the rules), then under every other that differs.

    Holds nothing. Raises as `actions.quote`.
    """
    settings, now = read_settings(), at or database_now()
    today = settings.calendar.day_of(now)
    now_on = settings.road.delivers_on(settings.road.ships_on(today))
    first = quote_lines(request, at)
    choices = [_choice(request.ship or _ship_of(first), first)]
    for ship in _others(request, choices[0], at):
        choice = _choice(ship, quote_lines(replace(request, ship=ship), at))
        # Nobody chooses to get nothing: all together is no choice where a part of it cannot be had.
        if choice.deliveries and all(
            (choice.deliveries, choice.refused) != (one.deliveries, one.refused) for one in choices
        ):
            choices.append(choice)
    return Basket(now_on, tuple(first), tuple(choices))


def _ship_of(lines: Sequence[QuotedLine]) -> str | None:
    """The shipping that the rules give the lines; None where they give several."""
    ways = {line.row.ship for line in lines}
    return ways.pop() if len(ways) == 1 else None


def _others(request: OrderRequest, chosen: Choice, at: datetime | None) -> list[str]:
    """The ways that may differ from the chosen one: as it comes, in at most so many parcels, all together."""
    if chosen.ship == "available":
        parts = len(chosen.deliveries)
    else:
        parts = len(_choice("available", quote_lines(replace(request, ship="available"), at)).deliveries)
    most = min(parts - 1, MOST_PARCELS_OFFERED)
    ways = ["available", *(f"up_to:{number}" for number in range(most, 1, -1)), "complete"]
    return [ship for ship in ways if ship != chosen.ship]


def _choice(ship: str | None, lines: Sequence[QuotedLine]) -> Choice:
    by_day: dict[date | None, dict[str, int]] = defaultdict(dict)
    refused: dict[str, int] = {}
    for line in lines:
        for piece in line.pieces:
            of = refused if piece.source == REFUSED else by_day[piece.on]
            of[line.sku] = of.get(line.sku, 0) + piece.units
    days = sorted((day for day in by_day if day is not None), key=date.toordinal)
    ordered = [*days, *([None] if None in by_day else [])]
    return Choice(ship, tuple(Delivery(day, tuple(by_day[day].items())) for day in ordered), tuple(refused.items()))

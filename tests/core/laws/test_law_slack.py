"""Slack in shares, held to assignment tried out: unit by unit, who could still be covered by what."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hypothesis import given
from tests.core.laws.profile import chances, law

from raincheck.core.protect import ProtectedSlack
from raincheck.core.slack import Place, place_of
from raincheck.core.supply import Supply, SupplyKind

TODAY = date(2026, 3, 2)
SHARES = ("", "gold", "silver")


@dataclass
class Shelf:
    """The same in single units: (place, whose share), and what is set aside: (last place, for whom)."""

    units: list[tuple[Place, str]] = field(default_factory=list)
    set_aside: list[tuple[Place, str]] = field(default_factory=list)

    def covers(self) -> bool:
        """Whether every unit that is set aside finds one of its own, all at once (augmenting paths)."""
        holder: dict[int, int] = {}

        def finds(wish: int, tried: set[int]) -> bool:
            by, tier = self.set_aside[wish]
            for unit, (place, share) in enumerate(self.units):
                if place <= by and share in ("", tier) and unit not in tried:
                    tried.add(unit)
                    if unit not in holder or finds(holder[unit], tried):
                        holder[unit] = wish
                        return True
            return False

        return all(finds(wish, set()) for wish in range(len(self.set_aside)))

    def room_to_take(self, place: Place, share: str) -> int:
        """How many units of a share at a place may go, tried one by one."""
        rest = Shelf(list(self.units), self.set_aside)
        for taken in range(len(self.units) + 1):
            if (place, share) not in rest.units:
                return taken
            rest.units.remove((place, share))
            if not rest.covers():
                return taken
        raise AssertionError("there are not so many")

    def room_to_set_aside(self, by: Place, tier: str) -> int:
        """How many more units may be set aside."""
        more = Shelf(self.units, list(self.set_aside))
        for units in range(len(self.units) + 1):
            more.set_aside.append((by, tier))
            if not more.covers():
                return units
        raise AssertionError("more are set aside than there are")


def random_shelf(rng: Random) -> tuple[ProtectedSlack, Shelf, list[Place]]:
    """Supplies of a few days; units moved into shares, set aside and taken as long as all stays covered."""
    supplies = [
        Supply(SupplyKind.PURCHASE, number, 1, 1, rng.randint(1, 3), day, day)
        for number, day in enumerate(sorted({TODAY + timedelta(days=rng.randint(0, 5)) for _ in range(3)}))
    ]
    slack = ProtectedSlack(supplies, SHARES[1:])
    shelf = Shelf([(place_of(supply), "") for supply in supplies for _ in range(supply.units)])
    places = [place_of(supply) for supply in supplies]
    for _ in range(rng.randint(2, 9)):
        place, tier = rng.choice(places), rng.choice(SHARES)
        kind = rng.choice(("protect", "set aside", "set aside", "take"))
        before = Shelf(list(shelf.units), list(shelf.set_aside))
        if kind == "set aside":
            shelf.set_aside.append((place, tier))
        elif (place, "" if kind == "protect" else tier) in shelf.units:
            shelf.units.remove((place, "" if kind == "protect" else tier))
            if kind == "protect" and tier:
                shelf.units.append((place, tier))
        else:
            continue
        if (kind == "protect" and not tier) or not shelf.covers():
            shelf = before
            continue
        if kind == "protect":
            slack.take(place, 1)
            slack.take(place, -1, tier)
        else:
            slack.take(place, 1, tier)
    return slack, shelf, places


@law
@given(chances())
def test_room_is_what_may_be_taken_or_set_aside_and_no_more(rng: Random) -> None:
    slack, shelf, places = random_shelf(rng)
    for place in places:
        for tier in SHARES:
            assert slack.room(place, tier) == shelf.room_to_set_aside(place, tier)
            lies_there = shelf.units.count((place, tier))
            assert min(slack.room(place, tier), lies_there) == shelf.room_to_take(place, tier)

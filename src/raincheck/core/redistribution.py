"""How the lines of one strategy are served in a rebalance (`core.rebalance`), on the working copy of a pass."""

from collections.abc import Mapping
from datetime import date

from raincheck.core.allocate import Run
from raincheck.core.demand import Claim
from raincheck.core.kits import kits_in, sets_of
from raincheck.core.peg import Peg
from raincheck.core.slack import UNDATED, Place, place_of, serving_order
from raincheck.core.strategy import Strategy
from raincheck.core.supply import Supply

Had = Mapping[int, list[Peg]]
"""What each claim had of which supplies before."""

_Aside = dict[int, list[tuple[Place, int]]]


def serve(run: Run, strategy: Strategy, parties: list[list[Claim]], had: Had) -> None:
    """Serves the parties of one strategy, in the order given."""
    aside: _Aside = {}
    if strategy in (Strategy.GAIN, Strategy.IMPROVE):
        for party in parties:
            _set_aside(run, party, had, aside)
    for party in parties:
        if strategy is Strategy.LOSE:
            _leave_empty(run, party)
        elif strategy is Strategy.FILL:
            _refill(run, party, had)
        else:
            _give_back_aside(run, party, aside)
            run.take(party)


def _set_aside(run: Run, party: list[Claim], had: Had, aside: _Aside) -> None:
    """Sets aside what a party had, as much as is still there in time; of a group or a kit all or none."""
    for claim in party:
        slack = run.slack[claim.product]
        for peg in had[claim.id]:
            if peg.supply is None:
                continue
            deadline = place_of(peg.supply)
            units = min(peg.units, slack.room(deadline, claim.tier))
            slack.take(deadline, units, claim.tier)
            aside.setdefault(claim.id, []).append((deadline, units))
            if len(party) > 1 and units < peg.units:
                _give_back_aside(run, party, aside)
                return


def _give_back_aside(run: Run, party: list[Claim], aside: _Aside) -> None:
    for claim in party:
        for deadline, units in aside.pop(claim.id, ()):
            run.slack[claim.product].take(deadline, -units, claim.tier)


def _leave_empty(run: Run, party: list[Claim]) -> None:
    for claim in party:
        run.takes[claim.id] = {}
        if claim.kit is not None:
            run.by_lead_time[claim.id] = 0


def _refill(run: Run, party: list[Claim], had: Had) -> None:
    """Gives a party what it had, of the same supply or of a later one, as far as it is left.

    A ship-complete group that was whole is whole again or has nothing; kits are whole.
    """
    _leave_empty(run, party)
    for claim in party:
        for peg in had[claim.id]:
            if peg.supply is not None:
                _refill_peg(run, claim, peg.supply, peg.units)
    was_whole = all(_units(had[claim.id]) >= claim.units for claim in party)
    is_whole = all(sum(run.takes[claim.id].values()) >= claim.units for claim in party)
    if party[0].group is not None and was_whole and not is_whole:
        for claim in party:
            run.put_back(claim)
    for parts in sets_of(party):
        whole = kits_in(parts, {claim.id: sum(run.takes[claim.id].values()) for claim in parts})
        for claim in parts:
            _put_back_beyond(run, claim, whole * claim.per_kit)


def _put_back_beyond(run: Run, claim: Claim, units: int) -> None:
    """A part that completes no kit goes back, the latest first."""
    surplus = sum(run.takes[claim.id].values()) - units
    latest_first = sorted((run.by_key[key] for key in run.takes[claim.id]), key=serving_order, reverse=True)
    for supply in latest_first:
        back = min(surplus, run.takes[claim.id][supply.key])
        if back:
            run.give_back(claim, supply, back)
            surplus -= back


def _refill_peg(run: Run, claim: Claim, supply: Supply, units: int) -> None:
    earliest_on = supply.ships_on or UNDATED
    same = [s for s in run.open_supplies[claim.product] if s.key == supply.key]
    later = [
        s for s in run.open_supplies[claim.product] if s.key != supply.key and (s.ships_on or UNDATED) >= earliest_on
    ]
    for source in [*same, *later]:
        if (source.is_stock or not claim.stock_only) and units:
            units -= run.take_of(claim, source, units)


def _units(pegs: list[Peg]) -> int:
    return sum(peg.units for peg in pegs if peg.ships_on is not None and peg.ships_on < date.max)

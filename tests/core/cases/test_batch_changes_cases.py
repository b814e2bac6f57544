"""What has to be written so that the pegs that are there become those that a pass over arrays gives."""

import numpy as np

from raincheck.core.batch.changes import GONE, LEAD_TIME, NOTHING, Changes, Pegs, all_pegs, changes
from raincheck.core.batch.columns import NO_DAY, Outcome

SUPPLIES, CLAIMS = 3, 4
TODAY, LATER = 739_000, 739_009


def pegs(*rows: tuple[int, int, int, int]) -> Pegs:
    """Rows of (claim, what it is tied to, units, day)."""
    columns = np.array(rows, np.int64).reshape(len(rows), 4).T
    return Pegs(columns[0], columns[1], columns[2], columns[3])


def written(found: Changes) -> dict[str, list[int]]:
    return {
        "changed": found.changed.tolist(),
        "into": found.into.tolist(),
        "gone": found.gone.tolist(),
        "added": found.added.tolist(),
        "claims": np.flatnonzero(found.claims).tolist(),
    }


def compared(old: Pegs, new: Pegs) -> dict[str, list[int]]:
    return written(changes(old, new, SUPPLIES, CLAIMS))


NOTHING_TO_WRITE: dict[str, list[int]] = {"changed": [], "into": [], "gone": [], "added": [], "claims": []}


def test_where_nothing_differs_nothing_is_written_whatever_the_order_of_rows() -> None:
    old = pegs((0, 1, 2, TODAY), (0, 2, 1, LATER), (1, LEAD_TIME, 3, LATER), (2, NOTHING, 1, NO_DAY))
    new = pegs((2, NOTHING, 1, NO_DAY), (1, LEAD_TIME, 3, LATER), (0, 2, 1, LATER), (0, 1, 2, TODAY))
    assert compared(old, new) == NOTHING_TO_WRITE
    assert compared(pegs(), pegs()) == NOTHING_TO_WRITE


def test_other_units_or_another_day_change_a_row() -> None:
    old = pegs((0, 1, 2, TODAY), (1, 1, 2, TODAY), (2, 1, 2, TODAY))
    new = pegs((0, 1, 3, TODAY), (1, 1, 2, LATER), (2, 1, 2, TODAY))
    assert compared(old, new) == NOTHING_TO_WRITE | {"changed": [0, 1], "into": [0, 1], "claims": [0, 1]}


def test_a_row_that_goes_becomes_one_of_the_same_claim_that_comes() -> None:
    old = pegs((0, 0, 2, TODAY), (1, 0, 1, TODAY))
    new = pegs((1, 0, 1, TODAY), (0, 2, 2, LATER))
    assert compared(old, new) == NOTHING_TO_WRITE | {"changed": [0], "into": [1], "claims": [0]}


def test_what_one_claim_loses_makes_no_room_for_another() -> None:
    old = pegs((0, 0, 2, TODAY), (0, 1, 1, TODAY))
    new = pegs((3, 0, 2, TODAY), (3, 2, 1, LATER), (0, LEAD_TIME, 3, LATER))
    assert compared(old, new) == {"changed": [0], "into": [2], "gone": [1], "added": [0, 1], "claims": [0, 3]}


def test_a_tie_to_a_supply_without_units_goes() -> None:
    old, new = pegs((0, GONE, 2, TODAY)), pegs()
    assert compared(old, new) == NOTHING_TO_WRITE | {"gone": [0], "claims": [0]}


def test_the_pegs_of_an_outcome_name_what_a_lead_time_dates_and_what_nothing_covers() -> None:
    outcome = Outcome(
        start=np.array([0, 2, 2, 3], np.int64),
        supply=np.array([0, 2, 1], np.int32),
        units=np.array([4, 1, 2], np.int64),
        uncovered=np.array([0, 3, 5], np.int64),
        dateless=np.zeros(3, np.bool_),
    )
    has_lead_time, lead_ships = np.array([True, True, False]), np.array([LATER, LATER, LATER], np.int64)
    found = all_pegs(outcome, np.array([TODAY, LATER, TODAY], np.int64), has_lead_time, lead_ships)
    rows = list(
        zip(found.claim.tolist(), found.target.tolist(), found.units.tolist(), found.ships.tolist(), strict=True)
    )
    assert rows == [
        (0, 0, 4, TODAY), (0, 2, 1, LATER), (2, 1, 2, TODAY), (1, LEAD_TIME, 3, LATER), (2, NOTHING, 5, NO_DAY),
    ]  # fmt: skip

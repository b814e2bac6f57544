"""What differs between the pegs that are there and those that a pass gives, over columns."""

from dataclasses import dataclass

import numpy as np

from raincheck.core.batch.columns import NO_DAY, Flags, Ints, Outcome

LEAD_TIME, NOTHING, GONE = -1, -2, -3
"""What a peg ties to instead of a row of the supplies; GONE is a supply that has no units any more."""


@dataclass(frozen=True, slots=True)
class Pegs:
    """Pegs of numbered claims to rows of the supplies (or LEAD_TIME, NOTHING), with the day on which they leave."""

    claim: Ints
    target: Ints
    units: Ints
    ships: Ints


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of the pegs that are there: `changed` become the rows `into` of the new ones, `gone` go; `added` are new.

    `claims` are those whose pegs differ.
    """

    changed: Ints
    into: Ints
    gone: Ints
    added: Ints
    claims: Flags


def all_pegs(outcome: Outcome, ships: Ints, has_lead_time: Flags, lead_ships: Ints) -> Pegs:
    """The pegs of an outcome, those without supply included. `ships` are the days of its supplies' pegs."""
    open_claims = np.flatnonzero(outcome.uncovered > 0)
    by_lead_time = has_lead_time[open_claims]
    return Pegs(
        np.r_[outcome.claim_of_pegs().astype(np.int64), open_claims],
        np.r_[outcome.supply.astype(np.int64), np.where(by_lead_time, LEAD_TIME, NOTHING)],
        np.r_[outcome.units, outcome.uncovered[open_claims]],
        np.r_[ships, np.where(by_lead_time, lead_ships[open_claims], NO_DAY)],
    )


def find_same(old: Pegs, new_claim: Ints, new_target: Ints, supplies: int) -> Ints:
    """The row of the old pegs that ties the same claim to the same, for each new one; -1 without one."""
    old_key, new_key = _key(old.claim, old.target, supplies), _key(new_claim, new_target, supplies)
    order = np.argsort(old_key, kind="stable")
    at = np.searchsorted(old_key[order], new_key)
    if not len(old_key):
        return np.full(len(new_key), -1, np.int64)
    found = order[np.minimum(at, len(order) - 1)]
    return np.where(old_key[found] == new_key, found, -1)


def changes(old: Pegs, new: Pegs, supplies: int, claims: int) -> Changes:
    """What has to be written so that the old pegs are the new ones. A peg that goes makes room for one that comes."""
    same = find_same(old, new.claim, new.target, supplies)
    stays = np.flatnonzero(same >= 0)
    differs = (old.units[same[stays]] != new.units[stays]) | (old.ships[same[stays]] != new.ships[stays])
    stay_into = stays[differs]
    is_kept = np.zeros(len(old.claim), np.bool_)
    is_kept[same[stays]] = True
    gone, added = np.flatnonzero(~is_kept), np.flatnonzero(same < 0)
    gone, added = gone[np.argsort(old.claim[gone], kind="stable")], added[np.argsort(new.claim[added], kind="stable")]
    gone_key, added_key = _ordinal_key(old.claim[gone]), _ordinal_key(new.claim[added])
    _, in_gone, in_added = np.intersect1d(gone_key, added_key, assume_unique=True, return_indices=True)
    changed, into = np.r_[same[stay_into], gone[in_gone]], np.r_[stay_into, added[in_added]]
    touched = np.zeros(claims, np.bool_)
    touched[old.claim[gone]] = touched[new.claim[added]] = touched[new.claim[stay_into]] = True
    return Changes(changed, into, np.delete(gone, in_gone), np.delete(added, in_added), touched)


def _key(claim: Ints, target: Ints, supplies: int) -> Ints:
    return claim * (supplies + 3) + target + 3


def _ordinal_key(claim: Ints) -> Ints:
    """The claim and a count within it, as one number, for claims in order."""
    if not len(claim):
        return claim
    begins = np.flatnonzero(np.r_[True, claim[1:] != claim[:-1]])
    ordinal = np.arange(len(claim)) - np.repeat(begins, np.diff(np.r_[begins, len(claim)]))
    key: Ints = (claim << 20) + ordinal
    return key

"""A decision on many claims at once: the pass, and what follows from it where nobody is told anything (`quiet`).

For claims of products that `core.batch.whole.plain_products` leaves to the arrays, each alone on its line. Claims of
which there is something to tell (`dated.is_quiet`) or to release are for the plain form, with all that is tied to them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from raincheck.core.batch import whole
from raincheck.core.batch.changes import GONE, LEAD_TIME, NOTHING, Changes, Pegs, all_pegs, changes, find_same
from raincheck.core.batch.columns import NO_DAY, Claims, Flags, Ints, Small
from raincheck.core.batch.quiet import Dated, Told, dated
from raincheck.core.batch.run import run
from raincheck.core.book import Book
from raincheck.core.supply import SupplyKind


@dataclass(frozen=True, slots=True)
class Standing:
    """Claims in rank order as they stand. Days are ordinals, NO_DAY for none; `group` is -1 for a plain claim.

    `first_dated` is the day from which a claim counts its lead time.
    """

    product: Ints
    units: Ints
    group: Ints
    stock_only: Flags
    joined: Ints
    told: Ints
    told_units: Ints
    told_by_lead_time: Ints
    is_pending: Flags
    is_lost: Flags
    first_dated: Ints


@dataclass(frozen=True, slots=True)
class OldPegs:
    """The pegs that claims (numbered as they stand) have. `kind` counts as `PegKind` does; `source` is a row's id."""

    claim: Ints
    kind: Ints
    source: Ints
    units: Ints
    ships: Ints


@dataclass(frozen=True, slots=True)
class Many:
    """The decision. `pegs` are all claims', `changes` what of them differs from the old ones.

    `claims` are those whose pegs, told units or lead time changed, with the others of their groups.
    """

    pegs: Pegs
    changes: Changes
    dated: Dated
    claims: Flags
    told_units: Ints
    told_by_lead_time: Ints
    first_dated: Ints


def decide_many(book: Book, standing: Standing, old: OldPegs, *, by_hand: bool, tighten: bool) -> Many:
    """Decides on claims whose supply side is `book`; `by_hand` says that the warehouse works so."""
    number = {product: at for at, product in enumerate(sorted(book.products))}
    supplies = whole.supplies_of(book, number)
    today, road = book.today.toordinal(), book.road
    ids = np.array(sorted(book.products), np.int64)
    lead_arrives = (
        np.where(standing.first_dated == NO_DAY, today, standing.first_dated)
        + _lead_days(book, ids)[np.searchsorted(ids, standing.product)]
    )
    has_lead_time = (lead_arrives >= today) & (lead_arrives < NO_DAY) & ~standing.stock_only
    lead_there = _mapped(np.where(has_lead_time, lead_arrives, NO_DAY), road.there_on)
    lead_ships = _mapped(lead_there, road.ships_on)
    is_told = standing.told != NO_DAY
    keeps = np.minimum(standing.told_units, standing.units) - standing.told_by_lead_time
    claims = Claims(
        np.searchsorted(ids, standing.product).astype(np.int32),
        standing.units,
        standing.group.astype(np.int32),
        standing.stock_only,
        np.where(is_told, np.maximum(keeps, 0), 0),
        _mapped(standing.told, road.latest_shipping_on).astype(np.int32),
        lead_there.astype(np.int32),
        standing.joined.astype(np.int32),
    )
    outcome = run(supplies, claims, whole.rules_of(book), keeps_told_dates=book.keeps_told_dates)
    before = Pegs(old.claim, _targets(book, old), old.units, old.ships)
    own = outcome.claim_of_pegs().astype(np.int64)
    same = find_same(before, own, outcome.supply.astype(np.int64), len(book.supplies))
    ships = supplies.ships[outcome.supply].astype(np.int64)
    is_kept_stock = (same >= 0) & ~supplies.is_inbound[outcome.supply]
    since = np.where(is_kept_stock, old.ships[same], ships) if len(old.ships) else ships
    # Handling began when they were reserved, and they can leave today even if that day has passed.
    was_handled = is_kept_stock & (since < ships) & by_hand
    leaves = np.where(was_handled, np.maximum(since, today), ships)
    supply_slips = np.array([supply.slips for supply in book.supplies], np.bool_)[outcome.supply]
    slips = np.where(was_handled, leaves == today, supply_slips)
    is_transfer = np.array([supply.kind is SupplyKind.TRANSFER for supply in book.supplies], np.bool_)
    told = Told(standing.told.astype(np.int32), standing.is_lost)
    found = dated(
        claims, supplies, outcome, leaves, slips, lead_ships, is_transfer, told, road.transit_days, tighten=tighten
    )
    pegs = all_pegs(outcome, since, found.has_lead_time, lead_ships)
    differs = changes(before, pegs, len(book.supplies), len(claims))
    told_units = np.where(is_told, standing.units, standing.told_units)
    told_by_lead_time = np.where(is_told, found.lead_time_units, standing.told_by_lead_time)
    first_dated = np.where((standing.first_dated == NO_DAY) & found.has_lead_time, today, standing.first_dated)
    touched = (
        differs.claims
        | (told_units != standing.told_units)
        | (told_by_lead_time != standing.told_by_lead_time)
        | (first_dated != standing.first_dated)
        | standing.is_pending
    )
    return Many(pegs, differs, found, _with_groups(claims.group, touched), told_units, told_by_lead_time, first_dated)


def _lead_days(book: Book, ids: Ints) -> Ints:
    """Each product's lead time in days; NO_DAY without one."""
    found = (book.products[int(id_)].lead_time_days for id_ in ids)
    return np.array([NO_DAY if days is None else days for days in found], np.int64)


def _mapped(days: Ints, function: Callable[[date], date]) -> Ints:
    """A function of days, asked once for each that occurs."""
    known, which = np.unique(days, return_inverse=True)
    found = [NO_DAY if day == NO_DAY else function(date.fromordinal(int(day))).toordinal() for day in known]
    return np.array(found, np.int64)[which] if len(known) else days


def _targets(book: Book, old: OldPegs) -> Ints:
    """The row of the supplies to which each old peg ties."""
    keys = np.array([supply.id * 2 + (not supply.is_stock) for supply in book.supplies], np.int64)
    order = np.argsort(keys)
    wanted = old.source * 2 + (old.kind == 1)
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    found = np.where(keys[order][at] == wanted, order[at], GONE) if len(keys) else np.full(len(wanted), GONE)
    without = np.where(old.kind == 2, LEAD_TIME, NOTHING)
    return np.where(old.kind >= 2, without, found)


def _with_groups(group: Small, touched: Flags) -> Flags:
    """The claims, and those of their groups: they share a date and a reason to wait."""
    grouped = group >= 0
    if not grouped.any():
        return touched
    of_group = np.zeros(int(group.max()) + 1, np.bool_)
    of_group[group[grouped & touched]] = True
    return np.where(grouped, of_group[group], touched)

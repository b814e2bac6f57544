"""Waiting lines as columns, by the million: the book that the benchmarks of the pass decide on.

Orders of three lines for 10,000 products, all told a day by the lead time; receipts cover 60 % of the units, half of
them here, half coming in five days. Equal arguments give equal books.
"""

from dataclasses import dataclass

import numpy as np

from raincheck.core.batch.columns import NO_DAY, Claims, Rules, Supplies

PRODUCTS = 10_000
LINES_AN_ORDER = 3
COVERED = 0.6
TODAY = 739_000
LEAD_TIME_DAYS = 14
COMPLETE_SHARE = {"as available": 0.0, "ship complete": 1.0, "mixed": 0.5}


@dataclass(frozen=True, slots=True)
class Lines:
    """A book as columns."""

    supplies: Supplies
    claims: Claims
    rules: Rules


def lines(count: int, complete_share: float) -> Lines:
    """So many waiting lines, of which so large a share belongs to ship-complete orders."""
    chance = np.random.default_rng(count)
    product = chance.integers(0, PRODUCTS, count, np.int32)
    units = chance.integers(1, 4, count)
    order = np.arange(count, dtype=np.int32) // LINES_AN_ORDER
    is_complete = chance.random(count // LINES_AN_ORDER + 1)[order] < complete_share
    no_days = np.full(count, NO_DAY, np.int32)
    claims = Claims(
        product,
        units,
        np.where(is_complete, order, np.int32(-1)),
        np.zeros(count, np.bool_),
        np.zeros(count, np.int64),
        no_days,
        np.full(count, TODAY + LEAD_TIME_DAYS, np.int32),
        np.full(count, TODAY - 1, np.int32),
    )
    covered = (np.bincount(product, units, PRODUCTS) * COVERED).astype(np.int64)
    stock, coming = covered // 2, covered - covered // 2
    both = np.r_[np.arange(PRODUCTS), np.arange(PRODUCTS)].astype(np.int32)
    day = np.repeat(np.array([TODAY, TODAY + 5], np.int32), PRODUCTS)
    is_inbound = np.repeat([False, True], PRODUCTS)
    rows, left = np.arange(2 * PRODUCTS), np.r_[stock, coming]
    some = left > 0
    supplies = Supplies(
        both[some], is_inbound[some], rows[some], left[some], day[some], day[some], day[some], day[some]
    )
    return Lines(supplies, claims, Rules(TODAY, hold_days=7, lend_days=30, margin_days=0))

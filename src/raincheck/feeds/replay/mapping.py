"""What a `replay.yaml` holds: which file is what, under which names, and how each kind of dirt is treated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from raincheck.core.settings import Settings

# What a row of the orders file can be.
ROW_IS = ("order", "cancellation", "correction", "ignored")
# Columns of the orders file that rules can ask for beyond those of an order line.
EXTRA_COLUMNS = ("description",)
COMPUTED = ("order_value", "description_is_name")


@dataclass(frozen=True)
class Condition:
    """What one column of a row must be. Every part that is given must hold.

    `like` and `unlike` are patterns as a shell knows them (`*`, `?`, `[0-9]`), upper and lower case differing.
    """

    equals: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    empty: bool | None = None
    below: Decimal | None = None
    above: Decimal | None = None

    def holds(self, text: str, number: Decimal | None) -> bool:
        """Whether a cell fulfils it. `number` is the cell's number, None where it holds none."""
        if self.empty is not None and self.empty != (not text):
            return False
        if self.equals and text not in self.equals:
            return False
        if self.like and not any(fnmatchcase(text, pattern) for pattern in self.like):
            return False
        if any(fnmatchcase(text, pattern) for pattern in self.unlike):
            return False
        if self.below is not None and not (number is not None and number < self.below):
            return False
        return self.above is None or (number is not None and number > self.above)


@dataclass(frozen=True)
class RowRule:
    """The first rule whose conditions all hold says what a row is; the rows are counted under its name."""

    name: str
    row_is: str
    when: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True)
class FileMap:
    """One file of the directory and what its columns are called.

    `columns` is our column -> the file's; `constants` hold for every row; `values` is our column -> texts of the
    file -> what they stand for; `at` is the time of day of what the file dates without one.
    """

    file: str
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    at: dt.time = dt.time(0)
    optional: bool = False


@dataclass(frozen=True)
class Treatment:
    """How the history's oddities are treated.

    repeats: lines of one order with the same product add up, or exact duplicates among them are dropped.
    unknown_products: a product that no file describes is created from what its lines say, or its lines are ignored.
    cancel_by: a cancellation names its order (`ref`), or takes the latest orders of its customer for the product.
    of_shipped: what a cancellation finds shipped comes back as a return, or is ignored.
    short_deliveries: what a purchase order's last receipt leaves owed is closed short, or stays on order.
    opening_stock: is counted on the product's first day, or at the start.
    """

    repeats: str = "add"
    unknown_products: str = "create"
    cancel_by: str = "ref"
    of_shipped: str = "return"
    short_deliveries: str = "close_short"
    opening_stock: str = "start"


TREATMENTS: dict[str, tuple[str, ...]] = {
    "repeats": ("add", "drop_exact"),
    "unknown_products": ("create", "ignore"),
    "cancel_by": ("ref", "latest_of_customer"),
    "of_shipped": ("return", "ignore"),
    "short_deliveries": ("close_short", "stay_open"),
    "opening_stock": ("start", "available_from"),
}


@dataclass(frozen=True)
class ReplayMapping:
    """A whole `replay.yaml`. `files` is kind -> its file."""

    title: str
    settings: Settings
    files: Mapping[str, FileMap]
    rows: tuple[RowRule, ...] = (RowRule("order lines", "order"),)
    treatment: Treatment = Treatment()

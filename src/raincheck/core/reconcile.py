"""A processor's file beside the ledger: what agrees, what only one of them has, and where they differ.

A row belongs to the request whose key it carries. Without a key that is known here it belongs to one of the same kind
whose reference it names: first of the same amount, else the only one that is left.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Difference(StrEnum):
    """How a file and the ledger can disagree."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    TWICE = "twice"
    KIND = "kind"
    CURRENCY = "currency"
    AMOUNT = "amount"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Settled:
    """A row of the file. `amount` is above 0 for a refund too; `fee` None: the file does not say."""

    line: int
    key: str
    reference: str
    kind: str
    order: str
    amount: Decimal
    currency: str
    fee: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """A capture or refund of the ledger, by the request that made it."""

    key: str
    reference: str
    kind: str
    order: str
    amount: Decimal
    currency: str
    fee: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One difference: the file's row, the ledger's entry, or both."""

    difference: Difference
    theirs: Settled | None
    ours: Entered | None

    @property
    def either(self) -> Settled | Entered:
        """The ledger's entry, else the file's row. Raises ValueError where there is neither."""
        side = self.ours or self.theirs
        if side is None:
            raise ValueError("a difference is of a row or of an entry")
        return side

    @property
    def their_currency(self) -> str:
        """The file's currency where it is another than the ledger's; else empty."""
        return self.theirs.currency if self.theirs and self.theirs.currency != self.either.currency else ""

    @property
    def amounts(self) -> tuple[Decimal | None, Decimal | None]:
        """The ledger's figure and the file's: the fees where those differ, else the amounts."""
        if self.difference is Difference.FEE:
            return (self.ours.fee if self.ours else None, self.theirs.fee if self.theirs else None)
        return (self.ours.amount if self.ours else None, self.theirs.amount if self.theirs else None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out. `fees` are those that only the file knows, by key."""

    rows: int
    matched: int
    found: list[Found] = field(default_factory=list)
    fees: dict[str, Decimal] = field(default_factory=dict)


def reconcile(settled: Sequence[Settled], entered: Iterable[Entered], period: tuple[datetime, datetime]) -> Comparison:
    """Compares a file with the ledger. What the ledger has in the period (from, until before) has to be in the file."""
    ledger = sorted(entered, key=lambda one: (one.at, one.key))
    partners = _partners(settled, ledger)
    found: list[Found] = []
    fees: dict[str, Decimal] = {}
    matched = 0
    taken: set[str] = set()
    for row in settled:
        ours = partners.get(row.line)
        if ours is None:
            found.append(Found(Difference.MISSING_HERE, row, None))
        elif ours.key in taken:
            found.append(Found(Difference.TWICE, row, ours))
        else:
            taken.add(ours.key)
            difference = _differs(row, ours)
            if difference is None:
                matched += 1
                if row.fee is not None and ours.fee is None:
                    fees[ours.key] = row.fee
            else:
                found.append(Found(difference, row, ours))
    starts_at, ends_at = period
    found += [
        Found(Difference.MISSING_THERE, None, one)
        for one in ledger
        if one.key not in taken and starts_at <= one.at < ends_at
    ]
    return Comparison(len(settled), matched, found, fees)


def _partners(settled: Sequence[Settled], ledger: Sequence[Entered]) -> dict[int, Entered]:
    """The ledger's entry of each row that has one, by the row's line."""
    by_key = {one.key: one for one in ledger}
    partners = {row.line: by_key[row.key] for row in settled if row.key in by_key}
    free: dict[tuple[str, str], list[Entered]] = defaultdict(list)
    named = {one.key for one in partners.values()}
    for one in ledger:
        if one.reference and one.key not in named:
            free[one.reference, one.kind].append(one)
    rest = [row for row in settled if row.line not in partners and row.reference]
    for row in rest:
        candidates = free[row.reference, row.kind]
        same = next((one for one in candidates if one.amount == row.amount), None)
        if same:
            partners[row.line] = same
            candidates.remove(same)
    for row in rest:
        candidates = free[row.reference, row.kind]
        if row.line not in partners and len(candidates) == 1:
            partners[row.line] = candidates.pop()
    return partners


def _differs(row: Settled, ours: Entered) -> Difference | None:
    """The gravest way in which they disagree."""
    if row.kind != ours.kind:
        return Difference.KIND
    if row.currency != ours.currency:
        return Difference.CURRENCY
    if row.amount != ours.amount:
        return Difference.AMOUNT
    if row.fee is not None and ours.fee is not None and row.fee != ours.fee:
        return Difference.FEE
    return None

"""Whole numbers, amounts of money and degrees. Plain digits only: what could be read in two ways is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from raincheck.core.money import plain
from raincheck.feeds.columns.base import ColumnType
from raincheck.feeds.refusal import CellError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

WHOLE = re.compile(r"[0-9]+")
SIGNED = re.compile(r"[+-][0-9]+")
FRACTION = re.compile(r"([0-9]+)\.([0-9]+)")
GROUPED = re.compile(r"[0-9]{1,3}(?:[,.' \u00a0\u202f][0-9]{3})+")
DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
COMMA = re.compile(r"-?[0-9]+,[0-9]{1,2}")
# An exponent, or brackets that stand for a minus: the bare digits would mean another amount.
AMBIGUOUS = re.compile(r"[0-9]\s*[A-Za-z]\s*[0-9]|\(")
NOTHING = {"nan", "null", "none", "n/a", "#n/a", "inf", "-inf", "infinity", "-infinity"}

# Far over any real order line, far under what the database's counts can hold.
MOST_UNITS = 1_000_000_000
MOST_MONEY = Decimal(1_000_000_000)


@dataclass(frozen=True)
class WholeNumber(ColumnType):
    """Units, days or grams."""

    least: int = 0
    most: int = MOST_UNITS

    @property
    def expects(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    def read(self, text: str, zone: ZoneInfo) -> int:  # noqa: ARG002
        if not WHOLE.fullmatch(text):
            raise _no_whole_number(text, self.least)
        if len(text) > 18:
            raise CellError(f"over the most that is taken, {self.most}")
        number = int(text)
        if number < self.least:
            raise CellError(f"must be at least {self.least}")
        if number > self.most:
            raise CellError(f"over the most that is taken, {self.most}")
        return number


def _no_whole_number(text: str, least: int) -> CellError:
    if text.casefold() in NOTHING:
        return CellError("no number; leave the cell empty where nothing is known")
    if SIGNED.fullmatch(text):
        if text.startswith("-"):
            return CellError(f"must be at least {least}")
        return CellError("write digits alone, without a sign", text[1:])
    if GROUPED.fullmatch(text):
        return CellError("write digits alone, without thousands separators", re.sub(r"[^0-9]", "", text))
    fraction = FRACTION.fullmatch(text)
    if fraction:
        rest = fraction.group(2).strip("0")
        return CellError("whole units alone, no fractions", None if rest else fraction.group(1))
    return CellError("not a whole number; write digits alone")


@dataclass(frozen=True)
class Amount(ColumnType):
    """An amount of money in the row's currency."""

    places: int = 4

    @property
    def expects(self) -> str:
        return f"an amount such as 12.50, with at most {self.places} decimals"

    def read(self, text: str, zone: ZoneInfo) -> Decimal:  # noqa: ARG002
        if not DECIMAL.fullmatch(text):
            raise _no_amount(text)
        if len(text) > 30:
            raise CellError(f"over the most that is taken, {MOST_MONEY}")
        amount = Decimal(text)
        if amount < 0:
            raise CellError("must not be below 0")
        if amount > MOST_MONEY:
            raise CellError(f"over the most that is taken, {MOST_MONEY}")
        if amount != round(amount, self.places):
            raise CellError(f"at most {self.places} decimals", str(round(amount, self.places)))
        return amount

    def write(self, value: Decimal, zone: ZoneInfo) -> str:  # noqa: ARG002
        return plain(value)


def _no_amount(text: str) -> CellError:
    if text.casefold() in NOTHING:
        return CellError("no amount; leave the cell empty where nothing is known")
    if COMMA.fullmatch(text):
        return CellError("write the decimals after a point", text.replace(",", "."))
    bare = re.sub(r"[^0-9.,-]", "", text)
    if bare != text and DECIMAL.fullmatch(bare) and AMBIGUOUS.search(text) is None:
        return CellError("write the number alone, without currency or spaces", bare)
    grouped = re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text)
    if grouped:
        return CellError("write digits and a point alone, without thousands separators", text.replace(",", ""))
    return CellError("not an amount; write it as 12.50")


@dataclass(frozen=True)
class Degrees(ColumnType):
    """Latitude (limit 90) or longitude (limit 180)."""

    limit: int

    @property
    def expects(self) -> str:
        return f"degrees from -{self.limit} to {self.limit}, such as 51.4545"

    def read(self, text: str, zone: ZoneInfo) -> float:  # noqa: ARG002
        if not DECIMAL.fullmatch(text) or len(text) > 30:
            raise CellError(
                f"not degrees; write a number from -{self.limit} to {self.limit}",
                text.replace(",", ".") if re.fullmatch(r"-?[0-9]{1,3},[0-9]+", text) else None,
            )
        degrees = float(text)
        if abs(degrees) > self.limit:
            raise CellError(f"must lie between -{self.limit} and {self.limit}")
        return degrees

    def write(self, value: float, zone: ZoneInfo) -> str:  # noqa: ARG002
        return f"{Decimal(repr(value)):f}"

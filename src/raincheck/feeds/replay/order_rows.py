"""The rows of the orders file, told apart by the mapping's rules: order line, cancellation, correction, nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from raincheck.feeds.kinds import KINDS
from raincheck.feeds.read import ColumnReader
from raincheck.feeds.refusal import CellError, MalformedFile, Refusal
from raincheck.feeds.replay.mapping import COMPUTED, EXTRA_COLUMNS, RowRule
from raincheck.feeds.tabular import open_table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from raincheck.feeds.replay.dirt import Dirt
    from raincheck.feeds.replay.mapping import Condition, FileMap

ORDERS = KINDS["orders"]
# What no rule of the mapping names.
OTHER = RowRule("rows that no rule names", "ignored")
UNREADABLE = "rows that cannot be read"
EMPTIED = "cells that cannot be read, left empty"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row, typed. `units` are above 0 but for a correction, which keeps its sign."""

    line: int
    row_is: str
    ref: str
    sku: str
    units: int
    placed_at: dt.datetime | None
    customer: str | None
    country: str | None
    unit_price: Decimal | None
    channel: str | None
    ship: str | None
    description: str


@dataclass(frozen=True)
class TextRow:
    """One row as texts, trimmed, with the file's words replaced by ours."""

    line: int
    cells: Mapping[str, str]


def read_order_rows(
    path: Path, file: FileMap, rules: tuple[RowRule, ...], names: Mapping[str, str], zone: ZoneInfo, dirt: Dirt
) -> Iterator[OrderRow]:
    """The rows that are not ignored, in the order of the file. `names` is product -> name, where known.

    Ignored and unreadable rows, and every row under the name of its rule, are counted in `dirt`.
    """
    rows = _text_rows(path, file)
    computed = _Computed(rows, names)
    sorter = _Sorter(rules)
    reader = _Reader(path.name, zone, dirt)
    for row in rows:
        rule = sorter.rule_of(row, computed)
        units = computed.number(row.cells.get("quantity", ""))
        dirt.add(rule.name, abs(int(units)) if units is not None and abs(units) < 10**12 else 0)
        if rule.row_is == "ignored":
            continue
        typed = reader.typed(row, rule.row_is)
        if typed is not None:
            yield typed


def _text_rows(path: Path, file: FileMap) -> list[TextRow]:
    ours = (*ORDERS.by_name, *EXTRA_COLUMNS)
    with open_table(path) as table:
        places = {}
        for name in ours:
            theirs = file.columns.get(name, name)
            if theirs in table.header:
                places[name] = table.header.index(theirs)
            elif name in file.columns:
                raise MalformedFile(path, 1, f"has no column {theirs}, which the mapping takes for {name}")
        missing = [name for name in ORDERS.required if name not in places and name not in file.constants]
        if missing:
            raise MalformedFile(path, 1, f"has no column {missing[0]}; map one in replay.yaml")
        # Most texts come many times over: one copy of each is kept.
        kept: dict[str, str] = {}
        replaced = {name: dict(file.values.get(name, {})) for name in places}
        rows = []
        width = len(table.header)
        for line, cells in table.rows:
            if len(cells) != width:
                raise MalformedFile(path, line, f"{len(cells)} cells where the header names {width} columns")
            row = dict(file.constants)
            for name, place in places.items():
                text = cells[place].strip()
                text = replaced[name].get(text, text)
                row[name] = kept.setdefault(text, text)
            rows.append(TextRow(line, row))
    return rows


class _Computed:
    """What a row says only together with others: its order's value; whether its description is the product's name."""

    def __init__(self, rows: list[TextRow], names: Mapping[str, str]) -> None:
        self._numbers: dict[str, Decimal | None] = {}
        self._values: dict[str, Decimal] = defaultdict(Decimal)
        self._names = {sku: _plain(name) for sku, name in names.items() if name}
        for row in rows:
            price, units = self.number(row.cells.get("unit_price", "")), self.number(row.cells["quantity"])
            if price and units and price > 0 and units > 0:
                self._values[row.cells["ref"]] += price * units
                if row.cells.get("description"):
                    self._names.setdefault(row.cells["sku"], _plain(row.cells["description"]))

    def number(self, text: str) -> Decimal | None:
        """A cell's number, None where it holds none."""
        if text not in self._numbers:
            try:
                number = Decimal(text)
                self._numbers[text] = number if number.is_finite() else None
            except InvalidOperation:
                self._numbers[text] = None
        return self._numbers[text]

    def text(self, row: TextRow, column: str) -> str:
        """A computed column's text."""
        if column == "order_value":
            return f"{self._values.get(row.cells['ref'], Decimal(0)):f}"
        described = _plain(row.cells.get("description", ""))
        return "yes" if described and described == self._names.get(row.cells["sku"]) else "no"


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


class _Sorter:
    """Finds the first rule that fits a row. What a condition says of a text is remembered."""

    def __init__(self, rules: tuple[RowRule, ...]) -> None:
        self._rules = rules
        self._held: dict[tuple[int, str, str], bool] = {}

    def rule_of(self, row: TextRow, computed: _Computed) -> RowRule:
        for place, rule in enumerate(self._rules):
            if all(self._holds(place, name, wanted, row, computed) for name, wanted in rule.when.items()):
                return rule
        return OTHER

    def _holds(self, place: int, name: str, wanted: Condition, row: TextRow, computed: _Computed) -> bool:
        text = computed.text(row, name) if name in COMPUTED else row.cells.get(name, "")
        known = self._held.get((place, name, text))
        if known is None:
            known = wanted.holds(text, computed.number(text))
            self._held[place, name, text] = known
        return known


class _Reader:
    """Turns texts into the values that the import reads, once for each text."""

    def __init__(self, file: str, zone: ZoneInfo, dirt: Dirt) -> None:
        self._file = file
        self._dirt = dirt
        self._columns = {column.name: ColumnReader(column, zone, {}) for column in ORDERS.columns}

    def typed(self, row: TextRow, row_is: str) -> OrderRow | None:
        """The row, or None where what it needs cannot be read. Other cells that cannot be read are left empty."""
        values: dict[str, Any] = {}
        sign = 1
        for name, reader in self._columns.items():
            text = row.cells.get(name, "")
            if row_is != "order":
                if name == "unit_price":
                    text = ""
                elif name == "quantity" and text.startswith("-"):
                    sign, text = -1, text[1:]
            value = reader[text]
            if isinstance(value, CellError):
                is_needed = reader.column.required or name == "placed_at"
                self._count(Refusal(row.line, name, text, value.reason, value.nearest), is_needed=is_needed)
                if is_needed:
                    return None
                value = None
            values[name] = value
        units = values.pop("quantity")
        return OrderRow(
            line=row.line,
            row_is=row_is,
            units=sign * units if row_is == "correction" else units,
            description=row.cells.get("description", ""),
            **values,
        )

    def _count(self, refusal: Refusal, *, is_needed: bool) -> None:
        self._dirt.add(UNREADABLE if is_needed else EMPTIED, example=f"{self._file}:{refusal}")

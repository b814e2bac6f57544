"""What was ordered, cancelled and corrected, out of the orders file and, if there is one, the cancellations file."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from raincheck.feeds.replay.catalogue import read_rows
from raincheck.feeds.replay.happening import Cancelled, OrderedLine, OrderPlaced, StockCorrected
from raincheck.feeds.replay.supply_side import timed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from raincheck.feeds.replay.dirt import Dirt
    from raincheck.feeds.replay.mapping import FileMap, Treatment
    from raincheck.feeds.replay.order_rows import OrderRow

CENT = Decimal("0.0001")


class DemandSide:
    """Gathers rows into orders, cancellations and corrections."""

    def __init__(self, treatment: Treatment, file: FileMap, zone: ZoneInfo, dirt: Dirt) -> None:
        self.treatment = treatment
        self.file = file
        self.zone = zone
        self.dirt = dirt

    def happenings(self, rows: Iterable[OrderRow]) -> list[OrderPlaced | Cancelled | StockCorrected]:
        """What the rows say, in the order in which each order, cancellation or correction is first named."""
        grouped: dict[tuple[str, str], list[OrderRow]] = defaultdict(list)
        found: list[OrderPlaced | Cancelled | StockCorrected] = []
        for row in rows:
            if row.placed_at is None:
                self.dirt.add("order rows without a date", row.units, f"{self.file.file}:{row.line}: {row.ref}")
            elif row.row_is == "correction":
                found.append(StockCorrected(self._at(row), row.sku, row.units, row.description))
            else:
                grouped[row.row_is, row.ref].append(row)
        for (row_is, _), group in grouped.items():
            if row_is == "order":
                found.append(self._order(group))
            else:
                found += self._cancellation(group)
        return found

    def _at(self, row: OrderRow) -> dt.datetime:
        assert row.placed_at is not None  # noqa: S101 — rows without a date were left out above
        return timed(row.placed_at, self.file.at, self.zone)

    def _order(self, rows: list[OrderRow]) -> OrderPlaced:
        first = min(rows, key=lambda row: (self._at(row), row.line))
        if any(row.customer != first.customer for row in rows):
            self.dirt.add("orders that name several customers, the first counts", example=f"{first.ref}")
        by_sku: dict[str, list[OrderRow]] = defaultdict(list)
        for row in rows:
            by_sku[row.sku].append(row)
        return OrderPlaced(
            self._at(first),
            first.ref,
            first.customer,
            first.country,
            first.channel,
            tuple(self._line(lines) for lines in by_sku.values()),
        )

    def _line(self, rows: list[OrderRow]) -> OrderedLine:
        """One line of several rows with one product: their units add up, at their average price."""
        first = rows[0]
        if len(rows) == 1:
            return OrderedLine(first.sku, first.units, first.unit_price, first.ship)
        distinct = {(row.units, row.unit_price) for row in rows}
        surplus = len(rows) - len(distinct)
        where = f"{self.file.file}:{rows[-1].line}: {first.ref} {first.sku}"
        if surplus and self.treatment.repeats == "drop_exact":
            kept = {(row.units, row.unit_price): row for row in reversed(rows)}
            dropped = sum(row.units for row in rows) - sum(row.units for row in kept.values())
            self.dirt.add("exact duplicates within an order, dropped", dropped, where, surplus)
            rows = sorted(kept.values(), key=lambda row: row.line)
        elif surplus:
            self.dirt.add("exact duplicates within an order, added up", first.units * surplus, where, surplus)
        if len(distinct) > 1:
            self.dirt.add(
                "further lines of one order with the same product, added up",
                sum(row.units for row in rows[1:]),
                where,
                len(distinct) - 1,
            )
        prices = {row.unit_price for row in rows}
        units = sum(row.units for row in rows)
        if len(prices) == 1:
            return OrderedLine(first.sku, units, first.unit_price, first.ship)
        self.dirt.add("order lines whose rows differ in price, taken at the average", units, where)
        worth = sum((row.units * (row.unit_price or Decimal(0)) for row in rows), Decimal(0))
        return OrderedLine(first.sku, units, (worth / units).quantize(CENT), first.ship)

    def _cancellation(self, rows: list[OrderRow]) -> list[Cancelled]:
        first = min(rows, key=lambda row: (self._at(row), row.line))
        by_ref = self.treatment.cancel_by == "ref"
        units: dict[str, int] = defaultdict(int)
        for row in rows:
            if not by_ref and row.customer is None:
                where = f"{self.file.file}:{row.line}: {row.ref} {row.sku}"
                self.dirt.add("cancellations without a customer, ignored", row.units, where)
            else:
                units[row.sku] += row.units
        if not units:
            return []
        return [Cancelled(self._at(first), first.ref if by_ref else None, first.customer, tuple(units.items()))]


def read_cancellations(path: Path, file: FileMap, zone: ZoneInfo, dirt: Dirt) -> list[Cancelled]:
    """The rows of a cancellations file, each naming its order. One without a date cannot be played."""
    found = []
    for line, row in read_rows(path, "cancellations", file, zone, dirt):
        if row.get("cancelled_at") is None:
            dirt.add("cancellations without a date, ignored", row.get("quantity") or 0, f"{path.name}:{line}")
            continue
        at = timed(row["cancelled_at"], file.at, zone)
        found.append(Cancelled(at, row["ref"], None, ((row.get("sku"), row.get("quantity")),)))
    return found

"""What was said of an order's lines, counted as a customer counts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from raincheck.store.outbox_read import LineNow, SaidLine


def merged(lines: Iterable[SaidLine]) -> list[SaidLine]:
    """One line a product, its units added up: a product in two parcels, or claimed twice, is one thing to a customer.

    Of two dates the later counts, and no date counts as latest.
    """
    by_sku: dict[str, list[SaidLine]] = {}
    for line in lines:
        by_sku.setdefault(line.sku, []).append(line)
    return [_merged(same) for same in by_sku.values()]


def _merged(same: list[SaidLine]) -> SaidLine:
    last = max(same, key=lambda line: line.on or date.max)
    return replace(last, units=units_of(same))


def stays(line: LineNow) -> int:
    """Units of a line that are the customer's: neither cancelled nor refused."""
    return line.ordered_units - line.cancelled_units - line.refused_units


def units_of(lines: Iterable[SaidLine]) -> int:
    """Units in all."""
    return sum(line.units for line in lines)

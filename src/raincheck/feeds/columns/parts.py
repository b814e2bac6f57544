"""Cells that hold more than one value: what a kit is made of, and when an order ships."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.feeds.columns.base import ColumnType
from raincheck.feeds.columns.numbers import WholeNumber
from raincheck.feeds.columns.texts import Code
from raincheck.feeds.nearest import nearest_name
from raincheck.feeds.refusal import CellError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MOST_PARTS = 200
MOST_SHIPMENTS = 1_000
UP_TO = re.compile(r"up_to:([0-9]{1,9})")


@dataclass(frozen=True)
class Kit(ColumnType):
    """The parts of one kit: `SKU:2 SKU2:1`, in the order of the file."""

    @property
    def expects(self) -> str:
        return "parts with their units, a space between: SKU:2 SKU2:1"

    def read(self, text: str, zone: ZoneInfo) -> tuple[tuple[str, int], ...]:
        parts: dict[str, int] = {}
        pieces = text.split()
        if len(pieces) > MOST_PARTS:
            raise CellError(f"at most {MOST_PARTS} parts")
        for piece in pieces:
            sku, colon, units = piece.rpartition(":")
            if not colon or not sku:
                raise CellError(f"{piece} has no units; write parts as SKU:2 SKU2:1", None)
            if sku in parts:
                raise CellError(f"{sku} is named twice; write it once with the units added up")
            try:
                parts[Code().read(sku, zone)] = WholeNumber(1).read(units, zone)
            except CellError as error:
                raise CellError(f"{piece}: {error.reason}") from None
        return tuple(parts.items())

    def write(self, value: tuple[tuple[str, int], ...], zone: ZoneInfo) -> str:  # noqa: ARG002
        return " ".join(f"{sku}:{units}" for sku, units in value)


@dataclass(frozen=True)
class Ship(ColumnType):
    """A shipping policy: as units become available, all at once, or in at most N shipments."""

    @property
    def expects(self) -> str:
        return f"available, complete, or up_to:N with N from 1 to {MOST_SHIPMENTS}"

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        word = text.casefold()
        if word in {"available", "complete"}:
            return word
        limited = UP_TO.fullmatch(word)
        if limited is None:
            raise CellError(f"must be {self.expects}", nearest_name(word, ("available", "complete", "up_to:2")))
        shipments = int(limited.group(1))
        if not 1 <= shipments <= MOST_SHIPMENTS:
            raise CellError(f"up_to takes 1 to {MOST_SHIPMENTS} shipments")
        return f"up_to:{shipments}"

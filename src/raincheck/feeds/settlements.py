"""A card processor's settlement file: what it captured and refunded, and what it took. Read whole or not at all."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from raincheck.core.reconcile import Settled
from raincheck.feeds.columns.choices import Choice, Currency
from raincheck.feeds.columns.numbers import Amount
from raincheck.feeds.columns.texts import Text
from raincheck.feeds.columns.times import Instant
from raincheck.feeds.kinds import Column, Kind
from raincheck.feeds.read import open_reading
from raincheck.feeds.refusal import MalformedFile, Refusal
from raincheck.store.reads.company import company_face

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from pathlib import Path

MOST_ROWS: Final = 1_000_000
REPLACED: Final = {
    "kind": {"charge": "capture", "payment": "capture", "payment_refund": "refund", "Capture": "capture",
             "Refund": "refund", "Charge": "capture", "Payment": "capture"}
}  # fmt: skip
"""What other processors call a capture and a refund."""


@dataclass(frozen=True)
class SignedAmount(Amount):
    """An amount that may stand below zero, as refunds do in many processors' files."""

    def read(self, text: str, zone: ZoneInfo) -> Decimal:
        """The amount with its sign."""
        return -super().read(text[1:], zone) if text.startswith("-") else super().read(text, zone)


SETTLEMENTS: Final = Kind(
    "settlements",
    "What a card processor captured and refunded, one row each.",
    (),
    (
        Column("key", Text(64), "the request's key, as the processor was sent it; without one its reference counts"),
        Column("reference", Text(200), "the processor's name for it"),
        Column("kind", Choice(("capture", "refund")), "charge and payment are captures too", required=True),
        Column("order", Text(100), "the order, if the processor was told"),
        Column("amount", SignedAmount(), "what was captured or given back; a refund may stand below 0", required=True),
        Column("currency", Currency(), "of amount and fee", required=True),
        Column("fee", SignedAmount(), "what the processor took for it"),
        Column("at", Instant(), "when", required=True),
    ),
)


def read_settlements(path: Path, renamed: Mapping[str, str]) -> tuple[list[Settled], list[Refusal]]:
    """The rows of a file, and those that are refused; `renamed` is our column -> the file's.

    Raises MalformedFile for what is no such file.
    """
    settled: list[Settled] = []
    zone = ZoneInfo(company_face().timezone)
    with open_reading(path, SETTLEMENTS, renamed, zone, replaced=REPLACED) as reading:
        for batch in reading.batches():
            for line, row in batch.rows():
                refusal = _refusal(line, row)
                if refusal:
                    reading.refuse(refusal)
                else:
                    settled.append(_settled(line, row))
                if len(settled) > MOST_ROWS:
                    raise MalformedFile(path, line, f"more than {MOST_ROWS:,} rows: compare one month at a time")
        return settled, sorted(reading.refusals, key=lambda one: one.line)


def write_settlements(settled: Iterable[Settled], out: IO[str]) -> int:
    """Writes rows as such a file; how many."""
    zone = ZoneInfo(company_face().timezone)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in SETTLEMENTS.columns])
    rows = 0
    for one in settled:
        values = [getattr(one, column.name) for column in SETTLEMENTS.columns]
        writer.writerow(
            [
                "" if value in (None, "") else column.type.write(value, zone)
                for column, value in zip(SETTLEMENTS.columns, values, strict=True)
            ]
        )
        rows += 1
    return rows


def _refusal(line: int, row: Mapping[str, Any]) -> Refusal | None:
    if not row.get("key") and not row.get("reference"):
        return Refusal(line, "key", "", "is empty, and so is reference: a row names what it is about")
    amount = row["amount"]
    if amount == 0 or (amount < 0 and row["kind"] == "capture"):
        return Refusal(line, "amount", str(amount), "a capture is above 0, a refund is not 0")
    return None


def _settled(line: int, row: Mapping[str, Any]) -> Settled:
    return Settled(
        line,
        row.get("key") or "",
        row.get("reference") or "",
        row["kind"],
        row.get("order") or "",
        abs(row["amount"]),
        row["currency"],
        row.get("fee"),
        row["at"],
    )

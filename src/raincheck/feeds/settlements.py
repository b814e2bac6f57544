"""A card processor's settlement file: what it captured and refunded, and what it took. Read whole or not at all.

Such files have rows of other kinds as well: payouts, fees by themselves, disputes. Those that are known to be no
capture or refund are left aside and counted; a word that nobody knows is refused.
"""

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

LEFT_ASIDE: Final = frozenset(
    {
        "adjustment", "advance", "advance_funding", "anticipation_repayment", "application_fee",
        "application_fee_refund", "charge_failure", "climate_order_purchase", "climate_order_refund",
        "connect_collection_transfer", "connect_reserved_funds", "contribution", "currency_conversion", "dispute",
        "dispute_reversal", "fee", "fee_credit_funding", "financing_paydown", "financing_paydown_reversal",
        "inbound_transfer", "inbound_transfer_reversal", "issuing_authorization_hold", "issuing_authorization_release",
        "issuing_dispute", "issuing_dispute_fraud_liability_debit", "issuing_dispute_provisional_credit",
        "issuing_dispute_provisional_credit_reversal", "issuing_transaction", "minimum_balance_hold", "network_cost",
        "obligation_outbound", "obligation_reversal_inbound", "other_adjustment", "partial_capture_reversal",
        "payment_failure_refund", "payment_network_reserve_hold", "payment_network_reserve_release",
        "payment_network_reserved_funds", "payment_reversal", "payment_unreconciled", "payout", "payout_cancel",
        "payout_failure", "payout_minimum_balance_hold", "payout_minimum_balance_release", "payout_reversal",
        "platform_earning", "platform_earning_refund", "platform_fee", "refund_failure", "reserve_hold",
        "reserve_release", "reserve_transaction", "reserved_funds", "risk_reserved_funds",
        "stripe_balance_payment_debit", "stripe_balance_payment_debit_reversal", "stripe_fee", "stripe_fee_tax",
        "stripe_fx_fee", "tax", "tax_fee", "tax_fund", "topup", "topup_reversal", "transfer", "transfer_cancel",
        "transfer_failure", "transfer_refund", "transfer_reversal", "unreconciled_customer_funds",
    }
)  # fmt: skip
"""Kinds of rows that are no captures or refunds: Stripe's reporting categories and types of balance transactions."""


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


@dataclass(frozen=True)
class SettlementFile:
    """What a file says: its captures and refunds, the rows that are refused, and how many of other kinds it has."""

    settled: list[Settled]
    refused: list[Refusal]
    left_aside: dict[str, int]


def read_settlements(path: Path, renamed: Mapping[str, str]) -> SettlementFile:
    """The rows of a file; `renamed` is our column -> the file's. Raises MalformedFile for what is no such file."""
    settled: list[Settled] = []
    zone = ZoneInfo(company_face().timezone)
    aside = ("kind", LEFT_ASIDE)
    with open_reading(path, SETTLEMENTS, renamed, zone, replaced=REPLACED, aside=aside) as reading:
        for batch in reading.batches():
            for line, row in batch.rows():
                refusal = _refusal(line, row)
                if refusal:
                    reading.refuse(refusal)
                else:
                    settled.append(_settled(line, row))
                if len(settled) > MOST_ROWS:
                    raise MalformedFile(path, line, f"more than {MOST_ROWS:,} rows: compare one month at a time")
        refused = sorted(reading.refusals, key=lambda one: one.line)
        return SettlementFile(settled, refused, dict(sorted(reading.left_aside.items())))


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

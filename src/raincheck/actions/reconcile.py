"""Compare a processor's file with the ledger: nothing of the ledger changes but fees that only the file knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from raincheck.core.errors import Malformed
from raincheck.core.reconcile import Comparison, Settled, reconcile
from raincheck.store import facts, reconciliation
from raincheck.store.company import read_settings
from raincheck.store.locks import database_now

NONE: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What came out, and under which id it is kept."""

    run: int
    comparison: Comparison


def reconcile_file(
    settled: Sequence[Settled],
    file_name: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor: str = "",
    left_aside: Mapping[str, int] = NONE,
) -> Reconciled:
    """What a file and the ledger say about a period: from one company day to another, both included.

    Days that are not given are those of the first and last row. `left_aside` is how many rows of each other kind the
    file has; it goes on record. Raises Malformed for a period that ends before it starts, and for a file without
    captures and refunds where no period is given.
    """
    with transaction.atomic():
        now = database_now()
        period = _period(settled, starts_on, ends_on, ZoneInfo(read_settings().timezone))
        keys, references = {row.key for row in settled}, {row.reference for row in settled}
        comparison = reconcile(settled, reconciliation.read_entered(keys, references, period), period)
        reconciliation.take_fees(comparison.fees)
        kept = reconciliation.write_reconciliation(comparison, file_name, period, now, actor, left_aside)
        said = {
            "rows": comparison.rows,
            "matched": comparison.matched,
            "differences": len(comparison.found),
            **({"left_aside": dict(left_aside)} if left_aside else {}),
        }
        facts.record(now, "reconciled", "money", actor, said)
    return Reconciled(kept, comparison)


def _period(
    settled: Sequence[Settled], starts_on: date | None, ends_on: date | None, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    days = [row.at.astimezone(zone).date() for row in settled]
    first, last = starts_on or min(days, default=None), ends_on or max(days, default=None)
    if first is None or last is None:
        raise Malformed("the file has no captures or refunds: say which days it covers (--from, --until)")
    if last < first:
        raise Malformed(f"the period ends on {last}, before it starts on {first}")
    return (
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )

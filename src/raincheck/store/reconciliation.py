"""The ledger's side of a reconciliation, and what came out of one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

import orjson

from raincheck.core.reconcile import Comparison, Entered
from raincheck.store.db import columns, one, rows, run


def read_entered(
    keys: Collection[str], references: Collection[str], period: tuple[datetime, datetime]
) -> list[Entered]:
    """Captures and refunds by card that are named, or that were entered in a period (until before its end)."""
    found = rows(
        """SELECT r.key, r.reference, r.kind, o.ref, r.amount, r.currency, r.fee, m.at
           FROM payment m JOIN card_request r ON r.id = m.request_id JOIN sales_order o ON o.id = r.order_id
           WHERE r.kind IN ('capture', 'refund')
             AND (r.key = ANY(%s) OR (r.reference <> '' AND r.reference = ANY(%s)) OR (m.at >= %s AND m.at < %s))
           ORDER BY m.at, r.id""",
        [sorted(keys), sorted(references), *period],
    )
    return [Entered(*entered) for entered in found]


def take_fees(fees: Mapping[str, Decimal]) -> None:
    """Enters fees that only the processor's file knows."""
    run(
        """UPDATE card_request r SET fee = v.fee FROM unnest(%s::text[], %s::numeric[]) AS v (key, fee)
           WHERE r.key = v.key AND r.fee IS NULL""",
        columns(sorted(fees.items()), 2),
    )


def write_reconciliation(
    comparison: Comparison,
    file_name: str,
    period: tuple[datetime, datetime],
    at: datetime,
    by: str,
    left_aside: Mapping[str, int],
) -> int:
    """Keeps what came out, and how many rows of other kinds the file has; its id."""
    (id_,) = one(
        """INSERT INTO reconciliation (at, by, file_name, starts_at, ends_at, rows, matched, left_aside)
           VALUES (%s, %s, left(%s, 255), %s, %s, %s, %s, %s::jsonb) RETURNING id""",
        [at, by, file_name, *period, comparison.rows, comparison.matched, orjson.dumps(dict(left_aside)).decode()],
    )
    records = [
        (
            found.difference.value,
            found.theirs.line if found.theirs else None,
            found.either.key,
            found.either.reference,
            found.either.order,
            found.either.kind,
            found.either.currency,
            found.their_currency,
            *found.amounts,
        )
        for found in comparison.found
    ]
    run(
        """INSERT INTO reconciliation_difference (reconciliation_id, difference, line, key, reference, order_ref, kind,
                                                  currency, their_currency, ours, theirs)
           SELECT %s, v.* FROM unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                                      %s::text[], %s::numeric[], %s::numeric[])
                  AS v (difference, line, key, reference, order_ref, kind, currency, their_currency, ours, theirs)""",
        [id_, *columns(records, 10)],
    )
    return int(id_)

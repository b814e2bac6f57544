"""The books of the local test processor: what it did under which key, and what it still has to call back.

Rows of its own, written in its own transactions: they outlive whoever asked, as a real processor's would.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from raincheck.store.db import row, rows, run

_COLUMNS: Final = """key, kind, order_ref, amount, currency, method, authorisation, charge, is_final, outcome,
    reference, scheme, reason, fee, at, expires_at, ends_at"""


@dataclass(frozen=True, slots=True)
class BookRow:
    """One request and its answer; `ends_at` is when an authorisation really ends, `expires_at` what was said."""

    key: str
    kind: str
    order_ref: str
    amount: Decimal
    currency: str
    method: str
    authorisation: str
    charge: str
    is_final: bool
    outcome: str
    reference: str
    scheme: str
    reason: str
    fee: Decimal
    at: datetime
    expires_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Callback:
    """An event to be called back: `body` as JSON, so many more times."""

    event: str
    body: str
    due_at: datetime
    times: int


def opened(order_ref: str) -> AbstractContextManager[object]:
    """A transaction of the books in which nobody else writes about the same order: `with opened(ref):`."""
    return _Opened(order_ref)


class _Opened:
    def __init__(self, order_ref: str) -> None:
        self._order_ref = order_ref
        self._transaction = transaction.atomic()

    def __enter__(self) -> None:
        self._transaction.__enter__()
        rows("SELECT pg_advisory_xact_lock(hashtextextended('test_processor ' || %s, 0))", [self._order_ref])

    def __exit__(self, *failure: object) -> None:
        self._transaction.__exit__(*failure)  # type: ignore[arg-type]


def by_key(key: str) -> BookRow | None:
    """What was done under a key."""
    found = row(f"SELECT {_COLUMNS} FROM test_processor_entry WHERE key = %s", [key])  # noqa: S608
    return BookRow(*found) if found else None


def by_reference(reference: str) -> BookRow | None:
    """What the processor named so."""
    found = row(f"SELECT {_COLUMNS} FROM test_processor_entry WHERE reference = %s", [reference])  # noqa: S608
    return BookRow(*found) if found else None


def draws_on(reference: str) -> list[BookRow]:
    """What was approved of an authorisation or a capture, in order."""
    found = rows(
        f"""SELECT {_COLUMNS} FROM test_processor_entry
            WHERE (authorisation = %s OR charge = %s) AND outcome = 'approved' ORDER BY id""",  # noqa: S608
        [reference, reference],
    )
    return [BookRow(*one) for one in found]


def of_card(order_ref: str, method: str) -> list[BookRow]:
    """What one order asked of one card, in order."""
    found = rows(
        f"SELECT {_COLUMNS} FROM test_processor_entry WHERE order_ref = %s AND method = %s ORDER BY id",  # noqa: S608
        [order_ref, method],
    )
    return [BookRow(*one) for one in found]


def write(entry: BookRow) -> None:
    """Enters what was done."""
    run(
        f"""INSERT INTO test_processor_entry ({_COLUMNS})
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",  # noqa: S608
        list(astuple(entry)),
    )


def knocked_before(key: str) -> bool:
    """Notes that a request was heard of and not acted on; whether it had been already."""
    return run("INSERT INTO test_processor_knock (key) VALUES (%s) ON CONFLICT DO NOTHING", [key]) == 0


def entries(starts_at: datetime | None, ends_at: datetime | None) -> Iterable[BookRow]:
    """Captures and refunds that were approved from an instant until before another, in order."""
    found = rows(
        f"""SELECT {_COLUMNS} FROM test_processor_entry
            WHERE outcome = 'approved' AND kind IN ('capture', 'refund')
                  AND at >= coalesce(%s, '-infinity'::timestamptz) AND at < coalesce(%s, 'infinity'::timestamptz)
            ORDER BY at, id""",  # noqa: S608
        [starts_at, ends_at],
    )
    return [BookRow(*one) for one in found]


def call_back(callbacks: Iterable[Callback]) -> None:
    """Queues events; one whose name is known already is left alone."""
    for one in callbacks:
        run(
            """INSERT INTO test_processor_callback (event, body, due_at, times, delivered) VALUES (%s, %s, %s, %s, 0)
               ON CONFLICT DO NOTHING""",
            [one.event, one.body, one.due_at, one.times],
        )


def take_callback(at: datetime | None) -> Callback | None:
    """The next event that is due by an instant (None: the database's now), counted as delivered once more."""
    found = row(
        """UPDATE test_processor_callback c SET delivered = delivered + 1
           WHERE id = (SELECT id FROM test_processor_callback
                       WHERE delivered < times AND due_at <= coalesce(%s, clock_timestamp())
                       ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING event, body, due_at, times - delivered""",
        [at],
    )
    return Callback(*found) if found else None

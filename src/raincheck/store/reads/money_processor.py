"""What the card processor's file and calls have shown: the latest reconciliation and its differences, latest events."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from raincheck.store.reads.named import first_named, named_rows


@dataclass(frozen=True, slots=True)
class LastReconciliation:
    """The latest comparison of a file with the ledger; the file covers the time from `starts_at` until `ends_at`.

    `left_aside` is how many rows of each other kind it has.
    """

    id: int
    at: datetime
    by: str
    file_name: str
    starts_at: datetime
    ends_at: datetime
    rows: int
    matched: int
    left_aside: dict[str, int]
    differences: int


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A difference: what the ledger has (`ours`) and the file (`theirs`). `line` is the file's, if it has one."""

    id: int
    difference: str
    line: int | None
    key: str
    reference: str
    order_ref: str
    kind: str
    currency: str
    their_currency: str
    ours: Decimal | None
    theirs: Decimal | None
    is_known: bool

    @property
    def place(self) -> "Place":
        """Where it stands in its run's list."""
        return (_NO_LINE if self.line is None else self.line), self.id


Place = tuple[int, int]
_NO_LINE: Final = 2**31 - 1
"""What only the ledger has stands behind all lines of the file."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """A call of the processor that needed more than a note, and what followed."""

    received_at: datetime
    processor: str
    kind: str
    reference: str
    order_ref: str
    outcome: str


_RUN: Final = """
    SELECT r.id, r.at, r.by, r.file_name, r.starts_at, r.ends_at, r.rows, r.matched, r.left_aside,
           (SELECT count(*) FROM reconciliation_difference d WHERE d.reconciliation_id = r.id)::int AS differences
    FROM reconciliation r"""


def last_reconciliation() -> LastReconciliation | None:
    """The latest run, if there was one."""
    return first_named(LastReconciliation, f"{_RUN} ORDER BY r.id DESC LIMIT 1")


def reconciliation(run: int) -> LastReconciliation | None:
    """A run, if it is there."""
    return first_named(LastReconciliation, f"{_RUN} WHERE r.id = %(run)s", {"run": run})


def differences(run: int, limit: int | None, after: Place = (0, 0)) -> list[DifferenceRow]:
    """The differences of a run behind a place, those of the file first, in its order; at most `limit`."""
    return named_rows(
        DifferenceRow,
        """SELECT d.id, d.difference, d.line, d.key, d.reference, d.order_ref, d.kind, d.currency,
                  coalesce(nullif(d.their_currency, ''), d.currency) AS their_currency, d.ours, d.theirs,
                  EXISTS (SELECT 1 FROM sales_order o WHERE o.ref = d.order_ref) AS is_known
           FROM reconciliation_difference d WHERE d.reconciliation_id = %(run)s
             AND (coalesce(d.line, %(no_line)s), d.id) > (%(line)s, %(id)s)
           ORDER BY coalesce(d.line, %(no_line)s), d.id LIMIT %(limit)s""",
        {"run": run, "limit": limit, "no_line": _NO_LINE, "line": after[0], "id": after[1]},
    )


def latest_events(limit: int) -> list[EventRow]:
    """The latest calls that say more than that something was done, the newest first."""
    return named_rows(
        EventRow,
        """SELECT e.received_at, e.processor, e.kind, e.reference, coalesce(o.ref, '') AS order_ref, e.outcome
           FROM processor_event e LEFT JOIN card_request r ON r.key = e.request_key AND e.request_key <> ''
           LEFT JOIN sales_order o ON o.id = r.order_id
           WHERE e.kind NOT IN ('authorised', 'captured', 'voided', 'refunded')
           ORDER BY e.received_at DESC, e.id DESC LIMIT %(limit)s""",
        {"limit": limit},
    )

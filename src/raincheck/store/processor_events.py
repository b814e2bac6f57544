"""What card processors called back with, and what of it concerns our requests."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from raincheck.store.db import row, run


@dataclass(frozen=True, slots=True)
class Concerned:
    """A card request that an event is about."""

    id: int
    key: str
    order: int
    order_ref: str
    kind: str
    state: str


def lock_event(processor: str, event: str) -> bool:
    """Whether an event is new. Until the transaction ends nobody else gets an answer about the same one."""
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s || ' ' || %s, 1))", [processor, event])
    return row("SELECT 1 FROM processor_event WHERE processor = %s AND event = %s", [processor, event]) is None


def concerned(key: str, reference: str) -> Concerned | None:
    """The request with a key, else the latest approved one that the processor calls so."""
    found = row(
        """SELECT r.id, r.key, r.order_id, o.ref, r.kind, r.state
           FROM card_request r JOIN sales_order o ON o.id = r.order_id
           WHERE (%s <> '' AND r.key = %s) OR (%s <> '' AND r.reference = %s)
           ORDER BY r.key = %s DESC, r.id DESC LIMIT 1""",
        [key, key, reference, reference, key],
    )
    return Concerned(*found) if found else None


def ask_at_once(request: int, at: datetime) -> int:
    """Requests that wait for an answer, this one and those that draw on it, are asked after now; how many."""
    return run(
        """UPDATE card_request SET next_try_at = least(next_try_at, %s)
           WHERE (id = %s OR authorisation_id = %s OR charge_id = %s) AND state = 'pending'""",
        [at, request, request, request],
    )


def runs_out(request: int, at: datetime) -> bool:
    """An authorisation holds until an instant at the most; False if it has ended already."""
    return (
        run(
            """UPDATE card_request SET expires_at = least(expires_at, %s), let_go_by = least(let_go_by, %s)
               WHERE id = %s AND kind = 'authorise' AND state = 'approved' AND ended_at IS NULL""",
            [at, at, request],
        )
        > 0
    )


def write_event(
    processor: str,
    event: str,
    kind: str,
    reference: str,
    key: str,
    amount: Decimal | None,
    at: datetime,
    received_at: datetime,
    outcome: str,
) -> None:
    """Enters an event that was acted on."""
    run(
        """INSERT INTO processor_event (processor, event, kind, reference, request_key, amount, at, received_at,
                                        outcome)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, left(%s, 300))""",
        [processor, event, kind, reference, key, amount, at, received_at, outcome],
    )

"""Carry short texts out that go beside a mail, or instead of one that did not arrive."""

from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction

from raincheck.actions.carry_notice import RETRY_MINUTES, Never, NotNow, Outcome
from raincheck.core.quiet import OPTIONS
from raincheck.store import deliveries, live, outbox_write
from raincheck.store.db import run
from raincheck.store.deliveries import QueuedText
from raincheck.store.locks import database_now


class TextCarrier(Protocol):
    """Hands short texts over."""

    @property
    def leaves(self) -> bool:
        """Whether texts leave; else they stay in the mailbox."""

    def hand_over_text(self, key: str, phone: str, text: str) -> str:
        """Sends a text; what the service said. Raises NotNow or Never."""


def carry_next_text(carrier: TextCarrier, at: datetime | None = None) -> Outcome | None:
    """Carries the first queued text; how it went, None if there is none."""
    with transaction.atomic():
        now = at or database_now()
        found = deliveries.lock_next_text(now)
        if found is None:
            return None
        live.changed("mailbox")
        outcome, proof = _carry(carrier, found, now)
    if proof:
        deliveries.note_text_proof(found.id, proof)
    return outcome


def _carry(carrier: TextCarrier, queued: QueuedText, now: datetime) -> tuple[Outcome, str]:
    if not carrier.leaves:
        deliveries.mark_text(queued.id, "kept", now)
        _ask_where_nobody_was_told(queued, now)
        return "kept", ""
    run("SAVEPOINT handover")
    deliveries.mark_text(queued.id, "sent", now)
    if queued.event not in OPTIONS:
        outbox_write.mark_arrived(queued.notice, now)
    try:
        proof = carrier.hand_over_text(f"text-{queued.id}", queued.phone, queued.text)
    except (Never, NotNow) as failure:
        run("ROLLBACK TO SAVEPOINT handover")
        if isinstance(failure, NotNow) and queued.attempts < len(RETRY_MINUTES):
            try_again_at = now + timedelta(minutes=RETRY_MINUTES[queued.attempts])
            deliveries.postpone_text(queued.id, try_again_at, str(failure))
            return "postponed", ""
        deliveries.mark_text(queued.id, "failed", now, failure=str(failure))
        _ask_where_nobody_was_told(queued, now)
        return "failed", ""
    return "sent", proof


def _ask_where_nobody_was_told(queued: QueuedText, now: datetime) -> None:
    """The mail had not arrived either: a person tells."""
    if queued.notice_state == "failed":
        outbox_write.ask_a_person(queued.notice, now)

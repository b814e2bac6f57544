"""Carry short texts out that go beside a mail, or instead of one that did not arrive."""

from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction

from raincheck.actions.carry_notice import RETRY_MINUTES, Never, NotNow, Outcome, quiet_hours
from raincheck.core.quiet import OPTIONS, held_until, quiet_until
from raincheck.store import deliveries, live, outbox_write
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.store.deliveries import QueuedText
from raincheck.store.locks import database_now
from raincheck.store.preferences import read_preferences
from raincheck.store.ship_to_zone import ship_to_zone


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
    if (until := _held_until(queued, now)) is not None:
        deliveries.hold_text(queued.id, until)
        return "held", ""
    if not carrier.leaves:
        deliveries.mark_text(queued.id, "kept", now)
        _ask_where_nobody_was_told(queued, "no service sends texts", now)
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
        _ask_where_nobody_was_told(queued, str(failure), now)
        return "failed", ""
    return "sent", proof


def _held_until(queued: QueuedText, now: datetime) -> datetime | None:
    """Until when it is quiet where the customer is: what a mail left by day must not wake them at night."""
    settings = read_settings()
    zone = ship_to_zone(queued.country, queued.postcode, settings.timezone)
    ends_at = quiet_until(now, zone, *quiet_hours(settings, read_preferences(queued.customer)))
    until = held_until(queued.event, queued.queued_at, zone, ends_at) if ends_at else now
    return until if until > now else None


def _ask_where_nobody_was_told(queued: QueuedText, why: str, now: datetime) -> None:
    """No mail tells it either: a person does."""
    if queued.is_alone:
        outbox_write.ask_a_person(queued.notice, now, (queued.phone, why))

"""Carry queued messages out: lock them, put them into words, send them, record how it went, in one transaction.

The lock is held while a message is sent, so no other worker takes the same one, and a killed worker's message is free
again as soon as the database sees it gone. All that there is to write is written before the message is handed over;
between the server's yes and the commit nothing is left to do. What was taken in that instant goes again under the same
Message-ID: at least once, and recognisable (docs/adr/0011-channels.md).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final, Literal, Protocol

from django.db import transaction

from raincheck.actions.law_notices import day_missed, option_arrived_after_all, option_did_not_arrive
from raincheck.actions.void_options import void_option
from raincheck.core.quiet import ALWAYS_TOLD, OPTIONS, held_until, is_wanted, last_moment, quiet_until
from raincheck.core.settings import Settings
from raincheck.store import deliveries, live, outbox_write
from raincheck.store.company import read_settings
from raincheck.store.db import run
from raincheck.store.locks import database_now
from raincheck.store.outbox_lock import Waiting, lock_next, why_bad
from raincheck.store.outbox_read import NoticeFacts, notice_facts
from raincheck.store.preferences import Preferences, read_preferences

# After each failed attempt; then a person has to help. Two days in all.
RETRY_MINUTES: Final[Sequence[int]] = (1, 5, 30, 120, 360, 720, 1440)
UNWANTED: Final = "not sent: the customer wants no such messages"
SETTLED: Final = "not sent: nothing of what it asks about waits any more"

Outcome = Literal["sent", "kept", "held", "postponed", "failed"]


@dataclass(frozen=True, slots=True)
class Worded:
    """One message about one notice or several of an order.

    `message_id` names it for ever. `versions`: which words each notice was written with (0: the shipped ones of
    `language`). `texts`: short texts to send instead, should the message not arrive; those of `beside` go in any case.
    """

    message_id: str
    subject: str
    text: str
    html: str
    language: str = ""
    versions: Mapping[int, int] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)
    beside: frozenset[int] = frozenset()


class NotNow(Exception):
    """The message was not taken now; it may be later."""


class Never(Exception):
    """The message will never be taken."""


class Carrier(Protocol):
    """Words messages of one channel (email, sms) and hands them over."""

    channel: str

    @property
    def leaves(self) -> bool:
        """Whether messages leave; else they stay in the mailbox."""

    def word(self, facts: Sequence[NoticeFacts]) -> Worded:
        """The message. Raises Never for what cannot be put into words."""

    def hand_over(self, message: Worded, facts: Sequence[NoticeFacts]) -> str:
        """Sends the message; what the server said. Raises NotNow or Never; anything else leaves it unattempted."""


def carry_next(carrier: Carrier, at: datetime | None = None) -> Counter[Outcome] | None:
    """Carries the next message that may leave (None for `at`: by the database's clock); how it went with its notices.

    None if there is none.
    """
    with transaction.atomic():
        now = at or database_now()
        found = lock_next(carrier.channel, now)
        if found is None:
            return None
        attempt = _Attempt.of(carrier, *found, now)
        live.changed("mailbox")
        outcome = attempt.carry()
    attempt.note_proof()
    return outcome


@dataclass(slots=True)
class _Attempt:
    """One message in hand: the notices in it, what their customer wants, and what came of it."""

    carrier: Carrier
    now: datetime
    settings: Settings
    wishes: Preferences
    group: list[Waiting]
    must_leave: bool
    facts: list[NoticeFacts] = field(default_factory=list)
    message: Worded | None = None
    proof: str = ""

    @classmethod
    def of(cls, carrier: Carrier, first: Waiting, others: list[Waiting], now: datetime) -> "_Attempt":
        settings, wishes = read_settings(), read_preferences(first.customer)
        is_one = settings.digest if wishes.digest is None else wishes.digest
        group = sorted([first, *(others if is_one else ())], key=lambda notice: notice.id)
        return cls(carrier, now, settings, wishes, group, must_leave=first.is_held)

    @property
    def ids(self) -> list[int]:
        return [notice.id for notice in self.group]

    @property
    def address(self) -> str:
        return self.group[0].address

    def carry(self) -> Counter[Outcome]:
        outcome: Counter[Outcome] = Counter()
        outcome["kept"] = self._leave_out() + self._leave_out_settled()
        outcome["failed"] = self._void()
        if self.group:
            # What has to leave now may be what was taken out: the rest waits for the morning.
            self.must_leave = self.must_leave and not outcome.total()
            done: Outcome = "held" if self._hold() else self._send()
            outcome[done] += len(self.group)
        return +outcome

    def note_proof(self) -> None:
        """Keeps the server's words, in a transaction of its own."""
        if self.proof and self.message is not None:
            deliveries.note_proof(self.ids, self.carrier.channel, self.message.message_id, self.proof)

    def _leave_out(self) -> int:
        """Takes out what the customer does not want; how many that is. Who wants texts, and no mail, gets the text."""
        wants = self.wishes.email if self.carrier.channel == "email" else self.wishes.sms is True
        unwanted = [notice for notice in self.group if not is_wanted(notice.event, wants_mail=wants)]
        if unwanted:
            ids = [notice.id for notice in unwanted]
            outbox_write.mark_unwanted(ids, UNWANTED)
            deliveries.record(ids, self.carrier.channel, self.address, "unwanted", self.now)
            for notice in unwanted:
                self._text_instead(notice)
            self.group = [notice for notice in self.group if notice not in unwanted]
        return len(unwanted)

    def _leave_out_settled(self) -> int:
        """Takes out options that nobody has to answer any more, for what they ask about has gone or was cancelled."""
        asked = [notice.id for notice in self.group if notice.event in OPTIONS and self.carrier.leaves]
        settled = [notice for notice in asked if _is_settled(notice)]
        if settled:
            outbox_write.mark_unwanted(settled, SETTLED)
            deliveries.record(settled, self.carrier.channel, self.address, "unwanted", self.now)
            self.group = [notice for notice in self.group if notice.id not in settled]
        return len(settled)

    def _text_instead(self, notice: Waiting) -> None:
        """Who called our mail spam did not ask for more by another way."""
        wants_texts = self.wishes.sms and not self.wishes.stopped_why
        facts = notice_facts(notice.id) if wants_texts and notice.phone and self.carrier.channel == "email" else None
        if facts is None:
            return
        try:
            worded = self.carrier.word([facts])
        except Never:
            outbox_write.ask_a_person(notice.id, self.now)
            return
        if notice.id in worded.beside:
            deliveries.queue_text(notice.id, notice.phone, worded.texts[notice.id], self.now)

    def _hold(self) -> bool:
        """Whether it is quiet where the customer is and all of it can wait; then it is held."""
        first = self.group[0]
        zone = first.zone(self.settings)
        ends_at = quiet_until(self.now, zone, *quiet_hours(self.settings, self.wishes))
        if ends_at is None or self.must_leave:
            return False
        until = {notice.id: held_until(notice.event, notice.at, zone, ends_at) for notice in self.group}
        if min(until.values()) <= self.now:
            return False
        for notice, instant in until.items():
            outbox_write.mark_held(notice, instant)
        return True

    def _void(self) -> int:
        """Takes out options that would leave after the day on which they have to be given; how many that is."""
        missed = {
            notice.id: last_on
            for notice in self.group
            if self.carrier.leaves
            and (last_on := day_missed(notice.id, notice.order_ref, notice.event, self.now)) is not None
        }
        for notice in self.group:
            if notice.id in missed:
                void_option(notice, missed[notice.id], self.now)
        self.group = [notice for notice in self.group if notice.id not in missed]
        return len(missed)

    def _send(self) -> Outcome:
        try:
            self.message = self._worded()
        except Never as failure:
            return self._give_up(failure)
        if self.carrier.channel == "email" and (why := why_bad(self.address)):
            return self._give_up(Never(f"mail to this address came back: {why}"))
        run("SAVEPOINT handover")
        self._write_as_sent(self.message)
        if not self.carrier.leaves:
            return "kept"
        try:
            self.proof = self.carrier.hand_over(self.message, self.facts)
        except Never as failure:
            run("ROLLBACK TO SAVEPOINT handover")
            return self._give_up(failure)
        except NotNow as failure:
            run("ROLLBACK TO SAVEPOINT handover")
            return self._postpone(failure)
        return "sent"

    def _worded(self) -> Worded:
        """The message. If several cannot be worded as one, the first goes alone and the others after it."""
        found = [notice_facts(notice.id) for notice in self.group]
        self.facts = [facts for facts in found if facts is not None]
        try:
            return self.carrier.word(self.facts)
        except Never:
            if len(self.group) == 1:
                raise
        del self.group[1:], self.facts[1:]
        return self.carrier.word(self.facts)

    def _write_as_sent(self, message: Worded) -> None:
        """Writes all there is to write, as if the message had left: a failure to hand it over takes it back."""
        has_left = self.carrier.leaves
        outbox_write.mark_carried(self.ids, self.now, message.subject, message.text, message.html, has_left=has_left)
        state = "sent" if has_left else "kept"
        channel, texts = self.carrier.channel, message.texts
        deliveries.record(self.ids, channel, self.address, state, self.now, message.message_id, texts=texts)
        for notice in self.group:
            outbox_write.mark_words(notice.id, message.language, message.versions.get(notice.id, 0))
            option_arrived_after_all(notice.order_ref, notice.event, self.now)
            if channel == "email" and self.wishes.sms and notice.phone and notice.id in message.beside:
                deliveries.queue_text(notice.id, notice.phone, texts[notice.id], self.now)

    def _postpone(self, failure: NotNow) -> Outcome:
        attempts = max(notice.attempts for notice in self.group)
        if attempts >= len(RETRY_MINUTES):
            return self._give_up(failure)
        again_at = self.now + timedelta(minutes=RETRY_MINUTES[attempts])
        if any(notice.event in OPTIONS for notice in self.group):
            # It may be the last day on which it counts, so it is tried before that ends.
            last_at = last_moment(self.now, self.group[0].zone(self.settings))
            again_at = last_at if self.now < last_at < again_at else again_at
        outbox_write.mark_postponed(self.ids, again_at, str(failure))
        return "postponed"

    def _give_up(self, failure: Exception) -> Outcome:
        outbox_write.mark_failed(self.ids, str(failure))
        message_id = self.message.message_id if self.message else ""
        channel = self.carrier.channel
        deliveries.record(self.ids, channel, self.address, "failed", self.now, message_id, str(failure))
        for notice in self.group:
            text = self.message.texts.get(notice.id, "") if self.message and channel == "email" else ""
            try_otherwise(notice.id, notice.event, notice.phone, text, self.wishes, self.now)
            option_did_not_arrive(notice.order_ref, notice.event, self.now)
        return "failed"


def _is_settled(notice: int) -> bool:
    """Whether nothing of what an option asks about is owed; one on a day that has passed is about parcels too."""
    facts = notice_facts(notice)
    if facts is None or not facts.said or any(line.stage in ("", "passed") for line in facts.said):
        return False
    open_skus = {line.sku for line in facts.order if line.open_units > line.stopping_units}
    return not any(line.sku in open_skus for line in facts.said)


def try_otherwise(notice: int, event: str, phone: str, text: str, wishes: Preferences, now: datetime) -> None:
    """A notice that mail did not bring: by text where that can be, else a person is asked.

    Who never said a word about texts gets them for what has to be said alone. A text is no option notice: it has no
    room for what the law wants said, so a person is asked as well (semantics 57).
    """
    may_be_texted = wishes.sms or (wishes.sms is None and event in ALWAYS_TOLD)
    # A text that went beside the mail may have been given up before the mail came back.
    text_state = deliveries.queue_text(notice, phone, text, now) if phone and text and may_be_texted else ""
    if text_state not in ("queued", "sent") or event in OPTIONS:
        outbox_write.ask_a_person(notice, now)
    elif text_state == "sent":
        outbox_write.mark_arrived(notice, now)


def quiet_hours(settings: Settings, wishes: Preferences) -> tuple[time | None, time | None]:
    """The customer's quiet hours, else the company's."""
    if wishes.quiet_from is not None:
        return wishes.quiet_from, wishes.quiet_until
    if not settings.quiet_from:
        return None, None
    return time.fromisoformat(settings.quiet_from), time.fromisoformat(settings.quiet_until)

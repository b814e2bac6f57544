"""Take a report that a message came back, or was called spam. A bounced notice is not a notice (semantics 57).

Hard: the address is marked bad, another channel is tried, then a person. Soft: it goes again. Complaint: from now on
the customer gets only what has to be said. What belongs to no message of ours is counted and changes nothing.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from django.db import transaction

from raincheck.actions.carry_notice import RETRY_MINUTES, try_otherwise
from raincheck.actions.law_notices import option_did_not_arrive
from raincheck.core.errors import Malformed
from raincheck.store import bounces, interest_messages, live
from raincheck.store import interest as interests
from raincheck.store.bounces import Returned
from raincheck.store.interest_messages import ReturnedMail
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.preferences import read_preferences, write_preferences

LONGEST: Final = 500


class BounceKind(StrEnum):
    """What a report says."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class BounceReport:
    """A report. `message_id` as the message had it, angle brackets or not; `address` counts where there is no id.

    `content` stands for the report itself, where it came as one: the same one twice has one effect.
    """

    kind: BounceKind
    message_id: str = ""
    address: str = ""
    reason: str = ""
    content: str = ""


Result = Literal["taken", "known", "unknown"]
"""It had an effect; the same was told before; it belongs to no message of ours."""


def take_bounce(report: BounceReport, source: str, at: datetime | None = None) -> Result:
    """Takes a report from a source (a file's name, a key's). Raises Malformed where it names nothing."""
    message_id = _bracketed(report.message_id)
    if not message_id and not report.address.strip():
        raise Malformed("a bounce names the message by its id, or the address")
    reason = " ".join(report.reason.split())[:LONGEST] or f"{report.kind} bounce, no reason given"
    with transaction.atomic():
        now = at or database_now()
        found = _at_its_address(bounces.returned(message_id, report.address.strip(), now), report.address.strip())
        about_a_product = None if found else interest_messages.returned(message_id)
        sent: list[Returned | ReturnedMail] = [*found, *filter(None, [about_a_product])]
        digest = report.content or _digest(report, max((one.attempts for one in sent), default=0))
        address = sent[0].address if sent else report.address.strip()
        is_new = bounces.keep(digest, now, source, report.kind.value, message_id, address, reason, is_known=bool(sent))
        if not sent:
            return "unknown"
        if not is_new:
            return "known"
        live.changed("mailbox", "desk")
        if about_a_product:
            _about_a_product(about_a_product, report.kind, reason, now)
        else:
            _ACTS[report.kind](found, reason, now)
    return "taken"


def _at_its_address(found: list[Returned], address: str) -> list[Returned]:
    """Of a message that was sent again to another address, what went to the one reported; all of it where none is.

    A forwarded message is reported under an address that we never wrote to.
    """
    there = [one for one in found if one.address.lower() == address.lower()]
    return there or found


def _about_a_product(mail: ReturnedMail, kind: BounceKind, reason: str, now: datetime) -> None:
    """A mail to somebody who waited for a product: an address that is bad, or wants no more, waits no longer."""
    if kind is BounceKind.SOFT:
        if mail.state == "sent" and mail.is_wanted and mail.attempts <= len(RETRY_MINUTES):
            again_at = now + timedelta(minutes=RETRY_MINUTES[mail.attempts - 1])
            interest_messages.queue_once_more(mail.id, again_at, reason)
        elif mail.state == "sent":
            interest_messages.came_back(mail.id, reason)
        return
    interest_messages.came_back(mail.id, reason)
    if kind is BounceKind.HARD:
        bounces.mark_bad(mail.address, reason, now)
    interests.end_all(mail.address, now)


def _hard(found: list[Returned], reason: str, now: datetime) -> None:
    bounces.mark_bad(found[0].address, reason, now)
    _give_up([one for one in found if one.state == "sent"], reason, now)


def _soft(found: list[Returned], reason: str, now: datetime) -> None:
    sent = [one for one in found if one.state == "sent"]
    if not sent:
        return
    attempts = max(one.attempts for one in sent)
    if attempts > len(RETRY_MINUTES):
        _give_up(sent, reason, now)
        return
    try_again_at = now + timedelta(minutes=RETRY_MINUTES[attempts - 1])
    bounces.queue_once_more([one.delivery for one in sent], [one.notice for one in sent], try_again_at, reason)


def _complaint(found: list[Returned], _reason: str, now: datetime) -> None:
    customer = found[0].customer
    if customer is None:
        return
    wishes = read_preferences(customer)
    if wishes.email:
        stopped = replace(wishes, email=False, stopped_why=f"called spam on {now.date().isoformat()}")
        write_preferences(customer, stopped, now, "")
        _ = Outbox(now, "spam_complaint", f"order:{found[0].order_ref}", detail={"address": found[0].address}).fact


def _give_up(sent: list[Returned], reason: str, now: datetime) -> None:
    bounces.mark_bounced([one.delivery for one in sent], [one.notice for one in sent], reason)
    for one in sent:
        try_otherwise(one.notice, one.event, one.phone, one.text, read_preferences(one.customer), now)
        option_did_not_arrive(one.order_ref, one.event, now)


_ACTS: Final = {BounceKind.HARD: _hard, BounceKind.SOFT: _soft, BounceKind.COMPLAINT: _complaint}


def _bracketed(message_id: str) -> str:
    """A Message-ID as it stands in a message."""
    plain = message_id.strip().strip("<>").strip()
    return f"<{plain}>" if plain else ""


def _digest(report: BounceReport, attempts: int) -> str:
    """The same report about the same attempt is the same."""
    parts = (report.kind.value, _bracketed(report.message_id), report.address.strip().lower(), str(attempts))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()

"""The outbox, carried out: each queued notice is put into words and handed to a gateway.

The worker does so all day; a drill does so after each fact with `Mailbox`, which sends nothing.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from raincheck.actions.carry_notice import Carried, Never, NotNow, Outcome, carry_next
from raincheck.gateways.mail import Mail, MailDeferred, MailGateway, MailRefused
from raincheck.notices.layout import Rendered, page_of
from raincheck.notices.render import render
from raincheck.store.outbox_read import NoticeFacts

log = logging.getLogger(__name__)


def drain(
    gateway: MailGateway, at: datetime | None = None, is_stopping: Callable[[], bool] = lambda: False
) -> Counter[Outcome]:
    """Carries out all that is queued and may leave at an instant (None: now); how it went with how many.

    One message a transaction. Raises gateways.mail.MailServerAway when no message can leave; none is lost by that.
    """
    carried: Counter[Outcome] = Counter()
    try:
        while not is_stopping() and (outcome := carry_next(lambda facts: _carry(gateway, facts), at)) is not None:
            carried[outcome] += 1
    finally:
        gateway.close()
    return carried


def mail_key(facts: NoticeFacts) -> str:
    """What stands for a notice in its Message-ID: the same however often it is sent."""
    return f"notice-{facts.id}.{_digest(facts.id, facts.event, facts.at.isoformat(), facts.order_ref)}"


def _carry(gateway: MailGateway, facts: NoticeFacts) -> Carried:
    message = _worded(facts)
    mail = Mail(
        key=mail_key(facts),
        thread=f"order.{_digest(facts.order_ref, facts.ordered_on.isoformat())}",
        address=facts.address,
        subject=message.subject,
        text=message.text,
        html=page_of(message.subject, message.html),
    )
    try:
        has_left = gateway.send(mail)
    except MailRefused as failure:
        raise Never(str(failure)) from failure
    except MailDeferred as failure:
        raise NotNow(str(failure)) from failure
    return Carried(
        message.subject, message.text, message.html, has_left, message.language, message.version_of(facts.event)
    )


def _worded(facts: NoticeFacts) -> Rendered:
    """The message. One that cannot be worded is a fault of ours: it is given to a person and holds up no other."""
    try:
        return render(facts)
    except Exception as error:
        log.exception("notice %s (%s) cannot be put into words", facts.id, facts.event)
        raise Never("it could not be put into words; the log has the details") from error


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:20]

"""Messages by mail and by text: the same facts, worded for each channel and handed to its gateway."""

import hashlib
import logging
from collections.abc import Sequence
from typing import Final

from raincheck.actions.carry_notice import Never, NotNow, Worded
from raincheck.core.quiet import ALWAYS_TOLD
from raincheck.gateways.mail import Mail, MailDeferred, MailGateway, MailRefused, message_id
from raincheck.gateways.sms import TextDeferred, TextGateway, TextRefused
from raincheck.notices.digest import render_digest
from raincheck.notices.layout import Rendered, page_of
from raincheck.notices.render import render
from raincheck.store.outbox_read import NoticeFacts

TEXT_LENGTH: Final = 480

log = logging.getLogger(__name__)


class MailCarrier:
    """Messages by mail; several notices of an order as one."""

    channel = "email"

    def __init__(self, gateway: MailGateway) -> None:
        self._gateway = gateway

    @property
    def leaves(self) -> bool:
        """Whether a mail server is configured."""
        return self._gateway.leaves

    def word(self, facts: Sequence[NoticeFacts]) -> Worded:
        """The message. Raises Never for what cannot be put into words."""
        each = [_worded(one) for one in facts]
        whole = each[0] if len(each) == 1 else render_digest(facts)
        return Worded(
            message_id(mail_key(facts)),
            whole.subject,
            whole.text,
            whole.html,
            whole.language,
            {one.id: worded.version_of(one.event) for one, worded in zip(facts, each, strict=True)},
            {one.id: _text_of(one, worded) for one, worded in zip(facts, each, strict=True)},
            frozenset(one.id for one, worded in zip(facts, each, strict=True) if worded.sms),
        )

    def hand_over(self, message: Worded, facts: Sequence[NoticeFacts]) -> str:
        """Sends it; the mail server's answer. Raises MailServerAway where no message can leave."""
        order_ref, ordered_on = facts[0].order_ref, facts[0].ordered_on
        mail = Mail(
            key=mail_key(facts),
            thread=f"order.{_digest(order_ref, ordered_on.isoformat())}",
            address=facts[0].address,
            subject=message.subject,
            text=message.text,
            html=page_of(message.subject, message.html),
        )
        try:
            return self._gateway.send(mail)
        except MailRefused as failure:
            raise Never(str(failure)) from failure
        except MailDeferred as failure:
            raise NotNow(str(failure)) from failure


class TextCarrier:
    """Messages as short texts: for customers who have no other address, and beside mail."""

    channel = "sms"

    def __init__(self, gateway: TextGateway) -> None:
        self._gateway = gateway

    @property
    def leaves(self) -> bool:
        """Whether a service for texts is configured."""
        return self._gateway.leaves

    def word(self, facts: Sequence[NoticeFacts]) -> Worded:
        """The text; of several notices, one after the other."""
        each = [(one, _worded(one)) for one in facts]
        text = "\n".join(_text_of(one, worded) or worded.subject for one, worded in each)
        versions = {one.id: worded.version_of(one.event) for one, worded in each}
        return Worded(mail_key(facts), "", text, "", each[0][1].language, versions)

    def hand_over(self, message: Worded, facts: Sequence[NoticeFacts]) -> str:
        """Sends it; what the service said."""
        return self.hand_over_text(message.message_id, facts[0].address, message.text)

    def hand_over_text(self, _key: str, phone: str, text: str) -> str:
        """Sends a text; what the service said."""
        try:
            return self._gateway.send(phone, text)
        except TextRefused as failure:
            raise Never(str(failure)) from failure
        except TextDeferred as failure:
            raise NotNow(str(failure)) from failure


def mail_key(facts: Sequence[NoticeFacts]) -> str:
    """What stands for a message in its Message-ID: the same however often it is sent."""
    return f"notice-{facts[0].id}.{_digest(*((one.id, one.event, one.at.isoformat(), one.order_ref) for one in facts))}"


def _worded(facts: NoticeFacts) -> Rendered:
    """The message. One that cannot be worded is a fault of ours: it is given to a person and holds up no other."""
    try:
        return render(facts)
    except Exception as error:
        log.exception("notice %s (%s) cannot be put into words", facts.id, facts.event)
        raise Never("it could not be put into words; the log has the details") from error


def _text_of(facts: NoticeFacts, worded: Rendered) -> str:
    """The short text of a notice; of what has to be said, its subject where it has no short words of its own."""
    if not worded.sms and facts.event not in ALWAYS_TOLD:
        return ""
    text = worded.sms or " ".join(part for part in (f"{facts.company_name}: {worded.subject}", facts.page_url) if part)
    return text[:TEXT_LENGTH]


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:20]

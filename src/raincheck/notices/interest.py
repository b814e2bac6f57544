"""Mails to those who wait for a product: that it is back, or whether they want to hear it."""

import logging
from typing import Final
from zoneinfo import ZoneInfo

from raincheck.actions.carry_interest import Handed, InterestMail, Never, NotNow
from raincheck.gateways.mail import Mail, MailDeferred, MailGateway, MailRefused, message_id
from raincheck.gateways.shop_links import link
from raincheck.notices.layout import page_of
from raincheck.notices.product_message import render_product_message
from raincheck.store.interest_messages import CONFIRM, QueuedMail
from raincheck.store.locks import database_now
from raincheck.store.message_templates import words_in_force
from raincheck.store.order_links import public_url
from raincheck.store.outbox_read import SHARED_WORDS, sender_of
from raincheck.store.reads.company import company_face, company_settings
from raincheck.store.reads.shop import shop_settings

PATH: Final = "/shop/interest/"
KEY_LENGTH: Final = 20
"""So much of an interest's secret stands in a Message-ID: nobody guesses it, and it opens nothing."""

log = logging.getLogger(__name__)


def word(found: QueuedMail) -> InterestMail:
    """The mail in the language that was asked for. Each has the link by which one hears no more of it.

    Raises Never for one that cannot be worded: a fault of ours, which must hold up no other.
    """
    try:
        return _worded(found)
    except Exception as error:
        log.exception("mail %s (%s of %s) cannot be put into words", found.id, found.event, found.sku)
        raise Never("it could not be put into words; the log has the details") from error


def _worded(found: QueuedMail) -> InterestMail:
    company, settings = company_face(), company_settings()
    page = f"{public_url()}{PATH}{found.token}"
    message = render_product_message(
        found.event,
        found.name,
        company.name,
        database_now().astimezone(ZoneInfo(settings.timezone)).date(),
        language=found.language,
        link=page if found.event == CONFIRM else link(shop_settings().product_url, found.sku),
        stop_link=page,
        units=found.units,
        sender=sender_of(settings),
        words=words_in_force((found.event, *SHARED_WORDS), found.language),
    )
    key = f"interest-{found.token[:KEY_LENGTH]}.{found.event}"
    version = message.version_of(found.event)
    return InterestMail(key, message_id(key), found.email, message.subject, message.text, message.html, version)


class InterestCarrier:
    """Hands mails to a mail server, or keeps them where none is configured."""

    def __init__(self, gateway: MailGateway) -> None:
        self._gateway = gateway

    def send(self, mail: InterestMail) -> Handed:
        """Whether it left. Raises NotNow, Never, or gateways.mail.MailServerAway where nothing can leave."""
        thread = mail.key.rpartition(".")[0]
        try:
            proof = self._gateway.send(
                Mail(mail.key, thread, mail.address, mail.subject, mail.text, page_of(mail.subject, mail.html))
            )
        except MailRefused as failure:
            raise Never(str(failure)) from failure
        except MailDeferred as failure:
            raise NotNow(str(failure)) from failure
        return Handed(self._gateway.leaves, proof)

    def close(self) -> None:
        """Ends the connection."""
        self._gateway.close()

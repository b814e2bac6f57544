"""Mails to those who wait for a product: that it is back, or whether they want to hear it."""

from typing import Final

from raincheck.actions.carry_interest import InterestMail, Never, NotNow
from raincheck.gateways.mail import Mail, MailDeferred, MailGateway, MailRefused
from raincheck.gateways.shop_links import link
from raincheck.notices.layout import laid_out, page_of, subject_of
from raincheck.notices.letter import Frame
from raincheck.notices.voice import one_line
from raincheck.store.interest import CONFIRM, Interest
from raincheck.store.order_links import public_url
from raincheck.store.reads.company import company_face, company_settings
from raincheck.store.reads.shop import shop_settings
from raincheck.words.interest import words_in

PATH: Final = "/shop/interest/"


def word(found: Interest) -> InterestMail:
    """The mail in the language that was asked for. Each has the link by which one hears no more of it."""
    words, company = words_in(found.language), company_face().name
    about = {"name": one_line(found.name), "shop": company}
    page = f"{public_url()}{PATH}{found.token}"
    is_question = found.message_event == CONFIRM
    shop_page = link(shop_settings().product_url, found.sku)
    frame = Frame(
        language=found.language,
        company=company,
        greeting=words.greeting,
        reason=words.reason.format(**about),
        page_link=words.confirm_link if is_question else words.back_link,
        page_url=page if is_question else shop_page,
        preferences=words.end_link,
        preferences_url=page,
        brand_colour=company_settings().brand_colour,
    )
    subject = subject_of((words.confirm_subject if is_question else words.back_subject).format(**about))
    lead = [words.confirm_lead] if is_question else [words.back_lead, words.back_first_come]
    text, html = laid_out(subject, [paragraph.format(**about) for paragraph in lead], (), frame)
    return InterestMail(f"interest.{found.id}.{found.message_event}", found.email, subject, text, html)


class InterestCarrier:
    """Hands mails to a mail server, or keeps them where none is configured."""

    def __init__(self, gateway: MailGateway) -> None:
        self._gateway = gateway

    def send(self, mail: InterestMail) -> bool:
        """Whether it left. Raises NotNow, Never, or gateways.mail.MailServerAway where nothing can leave."""
        thread = mail.key.rpartition(".")[0]
        try:
            self._gateway.send(
                Mail(mail.key, thread, mail.address, mail.subject, mail.text, page_of(mail.subject, mail.html))
            )
        except MailRefused as failure:
            raise Never(str(failure)) from failure
        except MailDeferred as failure:
            raise NotNow(str(failure)) from failure
        return self._gateway.leaves

    def close(self) -> None:
        """Ends the connection."""
        self._gateway.close()

"""Messages about a product to an address that may belong to no customer: "tell me when it is back"."""

from datetime import UTC, date, datetime

from raincheck.notices.layout import Rendered
from raincheck.notices.render import render
from raincheck.notices.wording import WITHOUT_ORDER
from raincheck.store.message_templates import OwnWords
from raincheck.store.outbox_read import NoticeFacts, SaidLine, Sender


def render_product_message(
    event: str,
    product: str,
    company: str,
    today: date,
    *,
    language: str,
    link: str = "",
    stop_link: str = "",
    units: int = 1,
    country: str = "",
    sender: Sender | None = None,
    words: tuple[OwnWords, ...] = (),
) -> Rendered:
    """The message of `confirm_interest` or `back_in_stock`, with the link that it asks to follow and one to end it.

    `words` are the company's own (store.message_templates.words_in_force). Raises KeyError for another event.
    """
    if event not in WITHOUT_ORDER:
        raise KeyError(event)
    facts = NoticeFacts(
        id=0,
        at=datetime(today.year, today.month, today.day, tzinfo=UTC),
        today=today,
        event=event,
        address="",
        attempts=0,
        order_ref="",
        ordered_on=today,
        charge="shipment",
        customer_name="",
        customer_country=country,
        company_name=company,
        currency="",
        said=(SaidLine(name=product, units=units),),
        parcels=1,
        arrives_on=None,
        by_customer=False,
        by_law=False,
        order=(),
        language=language,
        page_url=link,
        preferences_url=stop_link,
        sender=sender or Sender(),
        words=words,
    )
    return render(facts)

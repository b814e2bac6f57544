"""The outbox, carried out: queued notices are put into words and handed to a gateway.

The worker does so all day; a drill does so after each fact with `Mailbox`, which sends nothing.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from raincheck.actions.carry_notice import Outcome, carry_next
from raincheck.actions.carry_text import carry_next_text
from raincheck.gateways.mail import MailGateway
from raincheck.gateways.sms import TextGateway, TextsKept
from raincheck.notices.carriers import MailCarrier, TextCarrier


def drain(
    gateway: MailGateway, at: datetime | None = None, is_stopping: Callable[[], bool] = lambda: False
) -> Counter[Outcome]:
    """Carries out all mail that is queued and may leave at an instant (None: now); how it went with how many notices.

    One message a transaction. Raises gateways.mail.MailServerAway when no message can leave; none is lost by that.
    """
    carried: Counter[Outcome] = Counter()
    carrier = MailCarrier(gateway)
    try:
        while not is_stopping() and (outcome := carry_next(carrier, at)) is not None:
            carried += outcome
    finally:
        gateway.close()
    return carried


def drain_texts(
    gateway: TextGateway, at: datetime | None = None, is_stopping: Callable[[], bool] = lambda: False
) -> Counter[Outcome]:
    """The same for short texts: those beside a mail, and the messages of customers who have no other address."""
    carried: Counter[Outcome] = Counter()
    carrier = TextCarrier(gateway)
    while not is_stopping() and (outcome := carry_next(carrier, at)) is not None:
        carried += outcome
    while not is_stopping() and (went := carry_next_text(carrier, at)) is not None:
        carried[went] += 1
    return carried


def keep_texts(at: datetime) -> None:
    """Keeps the texts of a rehearsal: they are on record, and reach nobody."""
    drain_texts(TextsKept(), at)

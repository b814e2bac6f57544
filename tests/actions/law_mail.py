"""Mail servers for tests of the law, and what the last option said."""

from tests.actions.law_shop import at

from raincheck.gateways.mail import Mail, Mailbox, MailRefused
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows


class Taking(Mailbox):
    """A mail server that takes everything."""

    leaves = True


class Bouncing:
    """A mail server that takes nothing."""

    leaves = True

    def send(self, mail: Mail) -> str:
        raise MailRefused(f"550 {mail.address} does not exist")

    def close(self) -> None:
        """Nothing to close."""


def option_body() -> str:
    """The text of the last option."""
    drain(Mailbox(), at(500))
    return str(
        one(
            "SELECT body FROM notice WHERE event IN ('option_notice', 'renewed_option_notice') ORDER BY id DESC LIMIT 1"
        )[0]
    )


def said_of(event: str) -> list[str]:
    """What messages of an event say, once they are worded."""
    drain(Mailbox(), at(100))
    return [body for (body,) in rows("SELECT body FROM notice WHERE event = %s ORDER BY id", [event])]

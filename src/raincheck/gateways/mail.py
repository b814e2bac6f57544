"""E-mail: to a mail server when one is configured, else nowhere: the message stays in the mailbox of the console."""

import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, Final, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import BadHeaderError, sanitize_address

# RFC 5321: 4yz try again later, 5yz never. 421: the server is going away.
PERMANENT: Final = range(500, 600)
GOING_AWAY: Final = 421


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to one address. `key` stands for it for ever: a repeat after a crash has the same Message-ID.

    `thread` is what the messages about one order have in common, so that mail programs show them together.
    """

    key: str
    thread: str
    address: str
    subject: str
    text: str
    html: str


class MailRefused(Exception):
    """This message will never be taken: the address does not exist, or is none."""


class MailDeferred(Exception):
    """This message was not taken now; it may be later."""


class MailServerAway(Exception):
    """No message can leave: the server is away, or does not take our sender or our password."""


class MailGateway(Protocol):
    """Carries messages out."""

    leaves: bool
    """Whether messages leave; else they only stay in the mailbox."""

    def send(self, mail: Mail) -> str:
        """Sends a message; what the server said to it. Raises MailRefused, MailDeferred or MailServerAway."""

    def close(self) -> None:
        """Ends the connection, if there is one; the next message opens another."""


class Mailbox:
    """Sends nothing: what a drill uses, and whoever has configured no mail server."""

    leaves = False

    def send(self, mail: Mail) -> str:  # noqa: ARG002 - nothing leaves
        """Nothing: the notice itself holds the message."""
        return ""

    def close(self) -> None:
        """Nothing is open."""


class _Listening(smtplib.SMTP):
    """Keeps what the server says to a message: the library reads it and lets it go."""

    last_reply = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hands the message over."""
        code, reply = super().data(msg)
        self.last_reply = f"{code} {_text(reply)}"
        return code, reply


class _ListeningOverTls(_Listening, smtplib.SMTP_SSL):
    """The same where TLS is spoken from the start."""


class _Backend(EmailBackend):
    """Django's connection to a mail server, with ears."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What speaks with the server."""
        return _ListeningOverTls if self.use_ssl else _Listening


class Smtp:
    """Sends through the mail server of the settings. Not for several threads at once."""

    leaves = True

    def __init__(self) -> None:
        self._backend = _Backend(fail_silently=False)

    def send(self, mail: Mail) -> str:
        """The server's own words once it has taken the message: often the number under which it keeps it."""
        try:
            sanitize_address(mail.address, "utf-8")
            message = _message(mail)
            message.message()
        except (BadHeaderError, ValueError, IndexError, UnicodeError) as error:
            raise MailRefused(f"this is no address that mail can go to: {error}") from error
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise MailServerAway(_reply(error)) from error
        try:
            self._backend.send_messages([message])
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise _verdict(error) from error
        return str(getattr(self._backend.connection, "last_reply", ""))

    def close(self) -> None:
        """Says goodbye; a server that has gone already is let go."""
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None


def mail_gateway() -> MailGateway:
    """The gateway that the settings ask for."""
    return Smtp() if settings.EMAIL_HOST else Mailbox()


def message_id(key: str) -> str:
    """The Message-ID of a key, under the sender's domain."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{key}@{domain}>"


def _message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.address],
        headers={
            "Message-ID": message_id(mail.key),
            "References": message_id(mail.thread),
            "Auto-Submitted": "auto-generated",  # RFC 3834: out-of-office replies stay away.
        },
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _verdict(error: Exception) -> MailRefused | MailDeferred | MailServerAway:
    """What a failure between an open connection and the server's yes means for this message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return _by_code(code, reply)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return MailServerAway(_reply(error))
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code, error.smtp_error)
    # The line broke within this message: whether it was taken is not known, and it goes again under the same key.
    return MailDeferred(_reply(error))


def _by_code(code: int, reply: bytes | str) -> MailRefused | MailDeferred | MailServerAway:
    text = f"{code} {_text(reply)}"
    if code == GOING_AWAY:
        return MailServerAway(text)
    return MailRefused(text) if code in PERMANENT else MailDeferred(text)


def _reply(error: Exception) -> str:
    """A failure on one line: the server's own words where it spoke."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(str(error).split()) or type(error).__name__


def _text(reply: bytes | str) -> str:
    return " ".join((reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply).split())

"""RAINCHECK_SMTP_URL as the parts of a connection. The password is never part of an error or a representation."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Tls = Literal["starttls", "from_the_start", "off"]
PORTS: Final = {"smtp": 587, "smtps": 465}
EXAMPLE: Final = "it looks like smtp://user:password@mail.example.com:587"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes, as whom, and how it is protected on the way."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)


def parse_smtp_url(url: str | None) -> SmtpServer | None:
    """The mail server; None without an address. Raises ImproperlyConfigured, naming what is wrong but no secret."""
    if not url or not url.strip():
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"RAINCHECK_SMTP_URL cannot be read; {EXAMPLE}") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(f"RAINCHECK_SMTP_URL must begin with smtp:// or smtps:// and name a host; {EXAMPLE}")
    options = parse_qs(parts.query, keep_blank_values=True)
    if options.keys() - {"tls"} or options.get("tls", ["off"]) != ["off"]:
        raise ImproperlyConfigured("RAINCHECK_SMTP_URL knows no option but ?tls=off")
    return SmtpServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls=_tls(parts.scheme, parts.hostname, is_off="tls" in options),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def sender(given: str | None, server: SmtpServer | None) -> str:
    """The sender of messages. Raises ImproperlyConfigured where mail would go out under nobody's name."""
    if server is not None and not (given and "@" in given):
        raise ImproperlyConfigured(
            "RAINCHECK_SMTP_URL is set, so RAINCHECK_MAIL_FROM has to name a sender: Field & Hearth <hello@example.com>"
        )
    return given or "raincheck@localhost"


def _tls(scheme: str, host: str, *, is_off: bool) -> Tls:
    if scheme == "smtps":
        return "from_the_start"
    return "off" if is_off or _is_this_machine(host) else "starttls"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

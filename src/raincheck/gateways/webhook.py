"""One signed POST to an address of somebody else's: no redirects, bounded in time and size, never into our own network.

The name is looked up here, every address that it has is checked, and the connection goes to the address that was
checked, so that a name cannot mean one thing when it is checked and another when it is called. Plain HTTP and private
addresses are for networks that the deployment names (RAINCHECK_WEBHOOK_NETWORKS).
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

CONNECT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 15.0
MOST_BYTES: Final = 16_384
KEPT_SIGNS: Final = 500
ONLY_HTTPS: Final = "the address has to begin with https://: nothing else leaves this network"
LONGEST_URL: Final = 2000
_NAT64: Final = IPv6Network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


class Forbidden(Exception):
    """This address is never called: it is malformed, or lies where webhooks may not go."""


class NotReached(Exception):
    """There was no answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the receiver answered: the status, and the beginning of what it said."""

    status: int
    text: str

    @property
    def is_yes(self) -> bool:
        """Only 2xx is a yes; a redirect is none."""
        return 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Posts a body. Raises Forbidden or NotReached."""
    parts = checked_url(url)
    connection = _connection(parts, _allowed_addresses(parts))
    watchdog = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("POST", _target(parts), body, dict(headers))
        answer = connection.getresponse()
        said = answer.read(MOST_BYTES)
        return Reply(answer.status, " ".join(said.decode("utf-8", "replace").split())[:KEPT_SIGNS])
    except (OSError, http.client.HTTPException) as error:
        raise NotReached(_plain(error)) from error
    finally:
        watchdog.cancel()
        connection.close()


def signed_headers(webhook_id: str, at: datetime, body: str, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of Standard Webhooks; with several secrets (while one is changed for another) a signature of each."""
    from standardwebhooks.webhooks import Webhook

    at = at.astimezone(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Raincheck-Webhooks/1",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(webhook_id, at, body) for secret in secrets),
    }


def checked_url(url: str) -> SplitResult:
    """An address that could be called, as far as that is seen without looking its name up. Raises Forbidden."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Forbidden("this is no address") from error
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Forbidden(ONLY_HTTPS)
    if parts.username or parts.password:
        raise Forbidden("the address must hold no name and password: deliveries are signed instead")
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Forbidden("the address must be plain ASCII without spaces, and not too long")
    try:
        _check(ip_address(parts.hostname), parts)
    except ValueError:
        if parts.scheme != "https" and not settings.WEBHOOK_NETWORKS:
            raise Forbidden(ONLY_HTTPS) from None
    return parts


def _allowed_addresses(parts: SplitResult) -> list[Address]:
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached(f"no such host: {parts.hostname}") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        _check(address, parts)
    return addresses


def _check(address: Address, parts: SplitResult) -> None:
    if any(address in network for network in settings.WEBHOOK_NETWORKS):
        return
    if not all(one.is_global and not one.is_multicast for one in _within(address)):
        raise Forbidden(f"{parts.hostname} is an address inside a network: RAINCHECK_WEBHOOK_NETWORKS may allow it")
    if parts.scheme != "https":
        raise Forbidden(ONLY_HTTPS)


def _within(address: Address) -> list[Address]:
    """An address and those that it stands for, packed into IPv6."""
    if isinstance(address, IPv4Address):
        return [address]
    packed = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        packed.append(IPv4Address(address.packed[-4:]))
    inner = [one for one in packed if one is not None]
    return inner if address.ipv4_mapped else [address, *inner]


class _Plain(http.client.HTTPConnection):
    """A connection to the addresses that were checked, and to no other."""

    def __init__(self, host: str, port: int, addresses: Sequence[Address]) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self._addresses = addresses

    def connect(self) -> None:
        """Connects to the first that takes it."""
        self._connect()
        self.sock.settimeout(WHOLE_SECONDS)

    def _connect(self) -> None:
        until = time.monotonic() + WHOLE_SECONDS
        for address in self._addresses:
            try:
                self.sock = socket.create_connection((str(address), self.port), CONNECT_SECONDS)
            except OSError:
                if address is self._addresses[-1] or time.monotonic() >= until:
                    raise
            else:
                return


class _Tls(_Plain):
    """The same with TLS, under the name that stands in the address."""

    def connect(self) -> None:
        """Connects, and checks whom with."""
        self._connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        self.sock.settimeout(WHOLE_SECONDS)


def _connection(parts: SplitResult, addresses: Sequence[Address]) -> http.client.HTTPConnection:
    kind = _Tls if parts.scheme == "https" else _Plain
    return kind(parts.hostname or "", _port(parts), addresses)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _cut(connection: http.client.HTTPConnection) -> None:
    """Ends a connection that takes too long, however slowly it goes on talking."""
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            sock.close()


def _plain(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return " ".join(str(error).split())[:KEPT_SIGNS] or type(error).__name__

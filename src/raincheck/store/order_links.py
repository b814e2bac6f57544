"""The link to an order's own page: signed, expiring, revocable, and without a word about whom it belongs to.

A token is `ORDER.GENERATION.DAY.SIGNATURE`: numbers in base 36, and an HMAC-SHA256 under the installation's secret key.
It ends `link_days` after the day on which it was made, so every message carries a fresh one, and at once when the
order's links are renewed (its generation moves on). Nothing is stored for a link; an order has one link a day.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings as deployment
from django.core.signing import BadSignature, Signer
from django.utils.http import base36_to_int, int_to_base36

from raincheck.core.errors import RaincheckError
from raincheck.store.company import read_settings
from raincheck.store.db import row, run

FIRST_DAY: Final = date(2020, 1, 1)
_LARGEST: Final = 10**12
_SECRET: Final = re.compile(r"(/my/(?=[^\s/?\"<>]*\.)|/shop/interest/)[^\s/?\"<>]+")
"""Of links to an order's page, and of those by which one hears of a product or no more."""


class UnknownLink(RaincheckError):
    """Not a link of ours: misspelt, made up, or of another installation."""


@dataclass(slots=True)
class EndedLink(RaincheckError):
    """A link that was good once. `expired` by time; otherwise a newer one has been sent instead."""

    order_ref: str
    expired: bool

    def __str__(self) -> str:
        return f"this link to order {self.order_ref!r} has {'expired' if self.expired else 'been replaced'}"


def public_url() -> str:
    """Where customers reach this installation, without a slash at its end: PUBLIC_URL, else the demo's address."""
    return str(deployment.PUBLIC_URL)


def page_path(order_ref: str, at: datetime) -> str:
    """The path of an order's page, good for `link_days` from the day of `at`. Raises LookupError for no such order."""
    found = row("SELECT id, link_generation FROM sales_order WHERE ref = %s", [order_ref])
    if found is None:
        raise LookupError(f"order {order_ref!r} does not exist")
    return path_of(int(found[0]), int(found[1]), at)


def path_of(order: int, generation: int, at: datetime) -> str:
    """`page_path` of an order whose row is at hand."""
    day = (at.astimezone(UTC).date() - FIRST_DAY).days
    return f"/my/{_signer().sign('.'.join(map(int_to_base36, (order, generation, max(day, 0)))))}"


def page_url(order_ref: str, at: datetime) -> str:
    """`page_path` as a whole address, for a message."""
    return public_url() + page_path(order_ref, at)


def order_of(token: str, at: datetime) -> str:
    """The reference of the order that a token opens at this instant.

    Raises UnknownLink where the signature (compared in constant time) is not ours or the order is gone, EndedLink for a
    link that has expired or been replaced.
    """
    order, generation, made_on = _read(token)
    found = row("SELECT ref, link_generation FROM sales_order WHERE id = %s", [order])
    if found is None:
        raise UnknownLink("this link opens nothing")
    ref, current = str(found[0]), int(found[1])
    if at.astimezone(UTC).date() > made_on + timedelta(days=read_settings().link_days):
        raise EndedLink(ref, expired=True)
    if generation != current:
        raise EndedLink(ref, expired=False)
    return ref


def renew_links(order: int) -> None:
    """Ends every link to an order that was made until now."""
    run("UPDATE sales_order SET link_generation = link_generation + 1 WHERE id = %s", [order])


def without_secrets(text: str) -> str:
    """A message without the secret part of its links: whoever reads along must not be let in, nor act in its place."""
    return _SECRET.sub(r"\1[link]", text)


def _read(token: str) -> tuple[int, int, date]:
    """Order, generation and day of a token that we signed."""
    try:
        order, generation, day = map(base36_to_int, _signer().unsign(token).split("."))
        made_on = FIRST_DAY + timedelta(days=day)
    except (BadSignature, ValueError, OverflowError) as error:
        raise UnknownLink("this link opens nothing") from error
    if order > _LARGEST:
        raise UnknownLink("this link opens nothing")
    return order, generation, made_on


def _signer() -> Signer:
    return Signer(salt="raincheck.order_links", sep=".")

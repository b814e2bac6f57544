"""Somebody wants to hear when a product is back: noted, confirmed, ended. Also the record of lost demand."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from raincheck.core.errors import Malformed, NotFound
from raincheck.core.settings import LANGUAGES
from raincheck.store import interest
from raincheck.store.catalogue import find_products
from raincheck.store.interest import Interest
from raincheck.store.locks import database_now
from raincheck.store.shop import read_shop

LONGEST_EMAIL: Final = 254
MOST_UNITS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Noted:
    """An interest, and whether it is new (False: this address waited already; its units are the new ones)."""

    interest: Interest
    is_new: bool


def note_interest(sku: str, email: str, units: int = 1, language: str = "en", at: datetime | None = None) -> Noted:
    """Notes that somebody wants to hear once `units` of a product are free. No personal data but the address is kept.

    Where the shop wants it confirmed, a mail asks first. Raises NotFound for the product, Malformed for an address,
    a language or a number of units that makes no sense.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Malformed(f"{email!r} is no e-mail address") from error
    if len(address) > LONGEST_EMAIL:
        raise Malformed(f"an e-mail address has at most {LONGEST_EMAIL} signs")
    if not 1 <= units <= MOST_UNITS:
        raise Malformed(f"units must lie between 1 and {MOST_UNITS}")
    if language not in LANGUAGES:
        raise Malformed(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    with transaction.atomic():
        product = find_products([sku])[sku]
        state = interest.UNCONFIRMED if read_shop().confirms_interest else interest.WAITING
        token = secrets.token_urlsafe(32)
        is_new = interest.note(product.id, address, units, language, token, state, at or database_now())
        noted = interest.of_address(product.id, address)
        if noted is None:
            raise LookupError(f"an interest in {sku!r} was noted and is not there")
        return Noted(noted, is_new)


def confirm_interest(token: str, at: datetime | None = None) -> Interest:
    """It was them: from now on they wait. Twice does no harm. Raises NotFound for a link that leads nowhere."""
    return _change(token, interest.UNCONFIRMED, interest.WAITING, at)


def end_interest(token: str, at: datetime | None = None) -> Interest:
    """They want to hear no more of it. Twice does no harm. Raises NotFound as `confirm_interest`."""
    return _change(token, "", interest.ENDED, at)


def _change(token: str, only_from: str, state: str, at: datetime | None) -> Interest:
    with transaction.atomic():
        found = interest.by_token(token, lock=True)
        if found is None:
            raise NotFound("this link leads nowhere", "link", "")
        if found.state != state and (not only_from or found.state == only_from):
            interest.set_state(found.id, state, at or database_now())
    after = interest.by_token(token)
    return after or found

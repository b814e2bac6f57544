"""Keep what a customer wants to be sent, on record with who changed it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from raincheck.core.errors import Malformed
from raincheck.core.settings import LANGUAGES
from raincheck.store.catalogue import find_customer
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.preferences import Preferences, read_preferences, write_preferences

CHOICES: Final = frozenset({"language", "email", "sms", "quiet_from", "quiet_until", "digest"})


def save_preferences(
    customer: str, wishes: Mapping[str, Any], at: datetime | None = None, actor: str = ""
) -> Preferences:
    """Changes those wishes that are named (`CHOICES`), leaves the others; what the customer wants now.

    Raises NotFound for a customer that does not exist, Malformed for a wish that cannot be.
    """
    if unknown := sorted(wishes.keys() - CHOICES):
        raise Malformed(f"{unknown[0]!r} is nothing to wish for: {', '.join(sorted(CHOICES))} are")
    with transaction.atomic():
        found = find_customer(customer)
        before = read_preferences(found.id)
        wanted = replace(before, **wishes)
        if wanted.email and not before.email:
            wanted = replace(wanted, stopped_why="")
        _check(wanted)
        if wanted != before:
            now = at or database_now()
            write_preferences(found.id, wanted, now, actor)
            changed = {name: value for name, value in asdict(wanted).items() if value != getattr(before, name)}
            _ = Outbox(now, "preferences_saved", f"customer:{customer}", actor, changed).fact
    return wanted


def _check(wanted: Preferences) -> None:
    if wanted.language not in ("", *LANGUAGES):
        raise Malformed(f"language must be one of {', '.join(LANGUAGES)}, not {wanted.language!r}")
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        raise Malformed("quiet hours need both ends, such as 22:00 and 07:00")
    if any(end is not None and end.tzinfo is not None for end in (wanted.quiet_from, wanted.quiet_until)):
        raise Malformed("quiet hours are where the customer is: name them without an offset, such as 22:00")
    if wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_until:
        raise Malformed("quiet hours must end at another time than they begin")

"""What a customer wants to be sent: language, channels, quiet hours, one digest an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from raincheck.store.db import row, run


@dataclass(frozen=True, slots=True)
class Preferences:
    """A customer's wishes as they are on record; the defaults are those of a customer who said nothing.

    `language` empty: the company's. `email` False: only what has to be said is mailed. `sms` and `digest` None: never
    said (no texts; as the company does). Quiet hours are local times of day, over midnight where `quiet_from` is the
    later one; None: the company's. `stopped_why` says why mail was stopped, where it was not by their own choice.
    """

    language: str = ""
    email: bool = True
    sms: bool | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest: bool | None = None
    stopped_why: str = ""


DEFAULTS: Final = Preferences()
_COLUMNS: Final = "language, email, sms, quiet_from, quiet_until, digest, stopped_why"


def read_preferences(customer: int | None) -> Preferences:
    """What a customer wants; the defaults for one who said nothing, or for nobody."""
    if customer is None:
        return DEFAULTS
    found = row(f"SELECT {_COLUMNS} FROM customer_preference WHERE customer_id = %s", [customer])  # noqa: S608 - ours
    return preferences_of(found) if found else DEFAULTS


def preferences_of(columns: Sequence[Any]) -> Preferences:
    """A row's columns, in the order of `Preferences`."""
    return Preferences(*columns)


def write_preferences(customer: int, wanted: Preferences, at: datetime, actor: str) -> None:
    """Stores what a customer wants. What may be wished for is checked by actions.save_preferences."""
    run(
        """INSERT INTO customer_preference (customer_id, language, email, sms, quiet_from, quiet_until, digest,
                                            stopped_why, changed_at, changed_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (customer_id) DO UPDATE SET language = excluded.language, email = excluded.email,
               sms = excluded.sms, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
               digest = excluded.digest, stopped_why = excluded.stopped_why, changed_at = excluded.changed_at,
               changed_by = excluded.changed_by""",
        [
            customer,
            wanted.language,
            wanted.email,
            wanted.sms,
            wanted.quiet_from,
            wanted.quiet_until,
            wanted.digest,
            wanted.stopped_why,
            at,
            actor[:150],
        ],
    )

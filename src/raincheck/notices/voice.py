"""How days, money and lists are written for one customer. The language is English; the forms follow the country."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency

from raincheck.store.outbox_read import NoticeFacts

# Where the month comes before the day.
MONTH_FIRST: Final = frozenset({"US", "CA", "PH", "FM", "MH", "PW", ""})
NAME_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Voice:
    """The forms of one customer. `today` is the day on which the message speaks."""

    country: str
    currency: str
    today: date

    @property
    def locale(self) -> str:
        """The nearest English."""
        return "en_US" if self.country in MONTH_FIRST else "en_GB"

    def day(self, day: date) -> str:
        """`Thursday 12 March` or `Thursday, March 12`, with the year where it is not this one."""
        pattern = "EEEE, MMMM d" if self.locale == "en_US" else "EEEE d MMMM"
        if day.year != self.today.year:
            pattern += ", y" if self.locale == "en_US" else " y"
        return format_date(day, pattern, locale=self.locale)

    def money(self, amount: Decimal, currency: str = "") -> str:
        """An amount with its currency and the decimals that this has: `$40.00`, `¥40`."""
        return format_currency(amount, currency or self.currency, locale=self.locale)


def voice_of(facts: NoticeFacts) -> Voice:
    """The forms for the customer of a notice."""
    return Voice(facts.customer_country, facts.currency, facts.today)


def one_line(text: str) -> str:
    """Text of others as a single line without control characters, so that it cannot pass for something else."""
    printable = (char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join("".join(printable).split())


def short(name: str) -> str:
    """A name that fits into a subject."""
    name = one_line(name)
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def plural(amount: int, one: str, many: str) -> str:
    """The form that fits the amount."""
    return one if amount == 1 else many

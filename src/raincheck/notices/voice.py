"""How days, money and lists are written for one customer: in their language, in the forms of their country."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from raincheck.notices.amounts import money_text
from raincheck.store.outbox_read import NoticeFacts

# Where English puts the month before the day.
MONTH_FIRST: Final = frozenset({"US", "CA", "PH", "FM", "MH", "PW", ""})
NAME_LENGTH: Final = 60
# A pattern's year with what ties it to the month: `, y`, ` 'de' y`.
_YEAR: Final = re.compile(r"[\s,]*('[^']*'\s*)?y+$")
_ENGLISH: Final = {"en_US": ("EEEE, MMMM d", "EEEE, MMMM d, y"), "en_GB": ("EEEE d MMMM", "EEEE d MMMM y")}


@dataclass(frozen=True, slots=True)
class Voice:
    """The forms of one customer. `today` is the day on which the message speaks."""

    country: str
    currency: str
    today: date
    language: str = "en"

    @property
    def locale(self) -> str:
        """The nearest locale that is known: the language in the customer's country, else the language alone.

        English is written the American way where the month comes first, and the British way everywhere else.
        """
        if self.language == "en":
            return "en_US" if self.country in MONTH_FIRST else "en_GB"
        return _locale(self.language, self.country)

    def day(self, day: date) -> str:
        """`Thursday 12 March` or `Thursday, March 12`, with the year where it is not this one."""
        this_year, another_year = _day_patterns(self.locale)
        return format_date(day, this_year if day.year == self.today.year else another_year, locale=self.locale)

    def short_day(self, day: date) -> str:
        """`12 Mar` or `Mar 12`, with the year where it is not this one: for a text message."""
        return format_skeleton("MMMd" if day.year == self.today.year else "yMMMd", day, locale=self.locale)

    def time(self, at: datetime, zone: ZoneInfo) -> str:
        """`14:05 GMT+01:00` or `2:05 PM GMT-05:00`: a time of day that cannot be taken for another."""
        pattern = "h:mm a OOOO" if self.locale == "en_US" else "HH:mm OOOO"
        return format_time(at, pattern, tzinfo=zone, locale=self.locale)

    def money(self, amount: Decimal, currency: str = "") -> str:
        """An amount with its currency and the decimals that this has: `$40.00`, `¥40`."""
        return money_text(amount, currency or self.currency, self.locale)

    def number(self, number: int) -> str:
        """`12,000` or `12.000`."""
        return format_decimal(number, locale=self.locale)

    def joined(self, parts: Sequence[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        return format_list(list(parts), locale=self.locale) if parts else ""

    def plural(self, amount: int, one: str, many: str) -> str:
        """The form that the language has for the amount."""
        return one if Locale.parse(self.locale).plural_form(amount) == "one" else many


def voice_of(facts: NoticeFacts) -> Voice:
    """The forms for the customer of a notice."""
    return Voice(facts.customer_country, facts.currency, facts.today, facts.language)


def one_line(text: str) -> str:
    """Text of others as a single line without control characters, so that it cannot pass for something else."""
    if text.isprintable():
        return " ".join(text.split())
    printable = (char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join("".join(printable).split())


def short(name: str, length: int = NAME_LENGTH) -> str:
    """A name that fits into a subject."""
    name = one_line(name)
    return name if len(name) <= length else f"{name[: length - 1].rstrip()}…"


@lru_cache(maxsize=256)
def _locale(language: str, country: str) -> str:
    try:
        return str(Locale.parse(f"{language}_{country}"))
    except (UnknownLocaleError, ValueError):
        return language


@lru_cache(maxsize=256)
def _day_patterns(locale: str) -> tuple[str, str]:
    """The pattern of a day of this year, and of another."""
    if locale in _ENGLISH:
        return _ENGLISH[locale]
    whole = str(Locale.parse(locale).date_formats["full"].pattern)
    return _YEAR.sub("", whole), whole

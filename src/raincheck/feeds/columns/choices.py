"""Values out of a closed list: set words, countries, currencies, time zones, weekdays."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from raincheck.feeds.columns.base import ColumnType
from raincheck.feeds.nearest import nearest_name
from raincheck.feeds.refusal import CellError
from raincheck.words.countries import country_codes, country_names
from raincheck.words.currencies import currency_names, nearest_currency

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Choice(ColumnType):
    """One of a few set words."""

    options: tuple[str, ...]

    @property
    def expects(self) -> str:
        return "one of " + ", ".join(self.options)

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        if text in self.options:
            return text
        folded = text.casefold()
        for option in self.options:
            if option.casefold() == folded:
                return option
        raise CellError(f"must be {self.expects}", nearest_name(text, self.options))


@dataclass(frozen=True)
class Country(ColumnType):
    """An ISO 3166-1 code of two letters; English names are taken too."""

    @property
    def expects(self) -> str:
        return "an ISO country code of two letters, such as GB, or the English name"

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        if text in country_names():
            return text
        if text.upper() in country_names():
            return text.upper()
        code = country_codes().get(text.casefold())
        if code is None:
            likely = nearest_name(text, country_codes().keys()) if len(text) > 3 else None
            raise CellError(
                "no country; write the ISO code of two letters",
                country_codes()[likely] if likely else None,
            )
        return code


@dataclass(frozen=True)
class Currency(ColumnType):
    """An ISO 4217 code of three letters."""

    @property
    def expects(self) -> str:
        return "an ISO currency code of three letters, such as GBP"

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        code = text.upper()
        if code not in currency_names():
            nearest = nearest_currency(code) or nearest_name(code, currency_names().keys())
            raise CellError("no currency; write the ISO code of three letters", nearest)
        return code


@dataclass(frozen=True)
class Timezone(ColumnType):
    """A zone of the IANA time zone database."""

    @property
    def expects(self) -> str:
        return "an IANA time zone, such as Europe/London"

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        if text not in timezone_names():
            raise CellError("no time zone; write it as Europe/London", nearest_name(text, timezone_names()))
        return text


@dataclass(frozen=True)
class Weekdays(ColumnType):
    """The days of the week on which a site works, in the week's order."""

    @property
    def expects(self) -> str:
        return "days of the week with a space between: " + " ".join(WEEKDAYS)

    def read(self, text: str, zone: ZoneInfo) -> tuple[str, ...]:  # noqa: ARG002
        days = text.casefold().replace(",", " ").split()
        for day in days:
            if day not in WEEKDAYS:
                raise CellError(f"{day} is no day of the week; write {' '.join(WEEKDAYS)}", nearest_name(day, WEEKDAYS))
        if not days:
            raise CellError(f"write days of the week: {' '.join(WEEKDAYS)}")
        return tuple(day for day in WEEKDAYS if day in days)

    def write(self, value: tuple[str, ...], zone: ZoneInfo) -> str:  # noqa: ARG002
        return " ".join(value)


@cache
def timezone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())

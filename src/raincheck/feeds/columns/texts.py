"""Names, codes, addresses: texts with a bound on their length and no control signs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from raincheck.feeds.columns.base import ColumnType
from raincheck.feeds.refusal import CellError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# A sheet program runs a cell that starts so as a formula; the export puts an apostrophe before it.
FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Text(ColumnType):
    """Free text on one line."""

    longest: int = 200

    @property
    def expects(self) -> str:
        return f"text of at most {self.longest} signs"

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        plain = text[1:] if text[0] == "'" and text[1:].startswith(FORMULA_SIGNS) else text
        if len(plain) > self.longest:
            raise CellError(f"longer than {self.longest} signs")
        if not plain.isprintable():
            # Composed signs and narrow spaces are fine; line breaks, tabs and control signs are not.
            odd = next((sign for sign in plain if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}), None)
            if odd is not None:
                raise CellError(f"holds a line break or control sign (U+{ord(odd):04X})")
        return plain

    def write(self, value: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value


@dataclass(frozen=True)
class Code(Text):
    """The name by which a thing is known in the books: upper and lower case differ."""

    longest: int = 100

    @property
    def expects(self) -> str:
        return f"a code of at most {self.longest} signs; upper and lower case differ"


@dataclass(frozen=True)
class Email(ColumnType):
    """One e-mail address."""

    @property
    def expects(self) -> str:
        return "an e-mail address"

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        try:
            validate_email(text)
        except ValidationError:
            raise CellError("not an e-mail address") from None
        return text


@dataclass(frozen=True)
class Gtin(ColumnType):
    """A GS1 article number with its check digit (GS1 General Specifications, 7.9)."""

    @property
    def expects(self) -> str:
        return "8, 12, 13 or 14 digits; the last is the check digit"

    def read(self, text: str, zone: ZoneInfo) -> str:  # noqa: ARG002
        if not (text.isascii() and text.isdigit()) or len(text) not in {8, 12, 13, 14}:
            raise CellError("a GTIN has 8, 12, 13 or 14 digits")
        digits = [int(sign) for sign in reversed(text)]
        weighed = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits) if place)
        check = -weighed % 10
        if check != digits[0]:
            raise CellError("the check digit is wrong", f"{text[:-1]}{check}")
        return text

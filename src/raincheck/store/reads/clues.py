"""What somebody on the telephone may mean by what they say: the same few characters read in every way that makes sense.

Pure: text in, values out.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

LONGEST: Final = 100
LEAST_PHONE_DIGITS: Final = 5
COMPARED_PHONE_DIGITS: Final = 8
"""So many of the last digits of a number tell it apart: what is dialled before them depends on where one stands."""
LEAST_LETTERS: Final = 3
"""Fewer letters are looked for at the beginning alone."""
RECENT_DAYS: Final = 60
_LARGEST_ID: Final = 2**63 - 1

_AMOUNT: Final = re.compile(
    r"^(?:[$€£¥]|[A-Z]{3} )?\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*(?:[$€£¥]|[A-Z]{3}\b|DOLLARS?|EUROS?|POUNDS?)?\s*(.*)$"
)
_DAYS: Final = re.compile(r"^(?:IN THE |THE |WITHIN )?(?:LAST |PAST )?(\d{1,3})?\s*(DAY|WEEK|MONTH)S?(?: AGO)?$")
_DAYS_OF: Final = {"DAY": 1, "WEEK": 7, "MONTH": 31}


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that moved on a card: from `least` to `most`, since a day."""

    least: Decimal
    most: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class Clues:
    """One text in all its readings; empty or None where it cannot be meant so.

    `text` is trimmed, `letters` in lower case for names and addresses, `ref` in upper case for references.
    `phone_end` are the last digits of a telephone number, the last first. `postcodes` are the ways to write one.
    `number` may be a parcel's.
    """

    text: str
    letters: str
    ref: str
    phone_end: str
    postcodes: tuple[str, ...]
    number: int | None
    amount: Amount | None

    @property
    def is_name(self) -> bool:
        """Whether it could be a name, with a slip of the pen in it."""
        return len(self.letters) > LEAST_LETTERS and not any(char.isdigit() or char == "@" for char in self.letters)


def read_clues(text: str, today: date) -> Clues:
    """Reads a text. Never fails: what makes no sense in a reading is left out of it."""
    said = " ".join("".join(char for char in text if char.isprintable()).split())[:LONGEST]
    bare = said.upper().replace(" ", "")
    digits = "".join(char for char in bare if char in "0123456789")
    return Clues(
        text=said,
        letters=said.lower(),
        ref=said.upper().removeprefix("#"),
        phone_end=_phone_end(said, digits),
        postcodes=_postcodes(said.upper(), bare),
        number=int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 19 and int(bare) <= _LARGEST_ID else None,
        amount=_amount(said.upper(), today),
    )


def _phone_end(said: str, digits: str) -> str:
    """The last digits of what may be a telephone number, backwards; in any writing, with or without the country."""
    if len(digits) < LEAST_PHONE_DIGITS or not re.fullmatch(r"[0-9+()/\-. ]+", said):
        return ""
    return digits[-COMPARED_PHONE_DIGITS:][::-1]


def _postcodes(said: str, bare: str) -> tuple[str, ...]:
    if not 3 <= len(bare) <= 10 or not re.fullmatch(r"[0-9A-Z\-]+", bare) or not any(char.isdigit() for char in bare):
        return ()
    return tuple(dict.fromkeys((said, bare, f"{bare[:-3]} {bare[-3:]}")))


def _amount(said: str, today: date) -> Amount | None:
    """Money, as said: 40, 40.50, $40, 40 dollars, 40 last week. A whole sum is meant with any cents."""
    found = _AMOUNT.fullmatch(said)
    if found is None:
        return None
    whole, cents, when = found.groups()
    days = _days_of(when)
    if days is None:
        return None
    least = Decimal(f"{whole}.{cents or '0'}")
    most = least + (Decimal("0.99") if cents is None else 0)
    return Amount(least, most, today - timedelta(days=days)) if least else None


def _days_of(when: str) -> int | None:
    """How many days back are meant; None for words that are no time."""
    if not when:
        return RECENT_DAYS
    if when in ("TODAY", "YESTERDAY"):
        return int(when == "YESTERDAY")
    found = _DAYS.fullmatch(when)
    return None if found is None else int(found.group(1) or 1) * _DAYS_OF[found.group(2)]

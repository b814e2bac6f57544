"""Cursors of lists: where a page ended, as a text that nobody should build or take apart."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import orjson

from raincheck.api.problems import MALFORMED, FieldError, Problem

Place = tuple[int | str, ...]
T = TypeVar("T")
LONGEST: Final = 500
_LARGEST: Final = 10**18
_SAID: Final = "is no cursor that was given here: take next_cursor of the page before, or leave it out"


def sealed(name: str, *place: int | str) -> str:
    """The cursor of a list for the page behind a place."""
    return base64.urlsafe_b64encode(orjson.dumps([name, *place])).decode().rstrip("=")


def opened(cursor: str, name: str, *kinds: type) -> Place | None:
    """The place that a cursor of this list stands for; None without a cursor. Raises Problem for any other text.

    `kinds` say for each part whether it is a number or a text.
    """
    if not cursor:
        return None
    try:
        found = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        found = None
    if not isinstance(found, list) or found[:1] != [name] or not _is_place(found[1:], kinds):
        raise Problem(MALFORMED, f"cursor: {_SAID}.", [FieldError(_SAID, parameter="cursor")])
    return tuple(found[1:])


def cut(name: str, found: Sequence[T], limit: int, place: Callable[[T], Place]) -> tuple[Sequence[T], str | None]:
    """The rows of a page, of which one more than `limit` was read where there are more, and the cursor for the rest."""
    if len(found) <= limit:
        return found, None
    return found[:limit], sealed(name, *place(found[limit - 1]))


def number_in(cursor: str, name: str) -> int | None:
    """`opened`, of a list whose places are numbers."""
    place = opened(cursor, name, int)
    return None if place is None else int(place[0])


def _is_place(parts: list[object], kinds: tuple[type, ...]) -> bool:
    return len(parts) == len(kinds) and all(map(_fits, parts, kinds))


def _fits(part: object, kind: type) -> bool:
    if kind is int:
        return type(part) is int and 0 <= part < _LARGEST
    return isinstance(part, str) and "\x00" not in part

"""Lists as PostgreSQL arrays, written in one go.

psycopg asks for every element how it is written. Ours are columns of one plain type each, thousands of values long, so
the type of the first value decides for all: about a tenth of the time.
"""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from psycopg.adapt import Dumper

_PLAIN = (int, Decimal, date, time, float)
"""Whose text holds no sign that means something in an array; bool and datetime are kinds of int and date."""


class ArrayDumper(Dumper):
    """A list of texts, numbers, flags, days, times or instants; None is NULL. The server infers the type."""

    def dump(self, obj: Sequence[Any]) -> bytes:
        """The array's text. Raises TypeError for anything else in the list."""
        first = next((value for value in obj if value is not None), None)
        if isinstance(first, str):
            texts = [_quoted(value) for value in obj] if _needs_care(obj) else [f'"{value}"' for value in obj]
        elif first is None or isinstance(first, _PLAIN):
            texts = ["NULL" if value is None else str(value) for value in obj]
        else:
            raise TypeError(f"a list of {type(first).__name__} is no array of plain values")
        return f"{{{','.join(texts)}}}".encode()


def _needs_care(texts: Sequence[str | None]) -> bool:
    if None in texts:
        return True
    together = "".join(texts)  # type: ignore[arg-type]
    return '"' in together or "\\" in together


def _quoted(text: str | None) -> str:
    if text is None:
        return "NULL"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

"""Compares what a drill printed with what its author expects.

Only what is named is compared. A list is the whole list: as many entries, in the printed order. A stock row that
is not printed counts as zeros, since a row is printed once any of its figures was above zero; so does `returned`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from raincheck.drill.expectation import Expectation, Expected

_PARTS = (
    "orders",
    "quotes",
    "shipments",
    "notices",
    "purchase_orders",
    "stock",
    "payments",
    "refused_events",
)
_NO_STOCK = {"on_hand": 0, "reserved": 0, "unsellable": 0, "inbound": 0}


class _Nothing:
    def __str__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()


def failures(expect: Expectation, document: Mapping[str, Any], zone: ZoneInfo) -> list[str]:
    """One line for each expectation that the document does not meet: ``path: expected 3, was 2``.

    ``zone`` is the company's: the date (``on``) of what is printed with an instant (``at``) is taken there.
    """
    found: list[str] = []
    for part in _PARTS:
        expected = getattr(expect, part)
        if expected is not None:
            found += _differences(expected, _comparable(part, expected, document[part], zone), part)
    violations = document["audit"]["violations"]
    if expect.audit_ok and not document["audit"]["ok"]:
        found.append(f"audit: expected ok, was {len(violations)} violations")
    return found


def _differences(expected: Expected, actual: object, path: str) -> Iterator[str]:
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping):
            yield f"{path}: expected {_word(expected)}, was {_word(actual)}"
            return
        for key, part in expected.items():
            missing = 0 if key == "returned" else _NOTHING
            yield from _differences(part, actual.get(key, missing), f"{path}.{key}")
    elif isinstance(expected, Sequence) and not isinstance(expected, str):
        entries = list(actual) if isinstance(actual, Sequence) and not isinstance(actual, str) else []
        if len(entries) != len(expected):
            yield f"{path}: expected {len(expected)}, was {len(entries)}"
        for index, (part, entry) in enumerate(zip(expected, entries, strict=False)):
            yield from _differences(part, entry, f"{path}[{index}]")
    elif not _same(expected, actual):
        yield f"{path}: expected {_word(expected)}, was {_word(actual)}"


def _comparable(part: str, expected: Any, printed: Any, zone: ZoneInfo) -> Any:
    """The printed part with what an author may also ask for: a date beside an instant, one order of a parcel."""
    if part == "stock":
        return {
            site: {sku: printed.get(site, {}).get(sku, _NO_STOCK) for sku in rows} for site, rows in expected.items()
        }
    if not isinstance(printed, list):
        return printed
    dated = [{**entry, "on": _date(entry["at"], zone)} for entry in printed]
    if part == "shipments":
        wanted = [entry.get("order") for entry in expected] + [None] * len(dated)
        for entry, order in zip(dated, wanted, strict=False):
            entry["order"] = order if order in entry["orders"] else ", ".join(entry["orders"])
    return dated


def _date(printed_at: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(printed_at).astimezone(zone).date().isoformat()


def _same(expected: object, actual: object) -> bool:
    if isinstance(expected, Decimal):
        return isinstance(actual, str) and Decimal(actual) == expected
    return type(expected) is type(actual) and expected == actual


def _word(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "a mapping"
    return str(value)

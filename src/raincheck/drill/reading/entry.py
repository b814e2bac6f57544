"""One value of a drill file with its place in it, and the readers of plain values.

A reader that finds a fault records it and returns a harmless value of the right type, so that the rest of the file
is read too; ``Problems.raise_any`` then keeps that value from ever being played.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import yaml

from raincheck.drill.not_yet import refusal
from raincheck.drill.reading.problems import Problems, shown

MOST_UNITS = 1_000_000_000
MOST_MONEY = Decimal(1_000_000_000_000)
LONGEST_NAME = 100
LONGEST_TEXT = 200

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}


@dataclass(frozen=True)
class Entry:
    """A YAML value. ``path`` names it in errors; ``place`` is the path with every own name replaced by ``*``."""

    node: yaml.Node
    path: str
    place: str
    problems: Problems

    @property
    def line(self) -> int:
        """The line of the file, from 1, on which the value begins."""
        return int(self.node.start_mark.line) + 1

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_nothing(self) -> bool:
        """Whether the value is YAML's null, which says the same as leaving the key out."""
        return self.node.tag == f"{_TAG}null" and self.is_plain

    @property
    def is_plain(self) -> bool:
        """Whether the value is a scalar without quotes."""
        return isinstance(self.node, yaml.ScalarNode) and not self.node.style

    def refuse(self, message: str, *, near: tuple[str, Collection[str]] | None = None) -> None:
        """Record what is wrong with this value."""
        self.problems.add(self.line, self.path, message, near=near)

    def fields(
        self, keys: Collection[str], required: Collection[str] = (), *, keep_nothing: bool = False
    ) -> dict[str, "Entry"]:
        """The values of a mapping whose keys are fixed; unless ``keep_nothing``, keys without a value are left out."""
        found: dict[str, Entry] = {}
        for name, entry in self._pairs(named=False):
            why_not = refusal(entry.place, entry.node)
            if why_not:
                entry.refuse(why_not)
            elif name not in keys:
                entry.refuse("unknown key", near=(name, keys))
            elif keep_nothing or not entry.is_nothing:
                found[name] = entry
        if self.is_mapping or self.is_nothing:
            for key in required:
                if key not in found:
                    self.refuse(f"needs `{key}`")
        return found

    def named(self) -> dict[str, "Entry"]:
        """The values of a mapping whose keys are names that the author chose."""
        found: dict[str, Entry] = {}
        for name, entry in self._pairs(named=True):
            if not name.strip() or name != name.strip():
                entry.refuse(f"{shown(name)!r} is no name: it is empty or has space at its ends")
            elif not _storable(name) or len(name) > LONGEST_NAME:
                entry.refuse(f"is no name: at most {LONGEST_NAME} printable characters")
            else:
                found[name] = entry
        return found

    def each(self) -> list["Entry"]:
        """The values of a list."""
        if self.is_nothing:
            return []
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse(f"must be a list, not {self._kind()}")
            return []
        return [
            Entry(child, f"{self.path}[{index}]", f"{self.place}.*", self.problems)
            for index, child in enumerate(self.node.value)
        ]

    def text(self, longest: int = LONGEST_TEXT) -> str:
        """A text as written; quotes are needed only where YAML needs them."""
        if not isinstance(self.node, yaml.ScalarNode) or self.is_nothing:
            self.refuse(f"must be a text, not {self._kind()}")
            return ""
        value: str = self.node.value
        if not value.strip() or value != value.strip():
            self.refuse("is empty or has space at its ends")
        elif not _storable(value) or len(value) > longest:
            self.refuse(f"must be at most {longest} printable characters")
        return value

    def name(self) -> str:
        """A name that the author chose for something."""
        return self.text(LONGEST_NAME)

    def choice(self, options: Collection[str]) -> str:
        """One of a few words."""
        value = self.text()
        if value and value not in options:
            words = ", ".join(options)
            self.refuse(f"{shown(value)!r} is none of {words}", near=(value, options))
        return value

    def flag(self) -> bool:
        """true or false."""
        word = str(self.node.value).lower() if self.node.tag == f"{_TAG}bool" and self.is_plain else ""
        if word not in _FLAGS:
            self.refuse(f"must be true or false, not {self._kind()}")
        return _FLAGS.get(word, False)

    def whole(self, least: int = 0, most: int = MOST_UNITS) -> int:
        """A whole number without quotes, at least ``least`` and at most ``most``."""
        value = str(self.node.value) if self.is_plain else ""
        if not _WHOLE.fullmatch(value):
            self.refuse(self._why_not_whole())
            return least
        if len(value) > len(str(most)) + 1 or not least <= int(value) <= most:
            self.refuse(f"{shown(value)} is not between {least} and {most}")
            return least
        return int(value)

    def number(self, above: Decimal | None = None, least: int = 0, most: int = 1) -> Decimal:
        """A decimal number, quoted or not: a share, a quantile, a degree."""
        value = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""
        if not _DECIMAL.fullmatch(value) or len(value) > LONGEST_NAME:
            self.refuse(f"must be a number, not {self._kind()}")
            return Decimal(most)
        number = Decimal(value)
        if not least <= number <= most or (above is not None and number <= above):
            bound = f"above {above}" if above is not None else f"at least {least}"
            self.refuse(f"{shown(value)} must be {bound} and at most {most}")
            return Decimal(most)
        return number

    def money(self) -> Decimal:
        """An amount: a decimal string or a whole number, with at most four decimal places."""
        value = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""
        if self.is_plain and self.node.tag == f"{_TAG}float":
            self.refuse(f'money is a decimal string: write "{shown(value)}" in quotes')
            return Decimal(0)
        if not _DECIMAL.fullmatch(value) or len(value) > LONGEST_NAME:
            self.refuse(f'must be an amount such as "40.00", not {self._kind()}')
            return Decimal(0)
        amount = Decimal(value)
        exponent = amount.as_tuple().exponent
        if not 0 <= amount < MOST_MONEY or (isinstance(exponent, int) and exponent < -4):
            self.refuse(f"{shown(value)} must be from 0 to {MOST_MONEY:,}, with at most four decimal places")
            return Decimal(0)
        return amount

    def _why_not_whole(self) -> str:
        value = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""
        if not self.is_plain and _WHOLE.fullmatch(value):
            return f"must be a whole number without quotes: write {shown(value)}"
        if _DECIMAL.fullmatch(value):
            return f"{shown(value)} is a fraction; units are whole"
        return f"must be a whole number such as 3, not {self._kind()}"

    def _pairs(self, *, named: bool) -> list[tuple[str, "Entry"]]:
        """The pairs of a mapping, those merged in with ``<<`` included; its own keys win over merged ones."""
        if self.is_nothing:
            return []
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(f"must be a mapping such as {{key: value}}, not {self._kind()}")
            return []
        pairs: dict[str, Entry] = {}
        merged: list[yaml.Node] = []
        for key, value in self.node.value:
            if key.tag == f"{_TAG}merge":
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                continue
            name = str(key.value)
            path = f"{self.path}.{shown(name)}" if self.path else shown(name)
            step = "*" if named else name
            pairs[name] = Entry(value, path, f"{self.place}.{step}" if self.place else step, self.problems)
        for node in merged:
            part = Entry(node, self.path, self.place, self.problems)
            for name, entry in part._pairs(named=named):
                pairs.setdefault(name, entry)
        return list(pairs.items())

    def _kind(self) -> str:
        if self.is_mapping:
            return "a mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        return "nothing" if self.is_nothing else f"{shown(str(self.node.value))!r}"


def _storable(value: str) -> bool:
    """Whether a text has no control characters and no half of a surrogate pair: what every database takes."""
    return all(c.isprintable() or c == "\u00a0" for c in value)

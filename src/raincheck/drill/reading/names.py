"""Which names exist at a point of the drill: declared above, made by earlier events, or live ones."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.problems import shown

Kind = Literal[
    "product", "site", "supplier", "customer", "category", "order", "quote", "purchase order", "transfer", "seller"
]
LiveNames = Callable[[Kind], Collection[str]]


def _no_live_names(kind: Kind) -> Collection[str]:  # noqa: ARG001 - an empty company has no names of any kind
    return ()


@dataclass
class Names:
    """The names known so far, on which SKUs each order, purchase order and transfer has a line.

    Besides: the parts of kits, and who sells which product.
    """

    live: LiveNames = _no_live_names
    known: dict[Kind, set[str]] = field(default_factory=dict)
    skus: dict[tuple[Kind, str], set[str]] = field(default_factory=dict)
    kits: dict[str, Collection[str]] = field(default_factory=dict)
    sellers: dict[str, str] = field(default_factory=dict)
    _live: dict[Kind, Collection[str]] = field(default_factory=dict)

    def declare(self, kind: Kind, names: Iterable[str]) -> None:
        """From here on these names exist."""
        self.known.setdefault(kind, set()).update(names)

    def declare_lines(self, kind: Kind, name: str, skus: Iterable[str]) -> None:
        """From here on ``name`` exists and has lines of these SKUs."""
        self.declare(kind, (name,))
        self.skus.setdefault((kind, name), set()).update(skus)

    def all(self, kind: Kind) -> Collection[str]:
        """Every name of a kind."""
        return self.known.get(kind, set()).union(self._from_live(kind))

    def has(self, kind: Kind, name: str) -> bool:
        """Whether something of that kind has that name."""
        return name in self.known.get(kind, ()) or name in self._from_live(kind)

    def read(self, entry: Entry, kind: Kind) -> str:
        """A reference to something that exists at this point of the file."""
        name = entry.text()
        if name:
            self.check(entry, kind, name)
        return name

    def check(self, entry: Entry, kind: Kind, name: str) -> bool:
        """Whether ``name`` exists; if not, that is recorded against ``entry``."""
        if self.has(kind, name):
            return True
        entry.refuse(f"there is no {kind} {shown(name)!r} here", near=(name, self.all(kind)))
        return False

    def check_stocked(self, entry: Entry, sku: str) -> None:
        """Record it against ``entry`` when a product is a kit: its parts have stock, it has none."""
        if sku in self.kits:
            parts = ", ".join(shown(part) for part in self.kits[sku])
            entry.refuse(f"{shown(sku)} is a kit and has no stock of its own: name its parts ({parts})")

    def check_line(self, entry: Entry, kind: Kind, name: str, sku: str) -> None:
        """Record it against ``entry`` when ``name``, made in this file, has no line of the product."""
        lines = self.skus.get((kind, name))
        if lines is not None and sku not in lines and self.has("product", sku):
            entry.refuse(f"{kind} {shown(name)} has no line of {shown(sku)}", near=(sku, lines))

    def _from_live(self, kind: Kind) -> Collection[str]:
        if kind not in self._live:
            self._live[kind] = frozenset(self.live(kind))
        return self._live[kind]

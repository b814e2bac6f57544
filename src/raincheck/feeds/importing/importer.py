"""What every kind of import does: check against what is there, then write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from raincheck.feeds.nearest import nearest_name
from raincheck.store.reads.importing import kits_by_sku
from raincheck.store.reads.names import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from raincheck.feeds.table import Table
    from raincheck.store.reads.names import NameKind


MOST_ADVICE = 1_000
"""For so many unknown names the nearest is looked for; with more, the wrong column was mapped."""


class Importer(ABC):
    """One kind's import of one file. `check` refuses rows, `write` writes the others and counts them."""

    def __init__(self, table: Table, actor: str) -> None:
        self.table = table
        self.report = table.report
        self.actor = actor
        self._known: dict[NameKind, frozenset[str]] = {}
        self._nearest: dict[tuple[NameKind, str], str | None] = {}

    @abstractmethod
    def check(self) -> None:
        """Refuses rows that refer to nothing or contradict others. Writes nothing."""

    @abstractmethod
    def write(self, progress: Callable[[int], None]) -> None:
        """Writes the rows that stand, in the caller's transaction. `progress` is told how many rows are done."""

    def skus(self) -> Iterable[str]:
        """The products whose books the rows touch."""
        return {self.table.value("sku", place) for place in self.table.places()} - {None}

    def known(self, noun: NameKind) -> frozenset[str]:
        """All names of a kind."""
        if noun not in self._known:
            self._known[noun] = frozenset(names_of(noun))
        return self._known[noun]

    def refer(self, column: str, noun: NameKind, also: Collection[str] = ()) -> None:
        """Refuses rows whose cell of a column names nothing that is there (or in `also`)."""
        values = self.table.columns.get(column)
        if values is None:
            return
        unknown = {value for value in set(values) - {None} if value not in self.known(noun) and value not in also}
        if not unknown:
            return
        for place in list(self.table.places()):
            if values[place] in unknown:
                self.refuse_unknown(place, column, noun, values[place], also)

    def refuse_kits(self, column: str) -> None:
        """Refuses rows whose product is a kit: its parts have stock, it has none."""
        kits = kits_by_sku()
        for place in list(self.table.places()):
            if (sku := self.table.value(column, place)) in kits:
                parts = ", ".join(kits[sku])
                self.table.refuse(place, column, f"is a kit and has no stock of its own: name its parts ({parts})")

    def refuse_unknown(self, place: int, column: str, noun: NameKind, name: str, also: Collection[str] = ()) -> None:
        """Refuses a row because of a name that is not there, with the nearest that is."""
        if (noun, name) not in self._nearest and len(self._nearest) < MOST_ADVICE:
            self._nearest[noun, name] = nearest_name(name, {*self.known(noun), *also})
        self.table.refuse(place, column, f"there is no {noun} of this name", self._nearest.get((noun, name)))

    def refuse_all(self, places: Iterable[int], column: str, reason: str) -> None:
        """Refuses several rows for one reason."""
        for place in places:
            self.table.refuse(place, column, reason)

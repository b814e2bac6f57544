"""Stock as counted: the difference to the books is entered, and the queue is served from what is new."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from raincheck.actions.catalogue import set_stock
from raincheck.actions.move_stock import count
from raincheck.core.errors import Refused
from raincheck.feeds.importing.importer import Importer
from raincheck.store.reads.importing import units_on_hand

if TYPE_CHECKING:
    from collections.abc import Callable


class StockImporter(Importer):
    """One row for each product at each site."""

    def check(self) -> None:
        """Sites and products are there; each pair once."""
        self.refer("site", "site")
        self.refer("sku", "product")
        self.refuse_kits("sku")
        first: dict[tuple[str, str], int] = {}
        for place in list(self.table.places()):
            site, sku, units = (self.table.value(name, place) for name in ("site", "sku", "on_hand"))
            before = first.setdefault((site, sku), place)
            if self.table.value("on_hand", before) != units:
                self.table.refuse(place, "on_hand", f"{sku} at {site} is on line {self.table.lines[before]} already")

    def write(self, progress: Callable[[int], None]) -> None:
        """Counts what differs; what has never lain at a site is entered as opening stock."""
        before = units_on_hand()
        opening: dict[str, dict[str, int]] = defaultdict(dict)
        counted: dict[str, dict[str, int]] = defaultdict(dict)
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place in self.table.places():
            site, sku, units = (self.table.value(name, place) for name in ("site", "sku", "on_hand"))
            if before.get((site, sku), 0) == units:
                self.report.unchanged += 1
                continue
            places[site, sku].append(place)
            (counted if (site, sku) in before else opening)[site][sku] = units
        for site, units_by_sku in opening.items():
            set_stock(site, units_by_sku, actor=self.actor)
        for site, units_by_sku in counted.items():
            self._count(site, units_by_sku, places)
        # The second of two equal rows changes nothing.
        changed = [found for found in places.values() if found[0] not in self.table.refused]
        self.report.imported = len(changed)
        self.report.unchanged += sum(len(found) - 1 for found in changed)
        progress(len(self.table.lines))

    def _count(self, site: str, units_by_sku: dict[str, int], places: dict[tuple[str, str], list[int]]) -> None:
        """All at once; where the floor has more than was counted, one by one to name the row."""
        try:
            count(site, units_by_sku, actor=self.actor)
        except Refused:
            for sku, units in units_by_sku.items():
                try:
                    count(site, {sku: units}, actor=self.actor)
                except Refused as refusal:
                    self.refuse_all(places[site, sku], "on_hand", str(refusal))

"""Receipts: rows of one purchase order, site and instant are one delivery."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from raincheck.actions.receive import Receipt, receive
from raincheck.core.errors import Refused
from raincheck.feeds.importing.importer import Importer
from raincheck.feeds.importing.marks import Marks
from raincheck.feeds.nearest import nearest_name
from raincheck.store.reads.importing import known_purchases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def subject_of(row: dict[str, Any]) -> str:
    """What a receipt is about, as its fact says."""
    return f"purchase:{row['po']}" if row.get("po") else f"site:{row['site']}"


class ReceiptImporter(Importer):
    """Rows have no key: one that was taken before is known by its mark, or by what it did."""

    def check(self) -> None:
        """What rows refer to is there; a row with a purchase order names one of its products."""
        self.refer("po", "purchase order")
        self.refer("site", "site")
        self.refer("sku", "product")
        self.refuse_kits("sku")
        orders = {self.table.value("po", place) for place in self.table.places()} - {None}
        self.orders = known_purchases(list(orders))
        for place in list(self.table.places()):
            po, sku = self.table.value("po", place), self.table.value("sku", place)
            if po is not None and sku not in self.orders[po].units:
                nearest = nearest_name(sku, self.orders[po].units)
                self.table.refuse(place, "sku", f"purchase order {po} has no such line", nearest)

    def skus(self) -> Iterable[str]:
        """A receipt looks at every line of its purchase order."""
        return {*super().skus(), *(sku for order in self.orders.values() for sku in order.units)}

    def write(self, progress: Callable[[int], None]) -> None:
        """Posts delivery by delivery, in the order of the file."""
        marks = Marks(self.table, "received", subject_of, "quantity", "received_at")
        deliveries: dict[tuple[str | None, str, object], list[int]] = defaultdict(list)
        for place in self.table.places():
            if marks.is_known(place):
                self.report.unchanged += 1
            else:
                row = self.table.row(place)
                deliveries[row.get("po"), row["site"], row.get("received_at")].append(place)
        done = 0
        for (po, site, _), places in deliveries.items():
            units, damaged = self._units(places, "quantity"), self._units(places, "damaged")
            try:
                receive(Receipt(units, damaged, "purchase", po, site), actor=self.actor)
            except Refused as refusal:
                self.refuse_all(places, "po", str(refusal))
            else:
                self.report.imported += len(places)
                for place in places:
                    marks.take(place)
            done += len(places)
            progress(done)
        marks.write(self.actor)

    def _units(self, places: list[int], name: str) -> dict[str, int]:
        units: dict[str, int] = defaultdict(int)
        for place in places:
            units[self.table.value("sku", place)] += self.table.value(name, place) or 0
        return {sku: number for sku, number in units.items() if number}

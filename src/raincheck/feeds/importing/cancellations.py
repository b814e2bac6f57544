"""Cancellations: each row takes units off an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.actions.cancel_order import cancel_order
from raincheck.core.errors import Malformed, Refused
from raincheck.feeds.importing.importer import Importer
from raincheck.feeds.importing.marks import Marks
from raincheck.feeds.nearest import nearest_name
from raincheck.store.reads.importing import open_units, skus_of_orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class CancellationImporter(Importer):
    """Rows have no key: one that was taken before is known by its mark, or by what it did."""

    def check(self) -> None:
        """Orders and their lines are there."""
        self.refer("ref", "order")
        self.lines_of = skus_of_orders(list({self.table.value("ref", place) for place in self.table.places()}))
        for place in list(self.table.places()):
            ref, sku = self.table.value("ref", place), self.table.value("sku", place)
            if sku is not None and sku not in self.lines_of[ref]:
                nearest = nearest_name(sku, self.lines_of[ref])
                self.table.refuse(place, "sku", f"order {ref} has no such line", nearest)

    def skus(self) -> Iterable[str]:
        """A cancellation looks at every line of its order."""
        return {sku for skus in self.lines_of.values() for sku in skus}

    def write(self, progress: Callable[[int], None]) -> None:
        """Cancels row by row, in the order of the file."""
        marks = Marks(self.table, "order_cancelled", lambda row: f"order:{row['ref']}", "quantity", "cancelled_at")
        for done, place in enumerate(list(self.table.places())):
            progress(done)
            if marks.is_known(place):
                self.report.unchanged += 1
                continue
            ref, sku, units = (self.table.value(name, place) for name in ("ref", "sku", "quantity"))
            try:
                if sku is None:
                    cancel_order(ref, None, actor=self.actor)
                else:
                    cancel_order(ref, {sku: units or open_units(ref, sku)}, actor=self.actor)
            except Refused as refusal:
                self.table.refuse(place, "quantity" if units else "ref", str(refusal))
            except Malformed:
                self.table.refuse(place, "sku", f"order {ref} has no open units of it")
            else:
                self.report.imported += 1
                marks.take(place)
        marks.write(self.actor)

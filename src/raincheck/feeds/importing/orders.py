"""Orders: rows with one reference are one order, placed with all others in one decision."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from raincheck.actions.place_orders import AskedOrder, place_orders
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.feeds.importing.importer import Importer
from raincheck.feeds.table import broken_keys
from raincheck.store.locks import database_now

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

CENT = Decimal("0.0001")
OF_THE_ORDER = ("customer", "country", "channel", "ship")


class OrderImporter(Importer):
    """An order is taken whole or not at all: a refused row refuses its order's other rows."""

    def check(self) -> None:
        """What rows refer to is there; rows of one order agree on what is the order's."""
        self.refer("sku", "product")
        self.refer("customer", "customer")
        now = database_now()
        for places in self._orders().values():
            first = places[0]
            for place in places:
                for name in OF_THE_ORDER:
                    if self.table.value(name, place) != self.table.value(name, first):
                        line = self.table.lines[first]
                        self.table.refuse(place, name, f"differs from line {line}: an order has one {name}")
                placed_at: dt.datetime | None = self.table.value("placed_at", place)
                if placed_at is not None and placed_at > now:
                    self.table.refuse(place, "placed_at", "lies in the future")
        self._refuse_the_rest()

    def _orders(self) -> dict[str, list[int]]:
        """The places of each order's rows, refused ones left out."""
        orders: dict[str, list[int]] = defaultdict(list)
        refs = self.table.columns.get("ref", [])
        for place in self.table.places():
            orders[refs[place]].append(place)
        return orders

    def _refuse_the_rest(self) -> None:
        """Refuses what stands of orders of which a row is refused."""
        broken = broken_keys(self.table)
        if broken:
            for ref, places in self._orders().items():
                if ref in broken:
                    self.refuse_all(places, "ref", f"line {broken[ref]} of the same order is refused")

    def write(self, progress: Callable[[int], None]) -> None:
        """Places the orders that are new."""
        orders = self._orders()
        asked = [self._asked(ref, places) for ref, places in orders.items()]
        done = 0

        def count(lines: int) -> None:
            nonlocal done
            done += lines
            progress(done)

        outcome = place_orders(asked, actor=self.actor, progress=count)
        self.report.imported = sum(len(orders[ref]) for ref in outcome.placed)
        self.report.unchanged = sum(len(orders[ref]) for ref in outcome.same)
        for ref, reason in outcome.different.items():
            self.refuse_all(orders[ref], "ref", f"the order is there with other content: {reason}")

    def _asked(self, ref: str, places: list[int]) -> AskedOrder:
        value = self.table.value
        first = places[0]
        skus = self.table.columns["sku"]
        if len(places) == len({skus[place] for place in places}):
            lines = [AskedLine(skus[p], value("quantity", p), value("unit_price", p)) for p in places]
        else:
            lines = self._merged(places)
        placed = [at for at in (value("placed_at", place) for place in places) if at is not None]
        request = OrderRequest(
            ref,
            tuple(lines),
            value("customer", first),
            value("channel", first) or "",
            value("country", first) or "",
            ship=value("ship", first),
        )
        return AskedOrder(request, min(placed, default=None))

    def _merged(self, places: list[int]) -> list[AskedLine]:
        """Rows with one product add up; where they differ in price, at the average."""
        by_sku: dict[str, list[int]] = defaultdict(list)
        for place in places:
            by_sku[self.table.value("sku", place)].append(place)
        lines = []
        for sku, same in by_sku.items():
            units = sum(self.table.value("quantity", place) for place in same)
            prices = {self.table.value("unit_price", place) for place in same}
            if len(prices) == 1:
                lines.append(AskedLine(sku, units, prices.pop()))
                continue
            known = [place for place in same if self.table.value("unit_price", place) is not None]
            worth = sum(
                (self.table.value("unit_price", p) * self.table.value("quantity", p) for p in known), Decimal(0)
            )
            weight = sum(self.table.value("quantity", place) for place in known)
            lines.append(AskedLine(sku, units, (worth / weight).quantize(CENT)))
        return lines

"""Purchase orders: rows with one number are one order. One that is there is confirmed or moved if the file says so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from raincheck.actions.purchase import PurchaseRequest, confirm, purchase, reschedule
from raincheck.core.errors import Refused
from raincheck.feeds.importing.importer import Importer
from raincheck.feeds.table import broken_keys
from raincheck.store.reads.importing import KnownPurchase, known_purchases

if TYPE_CHECKING:
    from collections.abc import Callable

OF_THE_ORDER = ("supplier", "site", "ordered_on", "due_on", "state")
NOT_CONFIRMED = ("draft", "sent")
CLOSED = ("received", "closed_short", "cancelled")


class PurchaseImporter(Importer):
    """An order is taken whole or not at all."""

    def check(self) -> None:
        """What rows refer to is there; rows of one order agree on what is the order's and name a product once."""
        self.refer("supplier", "supplier")
        self.refer("site", "site")
        self.refer("sku", "product")
        self.refuse_kits("sku")
        for places in self._orders().values():
            first: dict[str, int] = {}
            for place in places:
                before = first.setdefault(self.table.value("sku", place), place)
                if before != place:
                    self.table.refuse(place, "sku", f"is on line {self.table.lines[before]} of this order already")
                for name in OF_THE_ORDER:
                    if self.table.value(name, place) != self.table.value(name, places[0]):
                        line = self.table.lines[places[0]]
                        self.table.refuse(place, name, f"differs from line {line}: a purchase order has one {name}")
        broken = broken_keys(self.table)
        for po, places in self._orders().items():
            if po in broken:
                self.refuse_all(places, "po", f"line {broken[po]} of the same purchase order is refused")

    def _orders(self) -> dict[str, list[int]]:
        orders: dict[str, list[int]] = defaultdict(list)
        for place in self.table.places():
            orders[self.table.value("po", place)].append(place)
        return orders

    def write(self, progress: Callable[[int], None]) -> None:
        """Writes order by order."""
        orders = self._orders()
        known = known_purchases(list(orders))
        done = 0
        for po, places in orders.items():
            try:
                changed = self._write(self._request(po, places), known.get(po))
            except Refused as refusal:
                self.refuse_all(places, "po", str(refusal))
            else:
                self.report.imported += len(places) if changed else 0
                self.report.unchanged += 0 if changed else len(places)
            done += len(places)
            progress(done)

    def _request(self, po: str, places: list[int]) -> PurchaseRequest:
        value = self.table.value
        costs = {value("sku", place): value("unit_cost", place) for place in places}
        return PurchaseRequest(
            po,
            value("supplier", places[0]),
            value("site", places[0]),
            {value("sku", place): value("quantity", place) for place in places},
            value("due_on", places[0]),
            value("state", places[0]) or "sent",
            value("ordered_on", places[0]),
            {sku: cost for sku, cost in costs.items() if cost is not None},
        )

    def _write(self, request: PurchaseRequest, known: KnownPurchase | None) -> bool:
        """Whether it changed anything."""
        if purchase(request, actor=self.actor):
            return True
        if known is None or known.state in CLOSED:
            return False
        if request.state == "confirmed" and known.state in NOT_CONFIRMED:
            confirm(request.po, request.due_on, actor=self.actor)
            return True
        if request.due_on is not None and request.due_on != known.due_on:
            reschedule(request.po, request.due_on, actor=self.actor)
            return True
        return False

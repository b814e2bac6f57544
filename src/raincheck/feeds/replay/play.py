"""Plays a history through the real actions on a virtual clock, on the database Django's connection goes to."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import connection

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import (
    save_customers,
    save_products,
    save_settings,
    save_sites,
    save_suppliers,
    set_stock,
)
from raincheck.actions.move_stock import count, return_goods
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.purchase import PurchaseRequest, close_short, purchase
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.run_timers import begin_days, run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Refused
from raincheck.feeds.records import customer_record, product_record, site_record, supplier_record
from raincheck.feeds.replay.happening import (
    Cancelled,
    OrderPlaced,
    PurchasePlaced,
    Received,
    StockCorrected,
    StockCounted,
)
from raincheck.store.reads.replay import lines_of_customer, lines_of_order, on_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.core.policy import Rule
    from raincheck.feeds.replay.happening import Happening
    from raincheck.feeds.replay.history import History
    from raincheck.store.reads.replay import LineLeft

ACTOR = "replay"


def play(history: History, progress: Callable[[int], None], policies: Sequence[Rule] = ()) -> None:
    """Plays everything, timers included, under these policies. `progress` is told how many happenings are done.

    What the history's oddities came to (cancellations that found nothing, corrections beyond the stock) is counted in
    its dirt.
    """
    never_wait_for_the_disk()
    open_company(history)
    for rule in policies:
        add_policy(rule.when, rule.then, history.starts_at, ACTOR)
    player = Player(history)
    done = 0
    for at, together in groupby(history.happenings, key=lambda happening: happening.at):
        run_due(at)
        for happening in player.joined(list(together)):
            player.act(happening)
            done += 1 if not isinstance(happening, list) else len(happening)
            progress(done)
    run_due(history.happenings[-1].at)


def never_wait_for_the_disk() -> None:
    """A database that is thrown away need not survive a power cut."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def open_company(history: History) -> None:
    """Writes the company as it is at the start."""
    catalogue, at = history.catalogue, history.starts_at
    save_settings(history.mapping.settings, history.mapping.title, at, ACTOR)
    save_suppliers([supplier_record(row) for row in catalogue.suppliers.values()])
    save_sites([site_record(row) for row in catalogue.sites.values()], at)
    save_products([product_record(row) for row in catalogue.products.values()], at, ACTOR)
    save_customers([customer_record(row) for row in catalogue.customers.values()])
    begin_days(at)


class Player:
    """Each kind of happening as the action that it stands for."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.dirt = history.dirt
        self.treatment = history.mapping.treatment

    def joined(self, together: list[Happening]) -> list[Happening | list[StockCounted]]:
        """Happenings of one instant, the stock counted at one site as one."""
        by_site: dict[str, list[StockCounted]] = defaultdict(list)
        others: list[Happening | list[StockCounted]] = []
        for happening in together:
            if isinstance(happening, StockCounted):
                by_site[happening.site].append(happening)
            else:
                others.append(happening)
        return [*by_site.values(), *others]

    def act(self, happening: Happening | list[StockCounted]) -> None:
        """Does what happened, at its instant."""
        match happening:
            case list():
                self._open_stock(happening)
            case PurchasePlaced():
                self._purchase(happening)
            case Received():
                self._receive(happening)
            case StockCorrected():
                self._correct(happening)
            case OrderPlaced():
                self._place(happening)
            case Cancelled():
                self._cancel(happening)

    def _open_stock(self, counts: list[StockCounted]) -> None:
        set_stock(counts[0].site, {count.sku: count.on_hand for count in counts}, counts[0].at, ACTOR)

    def _purchase(self, happening: PurchasePlaced) -> None:
        due = {line.due_on for line in happening.lines if line.due_on is not None}
        if len(due) > 1:
            self.dirt.add("purchase orders whose lines are due on different days, taken at the last")
        purchase(
            PurchaseRequest(
                happening.po,
                happening.supplier,
                happening.site,
                {line.sku: line.units for line in happening.lines},
                max(due, default=None),
                happening.state,
                happening.at.astimezone(self.history.mapping.settings.calendar.zone).date(),
                {line.sku: line.unit_cost for line in happening.lines if line.unit_cost is not None},
            ),
            happening.at,
            ACTOR,
        )

    def _receive(self, happening: Received) -> None:
        units = {line.sku: line.units for line in happening.lines}
        damaged = {line.sku: line.damaged_units for line in happening.lines if line.damaged_units}
        if happening.lines:
            receive(Receipt(units, damaged, "purchase", happening.po, happening.site), happening.at, ACTOR)
        if happening.po is not None and happening.is_last and self.treatment.short_deliveries == "close_short":
            try:
                close_short(happening.po, happening.at, ACTOR)
            except Refused:
                return  # nothing was missing
            self.dirt.add("purchase orders that came short, closed", example=happening.po)

    def _correct(self, happening: StockCorrected) -> None:
        site = self.history.home.get(happening.sku)
        if site is None:
            self.dirt.add("corrections of products that lie nowhere, ignored", abs(happening.units), happening.sku)
            return
        before = on_hand(site, happening.sku)
        after = max(0, before + happening.units)
        if before + happening.units < 0:
            self.dirt.add("corrections beyond what was there, taken as far as it went", -before - happening.units)
        if after != before:
            count(site, {happening.sku: after}, happening.at, ACTOR)

    def _place(self, happening: OrderPlaced) -> None:
        ships = {line.ship for line in happening.lines}
        if len(ships) > 1:
            self.dirt.add("orders whose lines ask for different shipping, the first counts", example=happening.ref)
        place_order(
            OrderRequest(
                happening.ref,
                tuple(AskedLine(line.sku, line.units, line.unit_price) for line in happening.lines),
                happening.customer,
                happening.channel or "",
                happening.country or "",
                ship=happening.lines[0].ship,
            ),
            happening.at,
            ACTOR,
        )

    def _cancel(self, happening: Cancelled) -> None:
        cancels: dict[str, dict[str, int]] = defaultdict(dict)
        returns: dict[str, dict[str, int]] = defaultdict(dict)
        for sku, units, left in self._found(happening):
            missing = units
            for line in left:
                taken = line.open_units if missing is None else min(missing, line.open_units)
                if taken:
                    cancels[line.ref][line.sku] = taken
                    missing = missing - taken if missing is not None else None
            for line in left:
                if missing and line.returnable_units and self.treatment.of_shipped == "return":
                    taken = min(missing, line.returnable_units)
                    returns[line.ref][line.sku] = taken
                    missing -= taken
            if missing:
                self.dirt.add("units cancelled that no order has, ignored", missing, f"{happening.customer} {sku}")
        for ref, units_by_sku in cancels.items():
            cancel_order(ref, units_by_sku, happening.at, ACTOR)
            self.dirt.add("cancellations of open units", sum(units_by_sku.values()), times=len(units_by_sku))
        for ref, units_by_sku in returns.items():
            return_goods(ref, units_by_sku, "good", happening.at, ACTOR)
            self.dirt.add(
                "cancellations of shipped units, returned", sum(units_by_sku.values()), times=len(units_by_sku)
            )

    def _found(self, happening: Cancelled) -> list[tuple[str, int | None, list[LineLeft]]]:
        """For each product: how many units (None: all that are open), and the lines they may be of, in order."""
        if happening.ref is not None:
            left = lines_of_order(happening.ref)
            if not left:
                self.dirt.add("cancellations of unknown orders, ignored", example=happening.ref)
        else:
            skus = [sku for sku, _ in happening.lines if sku is not None]
            left = lines_of_customer(happening.customer or "", skus)
        found: list[tuple[str, int | None, list[LineLeft]]] = []
        for sku, units in happening.lines:
            if sku is None:
                found += [(line.sku, None, [line]) for line in left]
            else:
                found.append((sku, units, [line for line in left if line.sku == sku]))
        return found

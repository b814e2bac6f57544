"""An order that is captured the short way leaves the very rows that it leaves on the general path."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from raincheck.actions import catalogue, purchase
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.capture_order import capture_order
from raincheck.actions.place_order import place_order
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.run_timers import begin_days, run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.write_order import Placed
from raincheck.core.errors import RaincheckError
from raincheck.core.settings import Settings
from raincheck.store.reads.order_outcome import LineOutcome, OrderOutcome, PieceOutcome, order_outcome
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = dict[str, list[tuple[Any, ...]]]
MODELS = [model for model in apps.get_app_config("store").get_models() if model._meta.pk.column == "id"]
TABLES = sorted(model._meta.db_table for model in MODELS)
SKUS = ("lamp", "torch", "chair", "desk", "next", "limited")
STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = 30
SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.one_server) for seed in range(4, 10))]


class Company:
    """Mostly plain orders of several lines, now and then something that makes an order take the general path."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at = STARTS_AT
        self.orders: list[str] = []
        self.purchases: list[str] = []
        pick = self.chance.choice
        settings = Settings(
            warehouse=pick(["automatic", "manual", "manual"]),
            handling_days=pick([0, 0, 1]),
            transit_days=pick([0, 2]),
            receiving_days=pick([0, 1]),
            backorders=pick(["allow", "allow", "deny"]),
            charge=pick(["shipment", "shipment", "order"]),
            inbound_share=pick([Decimal(1), Decimal("0.5")]),
            latest_days=pick([None, None, 20]),
            told_dates=pick(["keep", "keep", "by_rank"]),
            timezone=pick(["UTC", "Asia/Tokyo"]),
        )
        catalogue.save_settings(settings, at=self.at)
        begin_days(self.at)
        catalogue.save_suppliers([SupplierRecord("acme", lead_time_days=14), SupplierRecord("slow")])
        east = SiteRecord("east", country="US", postcode="10001", cutoff=pick([None, time(12), time(18)]))
        catalogue.save_sites([east, SiteRecord("west", country="CA")], self.at)
        catalogue.save_customers([CustomerRecord("ann", email="ann@example.com", country="US"), CustomerRecord("bob")])
        catalogue.save_products(
            [
                ProductRecord("lamp", "A lamp", Decimal("40.00"), supplier="acme"),
                ProductRecord("torch", price=Decimal("9.90"), backorder="deny"),
                ProductRecord("chair", price=Decimal(120), supplier="slow"),
                ProductRecord("desk", supplier="acme"),
                ProductRecord("next", price=Decimal(15), supplier="acme", available_from=date(2026, 3, 4)),
                ProductRecord("limited", price=Decimal(15), backorder_limit=3),
            ],
            at=self.at,
        )
        for site in ("east", "west"):
            catalogue.set_stock(site, {sku: self.chance.randint(0, 12) for sku in SKUS}, at=self.at)

    def step(self) -> None:
        """Lets some time pass and plays one fact; the business may refuse it."""
        self.at += timedelta(minutes=self.chance.choice([0, 1, 30, 61, 600]))
        run_due(self.at)
        acts: list[Callable[[], object]] = [self.place, self.buy, self.receive, self.cancel]
        try:
            self.chance.choices(acts, weights=[20, 3, 2, 2])[0]()
        except RaincheckError:
            return

    def place(self) -> None:
        ref = f"O{len(self.orders) + 1}"
        self.orders.append(ref)
        skus = self.chance.sample(SKUS[:4] if self.chance.random() < 0.85 else SKUS, self.chance.randint(1, 4))
        lines = tuple(AskedLine(sku, self.chance.randint(1, 5), self.chance.choice([None, Decimal(7)])) for sku in skus)
        ship = "complete" if self.chance.random() < 0.06 else None
        place_order(OrderRequest(ref, lines, self.chance.choice(["ann", "bob", None]), "web", ship=ship), at=self.at)

    def buy(self) -> None:
        po = f"P{len(self.purchases) + 1}"
        self.purchases.append(po)
        units = {sku: self.chance.randint(1, 15) for sku in self.chance.sample(SKUS, 3)}
        due_on = self.at.date() + timedelta(days=self.chance.randint(-1, 25))
        site = self.chance.choice(["east", "west"])
        purchase.purchase(purchase.PurchaseRequest(po, "acme", site, units, due_on, "confirmed"), at=self.at)

    def receive(self) -> None:
        po = self.chance.choice(self.purchases or ["P0"])
        receive(
            Receipt({sku: self.chance.randint(1, 9) for sku in self.chance.sample(SKUS, 2)}, {}, ref=po), at=self.at
        )

    def cancel(self) -> None:
        cancel_order(self.chance.choice(self.orders or ["O0"]), at=self.at)


def play(seed: int) -> Rows:
    """Every row that a random company leaves; nothing of it stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1, false)", [table])
        company = Company(seed)
        for _ in range(FACTS):
            company.step()
        left: Rows = {}
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            left[table] = cursor.fetchall()
        transaction.set_rollback(True)
        return left


def timeless(outcome: OrderOutcome) -> OrderOutcome:
    """The outcome without what depends on when it is read: stock goes today at the soonest, and may so come last."""

    def pieces(line: LineOutcome) -> tuple[PieceOutcome, ...]:
        found = [replace(piece, on=None) if piece.source == "on_hand" else piece for piece in line.pieces]
        return tuple(sorted(found, key=lambda piece: piece.source))

    return replace(outcome, at=STARTS_AT, lines=tuple(replace(line, pieces=pieces(line)) for line in outcome.lines))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_both_ways_leave_the_same_rows(db: None, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    captured: list[Placed | None] = []

    def counted(request: OrderRequest, *asked: Any) -> Placed | None:
        placed = capture_order(request, *asked)
        captured.append(placed)
        if placed is not None and placed.outcome is not None:
            # What is answered without reading it back is what reading it back would answer.
            read_back = order_outcome(request.ref)
            assert read_back is not None
            assert timeless(placed.outcome) == timeless(read_back)
        return placed

    monkeypatch.setattr("raincheck.actions.place_order.capture_order", counted)
    left_short = play(seed)
    monkeypatch.setattr("raincheck.actions.place_order.capture_order", lambda *_: None)
    left_general = play(seed)

    assert sum(placed is not None for placed in captured) >= 3
    for table in TABLES:
        assert left_short[table] == left_general[table], table

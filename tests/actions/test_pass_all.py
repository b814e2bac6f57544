"""The pass over the whole book leaves the rows that the pass after any fact leaves, however it was done."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from raincheck.actions import catalogue, purchase
from raincheck.actions.hold_order import hold_order
from raincheck.actions.pass_all import pass_all
from raincheck.actions.place_order import place_order
from raincheck.actions.protect import protect
from raincheck.actions.run_pass import run_plain_pass
from raincheck.actions.run_timers import begin_days, run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import RaincheckError
from raincheck.core.settings import Settings
from raincheck.store.bulk.write_many import write_many
from raincheck.store.db import rows, run
from raincheck.store.locks import lock_all_books
from raincheck.store.outbox import Outbox
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord, SupplierRecord

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SKUS = ("lamp", "torch", "chair", "desk", "next")
SEEDS = 14
WRITTEN = (
    """SELECT claim_id, line_id, product_id, units, kind, stock_level_id, inbound_line_id, shipment_line_id IS NULL,
              is_preorder, given_by_id, ships_on, leaves_on, waits_for FROM peg ORDER BY claim_id, kind, stock_level_id,
              inbound_line_id, units""",
    """SELECT id, units, told_on, told_units, told_by_lead_time, lost_by_waiting, pending_on, pending_since,
              lead_time_from FROM claim ORDER BY id""",
    """SELECT id, reserved, backordered, preordered, shipped, reason, first_promise_on, promise_on, expected_on
       FROM order_line ORDER BY id""",
    "SELECT id, on_hand, reserved FROM stock_level ORDER BY id",
    "SELECT id, owed, pegged FROM inbound_line ORDER BY id",
    # Parcels are numbered anew each time.
    "SELECT kind, CASE WHEN kind NOT IN (20, 25) THEN subject_id END AS subject, due_at FROM timer ORDER BY 1, 2, 3",
    r"""SELECT order_id, event, regexp_replace(detail::text, '"shipment": \d+', '', 'g') AS said
        FROM notice ORDER BY order_id, event, said""",
    "SELECT claim_id, at, previous_on, told_on, word, reason FROM told_date ORDER BY claim_id, at",
    "SELECT order_id, site_id, state FROM shipment ORDER BY order_id, site_id, state",
    "SELECT id, state FROM sales_order ORDER BY id",
)


def written() -> list[list[tuple[Any, ...]]]:
    """What a pass may write."""
    return [rows(query) for query in WRITTEN]


class Company:
    """Orders wait for supply; then supply, ranks and dates change behind the company's back.

    A calm one has nothing but waiting lines, so that most of them are decided over arrays.
    """

    def __init__(self, seed: int, *, calm: bool) -> None:
        self.chance = random.Random(seed)
        self.calm = calm
        self.at = STARTS_AT
        self.orders = 0
        pick = self.chance.choice
        catalogue.save_settings(
            Settings(
                warehouse="manual" if calm else pick(["manual", "manual", "automatic"]),
                handling_days=0 if calm else pick([0, 0, 1]),
                transit_days=pick([0, 2]),
                receiving_days=pick([0, 1]),
                ship=pick(["available", "available", "complete"]),
                hold_days=pick([0, 3, 7]),
                lend_days=pick([3, 30]),
                margin_days=pick([0, 0, 2]),
                told_dates=pick(["keep", "keep", "by_rank"]),
                tighten=not calm and pick([False, True]),
                settle_minutes=pick([0, 60]),
                timezone=pick(["UTC", "Asia/Tokyo", "America/New_York"]),
            ),
            at=self.at,
        )
        begin_days(self.at)
        catalogue.save_suppliers(
            [SupplierRecord("acme", lead_time_days=14), SupplierRecord("slow", lead_time_days=30 if calm else None)]
        )
        catalogue.save_sites([SiteRecord("east"), SiteRecord("west")], self.at)
        catalogue.save_products(
            [
                ProductRecord("lamp", price=Decimal(40), supplier="acme"),
                ProductRecord("torch", price=Decimal(9), supplier="acme"),
                ProductRecord("chair", price=Decimal(120), supplier="slow"),
                ProductRecord("desk", supplier="acme", backorder="" if calm else pick(["", "deny"])),
                ProductRecord("next", supplier="acme", available_from=None if calm else pick([None, date(2026, 3, 4)])),
            ],
            at=self.at,
        )
        catalogue.set_stock("east", {sku: self.chance.randint(0, 6) for sku in SKUS}, at=self.at)
        if not calm and self.chance.random() < 0.3:
            catalogue.set_stock("west", {pick(SKUS): 3}, at=self.at)
        for nr in range(3):
            units = {sku: self.chance.randint(1, 6) for sku in self.chance.sample(SKUS, 3)}
            due_on = self.at.date() + timedelta(days=self.chance.randint(1, 20))
            purchase.purchase(
                purchase.PurchaseRequest(f"P{nr}", "acme", "east", units, due_on, "confirmed"), at=self.at
            )

    def some_orders(self) -> None:
        for _ in range(self.chance.randint(3, 9) * (2 if self.calm else 1)):
            self.at += timedelta(minutes=self.chance.choice([0, 5, 600]))
            self.orders += 1
            lines = {sku: self.chance.randint(1, 4) for sku in self.chance.sample(SKUS, self.chance.randint(1, 3))}
            ship = self.chance.choice([None, None, "available", "complete"])
            odd = 0.0 if self.calm else self.chance.random()
            wanted_on = self.at.date() + timedelta(days=12) if odd > 0.95 else None
            asked = tuple(AskedLine(sku, units) for sku, units in lines.items())
            try:
                place_order(OrderRequest(f"O{self.orders}", asked, ship=ship, wanted_on=wanted_on), at=self.at)
                if 0.90 < odd < 0.95:
                    hold_order(f"O{self.orders}", at=self.at)
                if 0.87 < odd < 0.90:
                    protect("lamp", "gold", 1, at=self.at)
            except RaincheckError:
                continue

    def time_goes_by(self) -> None:
        self.at += timedelta(hours=self.chance.choice([1, 5, 24, 70]))
        run_due(self.at)

    def change_behind_its_back(self) -> None:
        """More stock, moved trucks, another order of the queue; nobody passes."""
        pick = self.chance.choice
        for level, on_hand in rows("SELECT id, on_hand FROM stock_level ORDER BY id"):
            more = pick([0, 0, 1, 3, 8])
            run("UPDATE stock_level SET on_hand = %s WHERE id = %s", [on_hand + more, level])
            run(
                """INSERT INTO stock_entry (at, stock_level_id, on_hand_units, unsellable_units, kind, reference)
                   SELECT %s, %s, %s, 0, 'count', '' WHERE %s > 0""",
                [self.at, level, more, more],
            )
        for line, expected_on in rows("SELECT id, expected_on FROM inbound_line WHERE owed > 0 ORDER BY id"):
            if expected_on is not None and self.chance.random() < 0.3:
                days = pick([-6, -1, 0 if self.calm else 4])
                moved_on = max(self.at.date() + timedelta(days=2), expected_on + timedelta(days=days))
                run("UPDATE inbound_line SET expected_on = %s, dated_on = %s WHERE id = %s", [moved_on, moved_on, line])
        for (order,) in rows("SELECT id FROM sales_order ORDER BY id"):
            if self.chance.random() < (0.02 if self.calm else 0.1):
                run("UPDATE claim SET minus_score = %s WHERE order_id = %s", [pick([-2, 0, 1]), order])


def by_the_plain_form(at: datetime) -> None:
    locked = lock_all_books(at)
    outbox = Outbox(at, "passed", "company:1")
    run_plain_pass(locked, outbox)
    outbox.flush()


def play(seed: int) -> None:
    with transaction.atomic():
        company = Company(seed, calm=seed % 2 == 0)
        for _ in range(3):
            company.some_orders()
            company.time_goes_by()
            company.change_behind_its_back()
            with transaction.atomic():
                by_the_plain_form(company.at)
                plain = written()
                transaction.set_rollback(True)
            pass_all(company.at)
            for query, over_arrays, expected in zip(WRITTEN, written(), plain, strict=True):
                assert over_arrays == expected, f"seed {seed}: {query}"
            assert audit() == [], f"seed {seed}"
            before = rows("SELECT * FROM peg ORDER BY id")
            pass_all(company.at)
            assert written() == plain, f"seed {seed}: a second pass"
            assert rows("SELECT * FROM peg ORDER BY id") == before, f"seed {seed}: a second pass"
        transaction.set_rollback(True)


@pytest.mark.slow
def test_the_whole_book_is_left_as_the_plain_pass_leaves_it(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    claims_over_arrays = 0

    def counted(*given: Any) -> None:
        nonlocal claims_over_arrays
        claims_over_arrays += int(given[-1].changes.claims.sum())
        write_many(*given)

    monkeypatch.setattr("raincheck.actions.pass_many.write_many", counted)
    for seed in range(SEEDS):
        play(seed)
    assert claims_over_arrays > 100

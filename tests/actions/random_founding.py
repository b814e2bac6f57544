"""A company founded at random: its settings, products and sellers, and the chance that everything else hangs on."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from raincheck.actions import catalogue
from raincheck.actions.policies import add_policy
from raincheck.actions.run_timers import begin_days
from raincheck.actions.sellers import save_sellers
from raincheck.core.settings import Settings, Weights
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord
from raincheck.store.sellers import SellerRecord

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SKUS = ("lamp", "torch", "chair", "next")
KITS = ("set", "trio")
SITES = ("east", "west")
PARCELS: tuple[dict[str, Any], ...] = (
    {},
    {"ship": "up_to:2"},
    {"minimum_shipment_units": 4},
    {"merge_hours": 20},
    {},
    {"merge_hours": 60, "minimum_shipment_value": Decimal(100), "ship": "up_to:3"},
    {"minimum_shipment_units": 3, "minimum_shipment_value": Decimal(60)},
)
LAWS = ("none", "us-ftc-435", "none", "eu-2011-83", "us-ftc-435")
SELLERS = (
    SellerRecord("north", timezone="America/New_York", working_days=("mon", "tue", "wed", "thu", "fri"),
                 holidays=(date(2026, 3, 27), date(2026, 4, 3), date(2026, 4, 6))),
    SellerRecord("south", law="eu-2011-83"),
)  # fmt: skip
WEIGHTS = (
    Weights(),
    Weights(),
    Weights(tier=Decimal(1)),
    Weights(tier=Decimal(10), age=Decimal("0.5")),
    Weights(value=Decimal("0.1"), urgency=Decimal(1), criticality=Decimal(3)),
)


@dataclass
class FoundedCompany:
    """A company, its virtual clock, and what has been told of it. Its seed decides everything."""

    seed: int
    chance: random.Random = field(init=False)
    money: random.Random = field(init=False)
    law: random.Random = field(init=False)
    at: datetime = STARTS_AT
    orders: list[str] = field(default_factory=list)
    purchases: list[str] = field(default_factory=list)
    transfers: list[str] = field(default_factory=list)
    refused: int = 0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        # Money has its own source of chance: who pays how, and what is declined.
        self.money = random.Random(f"money {self.seed}")
        # So have sellers, credit and consent in advance.
        self.law = random.Random(f"law {self.seed}")
        self.processor = LocalProcessor(in_drill=True)

    def open(self) -> None:
        """Founds the company under random settings."""
        catalogue.save_settings(self._settings(), at=self.at)
        self._save_catalogue()
        save_sellers(SELLERS, {"torch": "north"})
        for site in SITES:
            catalogue.set_stock(site, {sku: self.chance.randint(0, 8) for sku in SKUS}, at=self.at)
        if self.seed % 3 == 0:
            add_policy({"product": "torch"}, {"ship": "available", "merge_hours": 5}, self.at)
            add_policy({"customer": "bob"}, {"minimum_shipment": {"units": 2, "value": "0"}}, self.at)

    def _settings(self) -> Settings:
        pick = self.chance.choice
        settings = Settings(
            warehouse=pick(["automatic", "automatic", "manual"]),
            handling_days=pick([0, 0, 1]),
            transit_days=pick([0, 2]),
            receiving_days=pick([0, 1]),
            ship=pick(["available", "available", "complete"]),
            hold_days=pick([3, 7]),
            lend_days=pick([2, 30]),
            margin_days=pick([0, 2]),
            tighten=pick([False, False, True]),
            settle_minutes=pick([0, 60]),
            charge=pick(["shipment", "order"]),
            promise_confidence=pick([None, Decimal("0.9")]),
            told_dates=pick(["keep", "keep", "by_rank"]),
            inbound_share=pick([Decimal(1), Decimal("0.5")]),
            latest_days=pick([None, None, 60]),
            weights=pick(WEIGHTS),
            law=LAWS[self.seed % len(LAWS)],
        )
        settings = replace(settings, **PARCELS[self.seed % len(PARCELS)])
        settings = replace(
            settings,
            card_payments=True,
            charge=self.money.choice([settings.charge, "deposit:0.25"]),
            pass_on_cuts=self.money.choice([False, True]),
            capture_variance=self.money.choice([Decimal(0), Decimal("0.15")]),
        )
        return replace(
            settings,
            advance_consent_days=self.law.choice([None, 9, 30]),
            feedback_days=self.law.choice([None, 2]),
        )

    def _save_catalogue(self) -> None:
        pick = self.chance.choice
        catalogue.save_suppliers([SupplierRecord("acme", lead_time_days=14), SupplierRecord("slow")])
        catalogue.record_lateness("acme", [0, 0, 2, 5], self.at.date())
        east = SiteRecord("east", country="US", postcode="10001")
        closing: list[dict[str, Any]] = [{}, {"cutoff": time(15)}, {"working_days": ("mon", "wed", "sat")}]
        east = replace(east, **pick([*closing, {"cutoff": time(11), "timezone": "America/New_York"}]))
        catalogue.save_sites([east, SiteRecord("west", country="US")], self.at)
        begin_days(self.at)
        catalogue.save_customers(
            [
                CustomerRecord("ann", tier="gold", email="ann@example.com", country="US", postcode="94105"),
                CustomerRecord("bob"),
            ]
        )
        catalogue.save_products(
            [
                ProductRecord("lamp", price=Decimal("40.00"), supplier="acme"),
                ProductRecord("torch", price=Decimal("9.90"), backorder_limit=12),
                ProductRecord("chair", price=Decimal(120), supplier="slow", backorder=pick(["", "deny"])),
                ProductRecord("next", price=Decimal(15), supplier="acme", available_from=date(2026, 3, 20)),
                ProductRecord(
                    "set",
                    price=Decimal(70),
                    backorder=pick(["", "", "deny"]),
                    backorder_limit=pick([None, 3]),
                    kit={"lamp": 2, "torch": 1},
                ),
                ProductRecord("trio", price=Decimal(150), kit={"lamp": 1, "chair": 1, "next": 1}),
            ],
            at=self.at,
        )

    def _lines(self, most: int = 6) -> dict[str, int]:
        skus = self.chance.sample(SKUS, self.chance.randint(1, 3))
        return {sku: self.chance.randint(1, most) for sku in skus}

    def _sold(self, most: int = 6) -> dict[str, int]:
        """What customers name: products, and now and then kits."""
        lines = self._lines(most)
        if self.chance.random() < 0.4:
            lines[self.chance.choice(KITS)] = self.chance.randint(1, max(1, most // 2))
        return lines

    def _some(self, refs: list[str]) -> str:
        return self.chance.choice(refs) if refs else "nothing"

    def _due(self) -> date:
        return self.at.date() + timedelta(days=self.chance.randint(-1, 25))

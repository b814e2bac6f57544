"""A company at random: facts of every kind, in any order, through the real actions."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from raincheck.actions import catalogue, floor, move_stock, purchase
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.decline_payment import decline_payment, retry_payment
from raincheck.actions.hold_order import hold_order, release_order
from raincheck.actions.law_delivery import set_fitting_period, withdraw
from raincheck.actions.law_refund import refund_otherwise
from raincheck.actions.move_units import Move, move_units, revoke_given
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.protect import protect
from raincheck.actions.rebalance import rebalance
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.run_timers import begin_days, run_due
from raincheck.actions.sellers import save_sellers
from raincheck.actions.share_shortage import share_shortage
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import RaincheckError
from raincheck.core.settings import Settings, Weights
from raincheck.core.share import Sharing
from raincheck.core.strategy import Request, Segment, Strategy
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord
from raincheck.store.sellers import SellerRecord

if TYPE_CHECKING:
    from collections.abc import Callable

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
CARDS = ("", "", "", "tok_visa", "tok_mastercard", "tok_amex", "tok_declines_once", "tok_declines_later",
         "tok_away_after", "tok_expires_early", "tok_declined")  # fmt: skip
MONEY_FACTS = 0.15
"""How often something is done about money besides."""
RIGHTS_FACTS = 0.05
"""How often a buyer claims a right that a law gives."""
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
class RandomCompany:
    """Plays random facts on a virtual clock. `refused` counts those that the business refused."""

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
        settings = replace(
            settings,
            advance_consent_days=self.law.choice([None, 9, 30]),
            feedback_days=self.law.choice([None, 2]),
        )
        catalogue.save_settings(settings, at=self.at)
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
        save_sellers(SELLERS, {"torch": "north"})
        for site in SITES:
            catalogue.set_stock(site, {sku: self.chance.randint(0, 8) for sku in SKUS}, at=self.at)
        if self.seed % 3 == 0:
            add_policy({"product": "torch"}, {"ship": "available", "merge_hours": 5}, self.at)
            add_policy({"customer": "bob"}, {"minimum_shipment": {"units": 2, "value": "0"}}, self.at)

    def step(self) -> str:
        """Lets some time pass and plays one fact; what it was."""
        self.at += timedelta(minutes=self.chance.choice([0, 1, 30, 61, 600, 1440, 4000, 9000]))
        run_due(self.at, self._charge_until)
        if self.money.random() < MONEY_FACTS:
            self._pay()
        if self.law.random() < RIGHTS_FACTS:
            self._claim_rights()
        act: Callable[[], object] = self.chance.choices(
            [self._place, self._cancel, self._change, self._hold, self._release, self._purchase, self._confirm,
             self._reschedule, self._receive, self._close, self._count, self._transfer, self._return, self._floor,
             self._confirm_cancel, self._rebalance, self._move, self._share, self._revoke, self._protect, self._answer],
            weights=[30, 6, 6, 3, 4, 10, 4, 4, 14, 1, 3, 3, 3, 16, 3, 5, 5, 2, 2, 4, 5],
        )[0]  # fmt: skip
        told = f"{self.at:%m-%d %H:%M} {act.__name__}"
        try:
            told += f" {act()}"
        except RaincheckError as error:
            self.refused += 1
            told += f" refused: {error}"
        self._charge_until(self.at)
        self.told.append(told)
        return told

    def _charge_until(self, at: datetime) -> bool:
        return carry_out_all(self.processor, at) > 0

    def _pay(self) -> None:
        """A charge is going to be declined, another card is given, or a price changes."""
        ref, what = (
            self.money.choice(self.orders or ["nothing"]),
            self.money.choice(["decline", "decline", "card", "price"]),
        )
        told = f"{self.at:%m-%d %H:%M} {what} {ref}"
        try:
            if what == "decline":
                decline_payment(ref, at=self.at)
            elif what == "card":
                retry_payment(ref, at=self.at, card=self.money.choice(["", "tok_visa", "tok_declined"]))
            else:
                price = Decimal(self.money.choice(["30.00", "40.00", "44.00"]))
                catalogue.save_products([ProductRecord("lamp", price=price, supplier="acme")], at=self.at)
        except RaincheckError as error:
            told += f" refused: {error}"
        self._charge_until(self.at)
        self.told.append(told)

    def _claim_rights(self) -> None:
        """A buyer withdraws or sets a further period, or money has to go another way; mostly there is no such right."""
        ref, what = self.law.choice(self.orders or ["nothing"]), self.law.choice(["withdraw", "period", "otherwise"])
        told = f"{self.at:%m-%d %H:%M} {what} {ref}"
        try:
            if what == "withdraw":
                withdraw(ref, None, "by mail", at=self.at)
            elif what == "period":
                set_fitting_period(ref, self.at.date() + timedelta(days=self.law.randint(1, 9)), at=self.at)
            else:
                refund_otherwise(ref, "the card was closed", "cheque", at=self.at)
        except RaincheckError as error:
            told += f" refused: {error}"
        self.told.append(told)

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

    def _place(self) -> str:
        ref = f"O{len(self.orders) + 1}"
        lines = self._sold()
        ship = self.chance.choice([None, None, "available", "complete", "up_to:1", "up_to:2", "up_to:3"])
        asked = tuple(
            AskedLine(sku, units, seller=self.law.choice(["", "", "", "south"])) for sku, units in lines.items()
        )
        wanted_on = self.chance.choice([None, None, self._due()])
        customer = self.chance.choice(["ann", "bob", None])
        request = replace(self._paid(), ref=ref, lines=asked, customer=customer, ship=ship, wanted_on=wanted_on)
        place_order(replace(request, seller_credit=self.law.random() < 0.2), at=self.at)
        self.orders.append(ref)
        return f"{ref} {customer} {lines} {ship} {wanted_on}"

    def _paid(self) -> OrderRequest:
        """How an order pays."""
        pick = self.money.choice
        fee, tax = Decimal(pick(["0", "0", "4.90"])), Decimal(pick(["0", "0", "7.77"]))
        return OrderRequest("", (), shipping_fee=fee, tax=tax, card=pick(CARDS))

    def _protect(self) -> str:
        sku, tier = self.chance.choice(SKUS), self.chance.choice(["gold", "gold", "standard"])
        units = self.chance.randint(0, 6)
        protect(sku, tier, units, at=self.at)
        return f"{units} {sku} for {tier}"

    def _cancel(self) -> str:
        ref = self._some(self.orders)
        lines = self.chance.choice([None, self._sold(2)])
        cancel_order(ref, lines, at=self.at)
        return f"{ref} {lines}"

    def _answer(self) -> str:
        ref = self._some(self.orders)
        choice = self.chance.choice(["wait", "wait", "cancel", "ship_available", "substitute"])
        if choice == "wait" and self.law.random() < 0.4:
            choice = "wait_further"
        there, instead = self.chance.sample(SKUS, 2)
        answer_order(ref, Answer(choice, {there: instead} if choice == "substitute" else {}), at=self.at)
        return f"{ref} {choice}"

    def _change(self) -> str:
        ref, lines = self._some(self.orders), self._sold(9)
        change_order(ref, lines, at=self.at)
        return f"{ref} {lines}"

    def _hold(self) -> str:
        ref = self._some(self.orders)
        hold_order(ref, at=self.at)
        return ref

    def _release(self) -> str:
        ref = self._some(self.orders)
        release_order(ref, at=self.at)
        return ref

    def _due(self) -> date:
        return self.at.date() + timedelta(days=self.chance.randint(-1, 25))

    def _purchase(self) -> str:
        po = f"P{len(self.purchases) + 1}"
        request = purchase.PurchaseRequest(
            po,
            self.chance.choice(["acme", "slow"]),
            self.chance.choice(SITES),
            self._lines(20),
            self.chance.choice([self._due(), self._due(), None]),
            self.chance.choice(["confirmed", "confirmed", "sent", "draft"]),
        )
        purchase.purchase(request, at=self.at)
        self.purchases.append(po)
        return f"{po} {request.units_by_sku} {request.due_on} {request.state}"

    def _confirm(self) -> str:
        po = self._some(self.purchases)
        purchase.confirm(po, self._due(), self.chance.choice([None, self._lines(15)]), at=self.at)
        return po

    def _reschedule(self) -> str:
        po = self._some(self.purchases)
        purchase.reschedule(po, self._due(), at=self.at)
        return po

    def _receive(self) -> str:
        kind = self.chance.choice(["purchase", "purchase", "transfer"])
        ref = self._some(self.purchases if kind == "purchase" else self.transfers)
        lines = self._lines(15)
        damaged = self.chance.choice([{}, {}, self._lines(2)])
        receive(Receipt(lines, damaged, kind, ref), at=self.at)
        return f"{ref} {lines} {damaged}"

    def _close(self) -> str:
        po = self._some(self.purchases)
        purchase.close_short(po, at=self.at)
        return po

    def _count(self) -> str:
        site, lines = self.chance.choice(SITES), self._lines(6)
        move_stock.count(site, lines, at=self.at)
        return f"{site} {lines}"

    def _transfer(self) -> str:
        ref = f"T{len(self.transfers) + 1}"
        there, back = self.chance.sample(SITES, 2)
        lines = self._lines(2)
        move_stock.transfer(ref, there, back, self._due(), lines, at=self.at)
        self.transfers.append(ref)
        return f"{ref} {lines}"

    def _return(self) -> str:
        ref, lines = self._some(self.orders), self._sold(1)
        move_stock.return_goods(ref, lines, self.chance.choice(["good", "damaged"]), at=self.at)
        return f"{ref} {lines}"

    def _floor(self) -> str:
        ref = self._some(self.orders)
        lines = self.chance.choice([None, None, self._sold(3)])
        verb = self.chance.choice(["pick", "pick", "pack", "ship", "ship", "deliver"])
        if verb == "pick":
            floor.pick(ref, lines, at=self.at)
        else:
            act = {"pack": floor.pack, "ship": floor.ship, "deliver": floor.deliver}[verb]
            act(ref, None, lines, at=self.at)
        return f"{verb} {ref} {lines}"

    def _confirm_cancel(self) -> str:
        ref = self._some(self.orders)
        confirm_cancel(ref, at=self.at)
        return ref

    def _rebalance(self) -> str:
        conditions: list[dict[str, str]] = [{}, {"product": self.chance.choice(SKUS)}, {"customer": "ann"}]
        conditions += [{"order": self._some(self.orders)} for _ in range(3)]
        segments = tuple(
            Segment(self.chance.choice(conditions), self.chance.choice(tuple(Strategy)))
            for _ in range(self.chance.randint(1, 4))
        )
        request = Request(
            segments,
            self.chance.choice(["stop_all", "stop_failed"]),
            self.chance.choice([None, (Segment({}, self.chance.choice(tuple(Strategy))),)]),
            least_gain_units=self.chance.choice([0, 0, 2]),
            cool_down_hours=self.chance.choice([0, 0, 48]),
        )
        stopped = rebalance(request, at=self.at)
        return f"{[(dict(s.when), s.strategy.value) for s in segments]} {stopped}"

    def _move(self) -> str:
        move = Move(self._some(self.orders), self._some(self.orders), self.chance.choice(SKUS), 1, "a good customer")
        move_units(move, at=self.at)
        return f"{move}"

    def _share(self) -> str:
        sku, sharing = self.chance.choice(SKUS), self.chance.choice(tuple(Sharing))
        share_shortage(sku, sharing, "fair to all", at=self.at)
        return f"{sku} {sharing}"

    def _revoke(self) -> str:
        ref = self._some(self.orders)
        revoke_given(ref, at=self.at)
        return ref

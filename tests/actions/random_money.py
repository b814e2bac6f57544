"""A shop at random of which the money goes every way: odd prices and coins, goodwill, a processor that answers late."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor as floor_of
from random import Random

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.card_requests import postpone, take_request
from raincheck.actions.catalogue import save_products, save_settings, save_sites, set_stock
from raincheck.actions.change_order import change_order
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.decline_payment import retry_payment
from raincheck.actions.give_card import give_card
from raincheck.actions.give_goodwill import give_goodwill
from raincheck.actions.move_stock import count, return_goods
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.refund_otherwise import ByHand, pay_back
from raincheck.actions.run_timers import run_due
from raincheck.actions.take_card_answer import take_card_answer
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import RaincheckError
from raincheck.core.settings import Settings
from raincheck.gateways.card_work import _request, word_of
from raincheck.gateways.cards import ProcessorAway
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.db import one, rows
from raincheck.store.records import ProductRecord, SiteRecord

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DECIMALS = {"USD": 2, "JPY": 0, "KWD": 3}
SKUS = ("lamp", "torch", "chair", "set")
CARDS = ("tok_visa", "tok_mastercard", "tok_amex", "tok_declines_once", "tok_declines_later", "tok_away_after",
         "tok_away_before", "tok_expires_early", "tok_declined")  # fmt: skip


@dataclass
class RandomShop:
    """Plays random facts; `agreed` is what each line costs a unit, `given` what was let off on kept goods."""

    seed: int
    at: datetime = STARTS_AT
    orders: list[str] = field(default_factory=list)
    agreed: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    paid: dict[str, tuple[Decimal, Decimal, Decimal]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        pick = self.chance.choice
        self.currency = pick(["USD", "JPY", "KWD"])
        self.processor = LocalProcessor(in_drill=True)
        self.lazy = pick([0.0, 0.4, 0.8])
        save_settings(
            Settings(
                currency=self.currency,
                card_payments=True,
                warehouse=pick(["automatic", "automatic", "manual"]),
                handling_days=pick([0, 0, 2]),
                charge=pick(["shipment", "shipment", "order", "deposit:0.3333"]),
                payment_grace_days=pick([0, 1, 3]),
                ship=pick(["available", "available", "complete"]),
                capture_variance=pick([Decimal(0), Decimal("0.15")]),
                authorisation_days=Random(self.seed + 1).choice([(), (("visa", 2), ("mastercard", 6))]),
            ),
            at=self.at,
        )
        save_sites([SiteRecord("east")])
        self.prices = {
            "lamp": Decimal(pick(["40.00", "33.3333", "9.99"])),
            "torch": Decimal(pick(["0.3333", "7", "19.999"])),
            "chair": Decimal(pick(["120", "99.995"])),
        }
        save_products([ProductRecord(sku, price=price) for sku, price in self.prices.items()], at=self.at)
        self.prices["set"] = Decimal("59.9")
        save_products([ProductRecord("set", price=self.prices["set"], kit={"lamp": 2, "torch": 1})], at=self.at)
        if self.chance.random() < 0.4:
            add_policy({"product": "chair"}, {"charge": pick(["order", "shipment", "deposit:0.25"])}, self.at)
        set_stock("east", {sku: self.chance.randint(0, 6) for sku in SKUS[:3]}, at=self.at)

    def step(self) -> str:
        """Lets some time pass and plays one fact; what it was."""
        self.at += timedelta(minutes=self.chance.choice([0, 0, 1, 60, 1440, 1440, 5000, 12000]))
        run_due(self.at, self._answers)
        act = self.chance.choices(
            [self._place, self._stock, self._cancel, self._change, self._return, self._goodwill, self._card,
             self._substitute, self._floor, self._by_hand, self._retry, self._confirm],
            weights=[8, 6, 4, 6, 4, 3, 3, 4, 8, 1, 1, 2],
        )[0]  # fmt: skip
        told = f"{self.at:%m-%d %H:%M} {act.__name__}"
        try:
            told += f" {act()}"
        except RaincheckError as error:
            self.refused += 1
            told += f" refused: {error}"
        self._answers(self.at)
        self.told.append(told)
        return told

    def finish(self) -> None:
        """Good cards, answers, what is open is cancelled: the books must close."""
        self.lazy = 0.0
        for ref in self.orders:
            self._try(give_card, ref, "tok_visa", self.at)
            self._try(confirm_cancel, ref, self.at)
        self._days_pass()
        for ref in self.orders:
            self._try(cancel_order, ref, None, self.at)
            self._try(confirm_cancel, ref, self.at)
            self._try(give_card, ref, "tok_visa", self.at)
        self._days_pass()

    def _days_pass(self) -> None:
        for _ in range(8):
            self.at += timedelta(days=2)
            run_due(self.at, self._answers)
            self._answers(self.at)

    def _try(self, act: Callable[..., object], *words: object) -> None:
        """What the business refuses is left as it is."""
        with suppress(RaincheckError):
            act(*words)

    def owed(self, ref: str) -> Fraction:
        """What the customer should have paid, counted from the lines' fates and what was agreed."""
        fee, tax, asked = (Fraction(x) for x in self.paid[ref])
        goods, begun, is_open, in_advance, has_shipped = Fraction(0), False, False, False, False
        charge = one("SELECT charge FROM sales_order WHERE ref = %s", [ref])[0]
        for sku, policy, open_, shipped, returned, cut in rows(
            """SELECT p.sku, l.policy->'charge'->>'value', l.reserved + l.backordered + l.preordered, l.shipped,
                      l.returned, l.price_cut
               FROM order_line l JOIN product p ON p.id = l.product_id JOIN sales_order o ON o.id = l.order_id
               WHERE o.ref = %s""",
            [ref],
        ):
            price = Fraction(self.agreed[ref, sku])
            when = policy if charge == "by_line" else charge
            share = Fraction(1) if when == "order" else Fraction(when.split(":")[1]) if ":" in when else Fraction(0)
            goods += (shipped - returned) * price - Fraction(cut) + share * open_ * price
            begun |= shipped > returned
            is_open |= open_ > 0
            in_advance |= open_ > 0 and share > 0
            has_shipped |= shipped > 0
        begun |= in_advance or (is_open and has_shipped)
        total = goods + (fee if begun else 0)
        total += tax * goods / asked if asked else (tax if begun else 0)
        coins = 10 ** DECIMALS[self.currency]
        return Fraction(floor_of(total * coins + Fraction(1, 2)), coins)

    def _answers(self, until: datetime) -> bool:
        did = False
        while self.chance.random() >= self.lazy and self._answer(until):
            did = True
        return did

    def _answer(self, at: datetime) -> bool:
        """The worker sends one request, however late: the answer is of now."""
        taken = take_request(at)
        if taken is None:
            return False
        asked, _ = taken
        try:
            answer = self.processor.carry_out(_request(asked), at)
        except ProcessorAway:
            postpone(asked, at)
        else:
            take_card_answer(asked.key, word_of(answer), at)
            if self.chance.random() < 0.1:
                take_card_answer(asked.key, word_of(answer), at)
        return True

    def _place(self) -> str:
        ref = f"O{len(self.orders) + 1}"
        pick = self.chance.choice
        skus = self.chance.sample(SKUS, self.chance.randint(1, 3))
        asked = tuple(AskedLine(sku, self.chance.randint(1, 4)) for sku in skus)
        fee, tax = Decimal(pick(["0", "4.90", "5"])), Decimal(pick(["0", "7.77", "0.001"]))
        card = pick([*CARDS, "", ""])
        place_order(OrderRequest(ref, asked, shipping_fee=fee, tax=tax, card=card), at=self.at)
        self.orders.append(ref)
        for line in asked:
            self.agreed[ref, line.sku] = self.prices[line.sku]
        self.paid[ref] = (fee, tax, sum((self.prices[line.sku] * line.units for line in asked), Decimal(0)))
        if not (fee or tax or card):
            self.paid[ref] = (Decimal(0),) * 3
        return f"{ref} {[(line.sku, line.units) for line in asked]} fee {fee} tax {tax} {card}"

    def _one(self) -> str:
        return self.chance.choice(self.orders or ["nothing"])

    def _lines(self, ref: str) -> dict[str, tuple[int, int, int]]:
        return {
            sku: (ordered, open_, kept)
            for sku, ordered, open_, kept in rows(
                """SELECT p.sku, l.ordered, l.reserved + l.backordered + l.preordered, l.shipped - l.returned
                   FROM order_line l JOIN product p ON p.id = l.product_id JOIN sales_order o ON o.id = l.order_id
                   WHERE o.ref = %s ORDER BY l.id""",
                [ref],
            )
        }

    def _stock(self) -> str:
        sku = self.chance.choice(SKUS[:3])
        here = one(
            "SELECT coalesce(sum(on_hand), 0)::int FROM stock_level s JOIN product p ON p.id = s.product_id "
            "WHERE p.sku = %s",
            [sku],
        )[0]
        units = here + self.chance.randint(-1, 5)
        count("east", {sku: max(0, units)}, self.at)
        return f"{sku} {units}"

    def _cancel(self) -> str:
        ref = self._one()
        found = {sku: open_ for sku, (_, open_, _) in self._lines(ref).items() if open_}
        part = None
        if found and self.chance.random() < 0.7:
            sku = self.chance.choice(sorted(found))
            part = {sku: self.chance.randint(1, found[sku])}
        cancel_order(ref, part, self.at)
        return f"{ref} {part}"

    def _change(self) -> str:
        ref = self._one()
        there = self._lines(ref)
        wanted: dict[str, int] = {}
        for sku in self.chance.sample(SKUS, self.chance.randint(1, 2)):
            before = there.get(sku, (0, 0, 0))[0]
            wanted[sku] = max(0, before + self.chance.choice([-2, -1, 1, 2, 3]))
            if not wanted[sku] and sku not in there:
                wanted[sku] = 1
        change_order(ref, wanted, self.at)
        for sku in wanted:
            self.agreed.setdefault((ref, sku), self.prices[sku])
        return f"{ref} {wanted}"

    def _return(self) -> str:
        ref = self._one()
        found = {sku: kept for sku, (_, _, kept) in self._lines(ref).items() if kept}
        if not found:
            return "nothing"
        sku = self.chance.choice(sorted(found))
        units = self.chance.randint(1, found[sku])
        return_goods(ref, {sku: units}, self.chance.choice(["good", "damaged"]), self.at)
        return f"{ref} {sku} {units}"

    def _goodwill(self) -> str:
        ref = self._one()
        coin = Decimal(1).scaleb(-DECIMALS[self.currency])
        amount = (Decimal(self.chance.randint(1, 3000)) / 100).quantize(coin, ROUND_HALF_UP)
        give_goodwill(ref, amount, "late", self.at)
        return f"{ref} {amount}"

    def _card(self) -> str:
        ref, card = self._one(), self.chance.choice(CARDS)
        give_card(ref, card, self.at)
        return f"{ref} {card}"

    def _retry(self) -> str:
        ref = self._one()
        retry_payment(ref, self.at)
        return ref

    def _substitute(self) -> str:
        ref = self._one()
        there, instead = self.chance.sample(SKUS, 2)
        answer_order(ref, Answer("substitute", {there: instead}), at=self.at)
        self.agreed.setdefault((ref, instead), self.agreed[ref, there])
        return f"{ref} {there} -> {instead}"

    def _floor(self) -> str:
        ref = self._one()
        act = self.chance.choice(["pick", "ship", "ship"])
        if act == "pick":
            floor.pick(ref, at=self.at)
        else:
            floor.ship(ref, at=self.at)
        return f"{act} {ref}"

    def _confirm(self) -> str:
        ref = self._one()
        confirm_cancel(ref, self.at)
        return ref

    def _by_hand(self) -> str:
        ref = self._one()
        pay_back(ref, ByHand("cheque", "cheque 1", "closed"), self.at)
        return ref

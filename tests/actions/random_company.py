"""A company at random: facts of every kind, in any order, through the real actions."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.actions.random_founding import SKUS
from tests.actions.random_supply import SuppliedCompany

from raincheck.actions import catalogue
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
from raincheck.actions.protect import protect
from raincheck.actions.rebalance import rebalance
from raincheck.actions.run_timers import run_due
from raincheck.actions.share_shortage import share_shortage
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import RaincheckError
from raincheck.core.share import Sharing
from raincheck.core.strategy import Request, Segment, Strategy
from raincheck.gateways.card_work import carry_out_all
from raincheck.store.records import ProductRecord

if TYPE_CHECKING:
    from collections.abc import Callable

CARDS = ("", "", "", "tok_visa", "tok_mastercard", "tok_amex", "tok_declines_once", "tok_declines_later",
         "tok_away_after", "tok_expires_early", "tok_declined")  # fmt: skip
MONEY_FACTS = 0.15
"""How often something is done about money besides."""
RIGHTS_FACTS = 0.05
"""How often a buyer claims a right that a law gives."""


class RandomCompany(SuppliedCompany):
    """Plays random facts on a virtual clock. `refused` counts those that the business refused."""

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

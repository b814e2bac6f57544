"""An order's money in words whose amounts add up: what it costs, what is paid, what is due now, what is to come."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from raincheck.notices.amounts import money_text
from raincheck.store.reads.paying import FailedRefund, Paying, failed_refunds, paying
from raincheck.words.moments import day_text

SCHEMES = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express"}


@dataclass(frozen=True, slots=True)
class MoneyInWords:
    """How an order stands with its money. `rows` are amounts by what they are, `failed` what no card took back."""

    standing: Paying
    sentence: str
    rows: tuple[tuple[str, str, bool], ...]
    failed: tuple[FailedRefund, ...]


def money_in_words(order: int, currency: str, zone: ZoneInfo, today: date) -> MoneyInWords:
    """The money of an order."""
    found = paying(order)
    words = _Words(currency, zone, today)
    failed = tuple(one for one in failed_refunds(order) if one.bounced or found.to_give_back > 0)
    return MoneyInWords(found, words.sentence(found), tuple(words.rows(found)), failed)


@dataclass(frozen=True, slots=True)
class _Words:
    currency: str
    zone: ZoneInfo
    today: date

    def amount(self, amount: Decimal) -> str:
        return money_text(amount, self.currency)

    def rows(self, one: Paying) -> list[tuple[str, str, bool]]:
        """What it costs and what was paid: label, amount, whether it is a sum."""
        parts = [("Shipping", one.shipping_fee), ("Tax", one.tax)]
        costs = [("Goods", one.goods), *((label, amount) for label, amount in parts if amount)]
        back = [("Given back", -one.refunded)] if one.refunded else []
        found = [(label, self.amount(amount), False) for label, amount in costs]
        found.append(("In all", self.amount(one.total), True))
        found += [(label, self.amount(amount), False) for label, amount in [("Charged", one.captured), *back]]
        if one.due_now > 0:
            found.append(("Due now", self.amount(one.due_now), False))
        elif one.due_now < 0:
            found.append(("To be given back", self.amount(one.due_now), False))
        if one.to_come:
            found.append(("Still to come", self.amount(one.to_come), False))
        return found

    def sentence(self, one: Paying) -> str:
        """The same in a line or two."""
        if not (one.total or one.captured):
            return "Nothing of it costs anything."
        said = [f"{self.amount(one.paid)} of {self.amount(one.total)} is paid."]
        if one.paid == one.total:
            said = [f"All of it is paid: {self.amount(one.paid)}."] if one.total else ["Nothing is owed either way."]
        if one.owed:
            said.append(f"{self.amount(one.owed)} was declined and is still owed.")
        elif one.due_now > 0:
            said.append(f"{self.amount(one.due_now)} is being charged.")
        elif one.due_now < 0:
            said.append(f"{self.amount(one.to_give_back)} is to be given back.")
        if one.to_come:
            said.append(f"{self.amount(one.to_come)} is charged as parcels leave{self._cover(one)}.")
        return " ".join(said)

    def _cover(self, one: Paying) -> str:
        if not one.card:
            return ""
        card = SCHEMES.get(one.scheme, "card")
        if not one.held:
            return "; the card is being asked" if one.asking else f"; the {card} holds nothing for it now"
        until = ""
        if one.held_until:
            until = f" until {day_text(one.held_until.astimezone(self.zone).date(), self.today)}"
        return f"; the {card} holds {self.amount(one.held)} for it{until}"

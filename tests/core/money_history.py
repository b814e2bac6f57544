"""One order's money at random, by the decisions of `core.money` and `core.cards`: the ledger that comes of it.

It plays the shop: what is due is moved, by card or elsewhere; the processor declines what it pleases; authorisations
run out and are renewed before anything leaves. Beside it the paper of `money_statement` is kept.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from tests.core.money_statement import Paper

from raincheck.core.cards import Above, Authorisation, Charge, Use, cover, draw, drawn, give_back, holds_until, refund
from raincheck.core.money import (
    LineMoney,
    OrderMoney,
    after_shipping,
    at_stake,
    cut_kept,
    decimals_of,
    due,
    passed_on,
    share_in_advance,
)

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PRICES = ("0.01", "9.99", "10", "33.3333", "40", "0.0051", "1234.56")
CHARGES = ("shipment", "order", "deposit:0.2", "deposit:0.3333")
SCHEMES = ("visa", "mastercard", "amex", "maestro")


@dataclass
class Ledger:
    """What the processor holds and has done. `refunded` by capture, `drawn` and `voided` by authorisation."""

    live: list[Authorisation] = field(default_factory=list)
    authorised: dict[int, Decimal] = field(default_factory=dict)
    drawn: dict[int, Decimal] = field(default_factory=dict)
    voided: dict[int, Decimal] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    captures: dict[int, Decimal] = field(default_factory=dict)
    refunded: dict[int, Decimal] = field(default_factory=dict)
    net: Decimal = Decimal(0)
    last_id: int = 0

    def new_id(self) -> int:
        """The next number."""
        self.last_id += 1
        return self.last_id


@dataclass
class History:
    """A random history. `owed` was declined and is asked for again."""

    seed: int
    at: datetime = STARTS_AT
    ledger: Ledger = field(default_factory=Ledger)
    owed: Decimal = Decimal(0)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        pick = self.chance.choice
        self.by_card = self.chance.random() < 0.6
        self.passes_on = self.chance.random() < 0.3
        self.variance = pick([Decimal(0), Decimal(0), Decimal("0.15")])
        self.declines = pick([0.0, 0.0, 0.2])
        self.scheme = pick(SCHEMES)
        currency = pick(["USD", "EUR", "JPY", "KWD"])
        count = self.chance.randint(1, 3)
        prices = [Decimal(pick(PRICES)) for _ in range(count)]
        shares = [share_in_advance(pick(CHARGES)) for _ in range(count)]
        units = [self.chance.randint(1, 5) for _ in range(count)]
        fee, tax = Decimal(pick(["0", "0", "4.90"])), Decimal(pick(["0", "0", "7.77"]))
        value = sum((price * n for price, n in zip(prices, units, strict=True)), Decimal(0))
        self.money = OrderMoney({}, fee, tax, value, decimals_of(currency))
        self.paper = Paper(
            [Fraction(price) for price in prices],
            [Fraction(share) for share in shares],
            Fraction(fee),
            Fraction(tax),
            Fraction(value),
            self.money.decimals,
        )
        lines = {n: LineMoney(price, share) for n, (price, share) in enumerate(zip(prices, shares, strict=True))}
        self.money = replace(self.money, lines=lines)
        for line, n in enumerate(units):
            self._add(line, n)
        self._settle()
        self._authorise(at_stake(self.money), Use.CUSTOMER)

    def play(self, steps: int) -> None:
        """So many things happen."""
        for _ in range(steps):
            act = self.chance.choice([self._ship, self._ship, self._cancel, self._return, self._raise, self._wait])
            act()
            self.said.append(act.__name__)

    def finish(self) -> None:
        """What is open is shipped or cancelled, and what is owed is paid: the end of the story."""
        self.declines = 0.0
        while any(line.open_units for line in self.money.lines.values()):
            self.chance.choice([self._ship, self._cancel])()
        self._collect()

    def _add(self, line: int, units: int) -> None:
        its = self.money.lines[line]
        lines = {**self.money.lines, line: replace(its, open_units=its.open_units + units)}
        self.money = replace(self.money, lines=lines)
        self.paper.place(line, units)

    def _raise(self) -> None:
        self._add(self._line(), self.chance.randint(1, 2))
        self._settle()
        held = sum((one.left for one in self.ledger.live), Decimal(0))
        self._authorise(at_stake(self.money) - held, Use.CUSTOMER)

    def _ship(self) -> None:
        """Some units leave, if they are covered: an authorisation that is missing is asked for first."""
        units = {line: self._some(its.open_units) for line, its in self.money.lines.items()}
        units = {line: n for line, n in units.items() if n}
        if not units or self.owed:
            return self._collect()
        if self.by_card:
            held = cover(self.ledger.live, self.at, Above(self.variance, self.money.decimals))
            stake = at_stake(self.money, units)
            if stake > held and not self._authorise(stake - held, Use.MERCHANT):
                return None
        cuts: dict[int, Decimal] = {}
        for line in units:
            price = self.money.lines[line].unit_price
            today = self.chance.choice([None, price, price * 2, price / 2])
            cuts[line] = passed_on(price, today.quantize(Decimal("0.0001")) if today is not None else None)
            cuts[line] = cuts[line] if self.passes_on else Decimal(0)
        self.money = after_shipping(self.money, units, cuts)
        for line, n in units.items():
            self.paper.ship(line, n, Fraction(cuts[line]))
        self._settle(shipped=True)
        return None

    def _cancel(self) -> None:
        line = self._line()
        its = self.money.lines[line]
        if units := self._some(its.open_units):
            self.money = replace(
                self.money, lines={**self.money.lines, line: replace(its, open_units=its.open_units - units)}
            )
            self.paper.cancel(line, units)
            self._settle()

    def _return(self) -> None:
        line = self._line()
        its = self.money.lines[line]
        if units := self._some(its.kept_units):
            back = replace(its, kept_units=its.kept_units - units, cut=cut_kept(its, units))
            self.money = replace(self.money, lines={**self.money.lines, line: back})
            self.paper.take_back(line, units)
            self._settle()

    def _wait(self) -> None:
        """Days pass; authorisations run out."""
        self.at += timedelta(days=self.chance.choice([1, 6, 31]))
        gone = {one.id for one in self.ledger.live if one.expires_at is not None and one.expires_at <= self.at}
        self.ledger.live = [one for one in self.ledger.live if one.id not in gone]
        self.ledger.closed |= gone
        self._collect()

    def _collect(self) -> None:
        """What was declined is asked for again."""
        if self.owed:
            self.owed = Decimal(0)
            self._settle()

    def _settle(self, *, shipped: bool = False) -> None:
        """Moves the difference between what is due and what was moved: the only place where money moves."""
        amount = due(self.money) - self.ledger.net - self.owed
        if amount > 0:
            self._capture(amount, shipped=shipped)
        elif amount < 0:
            let_off = min(self.owed, -amount)
            self.owed -= let_off
            self._refund(-amount - let_off)
        if self.by_card:
            for one in give_back(self.ledger.live, at_stake(self.money)):
                self._void(one.authorisation, one.amount)

    def _capture(self, amount: Decimal, *, shipped: bool) -> None:
        ledger = self.ledger
        is_last = not any(line.open_units for line in self.money.lines.values())
        live = ledger.live if shipped else []
        above = Above(self.variance, self.money.decimals)
        draws = draw(amount, live, above, is_last=is_last) if self.by_card else []
        for one in draws:
            if one.authorisation is None:
                continue
            assert one.authorisation not in ledger.closed, "drawn after the final capture"
            ledger.drawn[one.authorisation] = ledger.drawn.get(one.authorisation, Decimal(0)) + one.amount
            self._captured(one.amount)
            if one.is_final:
                ledger.closed.add(one.authorisation)
        if live:
            ledger.live = drawn(live, draws)
        directly = amount - sum((one.amount for one in draws if one.authorisation is not None), Decimal(0))
        assert not (shipped and self.by_card and directly), "a parcel left that no authorisation covered"
        if directly and self.chance.random() < self.declines:
            self.owed += directly
        elif directly:
            self._captured(directly)

    def _captured(self, amount: Decimal) -> None:
        self.ledger.captures[self.ledger.new_id()] = amount
        self.ledger.net += amount

    def _refund(self, amount: Decimal) -> None:
        ledger = self.ledger
        left = [
            Charge(id_, captured - ledger.refunded.get(id_, Decimal(0))) for id_, captured in ledger.captures.items()
        ]
        for one in refund(amount, left):
            assert one.authorisation is not None
            ledger.refunded[one.authorisation] = ledger.refunded.get(one.authorisation, Decimal(0)) + one.amount
            ledger.net -= one.amount

    def _authorise(self, amount: Decimal, use: Use) -> bool:
        if not self.by_card or amount <= 0:
            return self.by_card
        if self.chance.random() < self.declines:
            return False
        until = holds_until(self.scheme, use, self.at, {}, None)
        one = Authorisation(self.ledger.new_id(), amount, amount, expires_at=until)
        self.ledger.live.append(one)
        self.ledger.authorised[one.id] = amount
        return True

    def _void(self, authorisation: int | None, amount: Decimal) -> None:
        assert authorisation is not None
        self.ledger.voided[authorisation] = self.ledger.voided.get(authorisation, Decimal(0)) + amount
        self.ledger.live = [
            replace(one, left=one.left - amount) if one.id == authorisation else one for one in self.ledger.live
        ]

    def _line(self) -> int:
        return self.chance.choice(sorted(self.money.lines))

    def _some(self, units: int) -> int:
        return self.chance.randint(0, units) if units else 0

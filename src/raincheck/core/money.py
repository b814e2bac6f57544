"""What an order's customer should have paid by now: one rule for every capture and refund (ADR 0010).

Due is the value of what was shipped and kept, the share in advance of what is still open, the shipping fee once, and
the tax in proportion to the goods. A movement of money is always the difference between what is due and what was
captured less refunded, each rounded as a running total: so no cent is lost or taken twice, whatever the path.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from raincheck.core.errors import Malformed

NOTHING: Final = Decimal(0)

ON_SHIPMENT: Final = "shipment"
ON_ORDER: Final = "order"
DEPOSIT: Final = "deposit:"

_NO_DECIMALS: Final = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
                       "XAF", "XOF", "XPF")  # fmt: skip
OTHER_DECIMALS: Final[Mapping[str, int]] = {
    **dict.fromkeys(_NO_DECIMALS, 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""The currencies that have other than two decimals (ISO 4217)."""


def decimals_of(currency: str) -> int:
    """How many decimals a currency's smallest coin has (ISO 4217).

    >>> decimals_of("USD"), decimals_of("JPY"), decimals_of("KWD")
    (2, 0, 3)
    """
    return OTHER_DECIMALS.get(currency, 2)


def rounded(amount: Decimal, decimals: int) -> Decimal:
    """An amount in the currency's smallest coin, half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def plain(amount: Decimal, currency: str = "") -> str:
    """An amount as programs and people read it: its currency's decimals (two where none is named), or more.

    >>> plain(Decimal("40.0000")), plain(Decimal("0.0125")), plain(Decimal("5000.0000"), "JPY")
    ('40.00', '0.0125', '5000')
    """
    coins = rounded(amount, decimals_of(currency))
    return f"{coins if coins == amount else amount.normalize():f}"


def with_currency(amount: Decimal, currency: str) -> str:
    """An amount with its currency's code: `145.05 USD`."""
    return f"{plain(amount, currency)} {currency}"


def share_in_advance(charge: str) -> Decimal:
    """The share of its price that a line owes before it ships: 0 for `shipment`, 1 for `order`, else a deposit's.

    >>> share_in_advance("shipment"), share_in_advance("deposit:0.2")
    (Decimal('0'), Decimal('0.2'))
    """
    if charge.startswith(DEPOSIT):
        return Decimal(charge.removeprefix(DEPOSIT))
    return Decimal(1) if charge == ON_ORDER else NOTHING


def deposit_of(share: Decimal) -> str:
    """The policy value of a deposit. Raises Malformed for a share that is not between 0 and 1.

    >>> deposit_of(Decimal("0.20"))
    'deposit:0.2'
    """
    if not share.is_finite() or not 0 < share < 1 or share != rounded(share, 4):
        raise Malformed(f"a deposit is a share above 0 and below 1 with at most four decimals, not {share}")
    return f"{DEPOSIT}{share.normalize():f}"


def check_charge(charge: str) -> None:
    """Raises Malformed for a time of charging that nobody knows."""
    if charge.startswith(DEPOSIT):
        try:
            deposit_of(Decimal(charge.removeprefix(DEPOSIT)))
        except ArithmeticError as error:
            raise Malformed(f"a deposit is a share such as 0.2, not {charge.removeprefix(DEPOSIT)!r}") from error
    elif charge not in (ON_SHIPMENT, ON_ORDER):
        raise Malformed(f"charge must be shipment, order or a deposit, not {charge!r}")


@dataclass(frozen=True, slots=True)
class LineMoney:
    """What of a line counts: its units (of a kit: whole kits), its price, and the share that is due in advance.

    `kept_units` were shipped and did not come back; together they cost `cut` less than the price says.
    """

    unit_price: Decimal
    share: Decimal = NOTHING
    open_units: int = 0
    shipped_units: int = 0
    kept_units: int = 0
    cut: Decimal = NOTHING

    @property
    def goods_due(self) -> Decimal:
        """What is due for its goods, not rounded."""
        return self.kept_units * self.unit_price - self.cut + self.share * self.open_units * self.unit_price


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What of an order counts: its lines by id, what is charged besides, and the decimals of its currency."""

    lines: Mapping[int, LineMoney] = field(default_factory=dict)
    shipping_fee: Decimal = NOTHING
    tax: Decimal = NOTHING
    taxed_value: Decimal = NOTHING
    decimals: int = 2

    @property
    def has_begun(self) -> bool:
        """Whether the order costs anything yet: goods are kept, or open ones paid in advance or follow a parcel."""
        lines = self.lines.values()
        if any(line.kept_units for line in lines):
            return True
        shipped = any(line.shipped_units for line in lines)
        return any(line.open_units and (shipped or line.share) for line in lines)


def due(order: OrderMoney) -> Decimal:
    """What should have been captured less refunded by now; never below 0.

    The fee is due from the first capture until nothing is kept and nothing open follows a parcel or an advance, so it
    is given back once, over the whole order. Tax follows the goods in proportion; on goods that cost nothing it follows
    the fee.
    """
    goods = sum((line.goods_due for line in order.lines.values()), NOTHING)
    once = order.shipping_fee if order.has_begun else NOTHING
    if order.taxed_value:
        goods += order.tax * goods / order.taxed_value
    elif order.has_begun:
        once += order.tax
    return rounded(goods + once, order.decimals)


def after_shipping(
    order: OrderMoney, units_by_line: Mapping[int, int], cuts: Mapping[int, Decimal] | None = None
) -> OrderMoney:
    """The order when so many open units of its lines have shipped; `cuts` says by how much a unit costs less then."""
    lines = dict(order.lines)
    for id_, units in units_by_line.items():
        line = lines[id_]
        lines[id_] = replace(
            line,
            open_units=line.open_units - units,
            shipped_units=line.shipped_units + units,
            kept_units=line.kept_units + units,
            cut=line.cut + units * (cuts or {}).get(id_, NOTHING),
        )
    return replace(order, lines=lines)


def before_shipping(
    order: OrderMoney, units_by_line: Mapping[int, int], cuts: Mapping[int, Decimal] | None = None
) -> OrderMoney:
    """The order as it stood before so many units of its lines shipped: `after_shipping` undone."""
    return after_shipping(order, {id_: -units for id_, units in units_by_line.items()}, cuts)


def cut_kept(line: LineMoney, returned_units: int) -> Decimal:
    """What is left of a line's cut when some of its kept units come back: each has had the same part of it."""
    left = line.kept_units - returned_units
    return rounded(line.cut * left / line.kept_units, 4) if left else NOTHING


def passed_on(order_price: Decimal, price_today: Decimal | None) -> Decimal:
    """By how much a unit costs less than agreed when it ships: a cut is passed on, a rise never.

    >>> passed_on(Decimal(40), Decimal(35)), passed_on(Decimal(40), Decimal(45))
    (Decimal('5'), Decimal('0'))
    """
    return NOTHING if price_today is None else max(NOTHING, order_price - price_today)


def at_stake(order: OrderMoney, leaving: Mapping[int, int] | None = None) -> Decimal:
    """What shipping some open units would have captured (None: all that is open); 0 where it is paid already."""
    units = {id_: line.open_units for id_, line in order.lines.items()} if leaving is None else leaving
    return max(NOTHING, due(after_shipping(order, units)) - due(order))


def without(order: OrderMoney, units_by_line: Mapping[int, int]) -> OrderMoney:
    """The order when so many open units of its lines have ended."""
    lines = dict(order.lines)
    for id_, units in units_by_line.items():
        lines[id_] = replace(lines[id_], open_units=lines[id_].open_units - units)
    return replace(order, lines=lines)


def given_back(order: OrderMoney, ended_units: Mapping[int, int], owed: Decimal = NOTHING) -> dict[int, Decimal]:
    """What comes back as money of open units that have ended, by line; `order` is what is left without them.

    The fee goes with the last line that it follows. What was declined and is `owed` still was never paid: it is let off
    first.
    """
    lines = dict(order.lines)
    for id_, units in ended_units.items():
        lines[id_] = replace(lines[id_], open_units=lines[id_].open_units + units)
    found: dict[int, Decimal] = {}
    before = due(replace(order, lines=lines))
    for id_ in ended_units:
        lines[id_] = order.lines[id_]
        left = due(replace(order, lines=lines))
        let_off = min(owed, before - left)
        found[id_] = before - left - let_off
        owed, before = owed - let_off, left
    return found


def movements(settled: Decimal, dues: Iterable[Decimal]) -> list[Decimal]:
    """What to move for each of several dues one after the other: above 0 is captured, below 0 refunded.

    `settled` is what was captured less refunded before, what is on its way and what was declined and is owed included.

    >>> movements(Decimal(10), [Decimal(30), Decimal(25)])
    [Decimal('20'), Decimal('-5')]
    """
    found: list[Decimal] = []
    for wanted in dues:
        found.append(wanted - settled)
        settled = wanted
    return found

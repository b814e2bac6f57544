"""What an order that is only quoted would be charged, and when: with the order, then with each parcel."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from raincheck.actions.quote import QuotedLine
from raincheck.actions.terms import OrderRequest
from raincheck.core.money import NOTHING, LineMoney, OrderMoney, after_shipping, decimals_of, due, share_in_advance
from raincheck.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Charges:
    """`at_order` and the amounts of `parcels` (by the day on which they arrive; None: no day yet) add up to `total`.

    `held` is what a card is asked to hold when the order is placed: all that is charged later.
    """

    total: Decimal
    at_order: Decimal
    parcels: tuple[tuple[date | None, Decimal], ...]
    by_card: bool

    @property
    def held(self) -> Decimal:
        """What a card is asked to hold besides what is charged with the order."""
        return self.total - self.at_order if self.by_card else NOTHING


def charges_of(request: OrderRequest, quoted: Sequence[QuotedLine], settings: Settings) -> Charges:
    """The charges of what would be accepted, by the one rule of `core.money`."""
    money = OrderMoney(
        {
            nr: LineMoney(line.row.unit_price, share_in_advance(_charge(line)), line.row.ordered - line.row.refused)
            for nr, line in enumerate(quoted)
        },
        request.shipping_fee,
        request.tax,
        sum((line.row.unit_price * line.row.ordered for line in quoted), NOTHING),
        decimals_of(settings.currency),
    )
    at_order = due(money)
    parcels: list[tuple[date | None, Decimal]] = []
    for on, units in sorted(_units_by_day(quoted).items(), key=lambda one: (one[0] is None, one[0] or date.max)):
        before, money = due(money), after_shipping(money, units)
        parcels.append((on, due(money) - before))
    return Charges(due(money), at_order, tuple(parcels), bool(request.card))


def _charge(line: QuotedLine) -> str:
    return str(line.row.policy["charge"]["value"])


def _units_by_day(quoted: Sequence[QuotedLine]) -> dict[date | None, dict[int, int]]:
    """Units by line that would arrive together."""
    found: dict[date | None, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for nr, line in enumerate(quoted):
        for piece in line.pieces:
            if piece.source != "refused":
                found[piece.on][nr] += piece.units
    return found

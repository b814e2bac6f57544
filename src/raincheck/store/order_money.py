"""What orders owe by the one rule of `core.money`, and the movements that make what was captured equal to it.

Every action that changes what is due calls `settle_money` in its own transaction, once the lines say what is true now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from raincheck.core.money import (
    NOTHING,
    LineMoney,
    OrderMoney,
    after_shipping,
    before_shipping,
    cut_kept,
    decimals_of,
    due,
    given_back,
    movements,
    passed_on,
    rounded,
    share_in_advance,
    without,
)
from raincheck.core.settings import Settings
from raincheck.store import card_requests
from raincheck.store.db import columns, rows, run
from raincheck.store.outbox import Outbox
from raincheck.store.payments import Movement, enter

CHARGE_OF_LINE: Final = "CASE o.charge WHEN 'by_line' THEN l.policy->'charge'->>'value' ELSE o.charge END"
"""When a line is charged: the order's way, or its own where they differ. For `order_line l`, `sales_order o`."""


@dataclass(frozen=True, slots=True)
class Account:
    """An order's money. `settled` was captured less refunded, what is on its way and what was declined included.

    `card` pays, if there is one; without, the shop charges elsewhere.
    """

    money: OrderMoney
    settled: Decimal
    card: str = ""

    @property
    def open_units(self) -> int:
        """What may still ship."""
        return sum(line.open_units for line in self.money.lines.values())


def read_accounts(settings: Settings, orders: Collection[int], *, locks: bool = True) -> dict[int, Account]:
    """The accounts of some orders, in one look, so that what another order's parcel does meanwhile is in all or none.

    What is paid once over a whole order would be taken twice by parcels that leave at one moment under the locks of
    different products: so its row is locked first (`locks`; a preview that only reads cannot). So is a part of a coin,
    which each of them would round by itself: an order that has no such row yet gets one.
    """
    wanted = sorted(set(orders))
    if locks:
        _lock(wanted)
    found, without_row = _read_accounts(settings, wanted)
    if locks and (broken := sorted(order for order in without_row if _has_parts_of_coins(found[order].money))):
        run(
            """INSERT INTO order_payment (order_id) SELECT unnest(%s::bigint[]) ORDER BY 1
               ON CONFLICT (order_id) DO NOTHING""",
            [broken],
        )
        _lock(broken)
        found.update(_read_accounts(settings, broken)[0])
    return found


def _lock(orders: Sequence[int]) -> None:
    """Locks the rows of what some orders pay, as far as they have one."""
    rows(
        "SELECT order_id FROM order_payment WHERE order_id = ANY(%s) ORDER BY order_id FOR NO KEY UPDATE",
        [list(orders)],
    )


def _has_parts_of_coins(money: OrderMoney) -> bool:
    """Whether what is due of single units is no whole number of coins: then it is rounded over all of them."""
    return any(
        rounded(amount, money.decimals) != amount
        for line in money.lines.values()
        for amount in (line.unit_price, line.share * line.unit_price, line.cut)
    )


def _read_accounts(settings: Settings, orders: Sequence[int]) -> tuple[dict[int, Account], set[int]]:
    """The accounts as they are now, and those of the orders that have no row of what they pay besides."""
    heads: dict[int, tuple[Decimal, ...]] = {}
    lines: dict[int, dict[int, LineMoney]] = defaultdict(dict)
    cards: dict[int, str] = {}
    without_row: set[int] = set()
    for order, has_row, card, fee, tax, value, settled, line, charge, price, open_units, shipped, returned, cut in rows(
        f"""SELECT o.id, y.order_id IS NOT NULL, coalesce(y.card, ''), coalesce(y.shipping_fee, 0), coalesce(y.tax, 0),
                   coalesce(y.taxed_value, 0),
                   (SELECT coalesce(sum(CASE m.kind WHEN 'capture' THEN m.amount WHEN 'refund' THEN -m.amount END), 0)
                    FROM payment m WHERE m.order_id = o.id)
                   + (SELECT coalesce(sum(CASE r.kind WHEN 'capture' THEN r.amount WHEN 'refund' THEN -r.amount END), 0)
                      FROM card_request r WHERE r.order_id = o.id AND r.state = 'pending')
                   + coalesce((SELECT d.amount_due FROM payment_decline d WHERE d.order_id = o.id), 0),
                   l.id, {CHARGE_OF_LINE}, l.unit_price, l.reserved + l.backordered + l.preordered, l.shipped,
                   l.returned, l.price_cut
            FROM sales_order o JOIN order_line l ON l.order_id = o.id LEFT JOIN order_payment y ON y.order_id = o.id
            WHERE o.id = ANY(%s) ORDER BY o.id, l.id""",  # noqa: S608
        [list(orders)],
    ):
        heads[order] = (fee, tax, value, settled)
        cards[order] = card
        if not has_row:
            without_row.add(order)
        lines[order][line] = LineMoney(price, share_in_advance(charge), open_units, shipped, shipped - returned, cut)
    decimals = decimals_of(settings.currency)
    accounts = {
        order: Account(OrderMoney(lines[order], fee, tax, taxed_value, decimals), settled, cards[order])
        for order, (fee, tax, taxed_value, settled) in heads.items()
    }
    return accounts, without_row


def settle_money(settings: Settings, outbox: Outbox, orders: Collection[int]) -> None:
    """Moves what lies between what is due of some orders and what was captured, as things are now."""
    moved: list[Movement] = []
    for order, account in read_accounts(settings, orders).items():
        moved += _move(settings, outbox, order, account, movements(account.settled, [due(account.money)]), [None])
    enter(outbox, moved, outbox.at, settings.currency)


def settle_shipped(
    settings: Settings, outbox: Outbox, shipped: Mapping[int, Sequence[tuple[int, Mapping[int, int]]]]
) -> None:
    """Moves what parcels that have just left make due: one capture a parcel. By order: (parcel, units by line)."""
    cuts = _pass_on_cuts(shipped) if settings.pass_on_cuts else {}
    moved: list[Movement] = []
    for order, account in read_accounts(settings, shipped).items():
        parcels = shipped[order]
        money = account.money
        for _, units in parcels:
            money = before_shipping(money, units, cuts)
        dues: list[Decimal] = []
        for _, units in parcels:
            money = after_shipping(money, units, cuts)
            dues.append(due(money))
        moved += _move(settings, outbox, order, account, movements(account.settled, dues), [id_ for id_, _ in parcels])
    moved.sort(key=lambda movement: (movement.shipment or 0, movement.order))
    enter(outbox, moved, outbox.at, settings.currency)


def comes_back(settings: Settings, order: int, ended_units: Mapping[int, int]) -> dict[int, Decimal]:
    """What comes back of units by line that have just ended: with tax and fee, as far as it was charged."""
    money = read_accounts(settings, [order])[order].money
    return given_back(money, ended_units, _owed(order))


def would_come_back(settings: Settings, order: int, cancels: Sequence[Mapping[int, int]]) -> list[Decimal]:
    """What would come back, were open units by line cancelled now: of each such cancel by itself. Locks nothing."""
    money, owed = read_accounts(settings, [order], locks=False)[order].money, _owed(order)
    return [sum(given_back(without(money, units), units, owed).values(), NOTHING) for units in cancels]


def take_returned(units_by_line: Mapping[int, int], account: Account) -> None:
    """Enters that units of lines came back, with the part of a passed-on cut that belongs to them."""
    records = [
        (line, units, cut_kept(account.money.lines[line], units)) for line, units in sorted(units_by_line.items())
    ]
    run(
        """UPDATE order_line l SET returned = l.returned + v.units, price_cut = v.cut
           FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS v (id, units, cut) WHERE l.id = v.id""",
        columns(records, 3),
    )


def set_paid_by(order: int, shipping_fee: Decimal, tax: Decimal, taxed_value: Decimal, card: str) -> None:
    """Notes what a new order pays besides its goods, and with which card."""
    run(
        """INSERT INTO order_payment (order_id, shipping_fee, tax, taxed_value, card) VALUES (%s, %s, %s, %s, %s)""",
        [order, shipping_fee, tax, taxed_value, card],
    )


def _move(
    settings: Settings,
    outbox: Outbox,
    order: int,
    account: Account,
    amounts: Iterable[Decimal],
    shipments: Iterable[int | None],
) -> list[Movement]:
    """What is to be entered at once, where the shop charges elsewhere; by card the processor is asked instead."""
    moved: list[Movement] = []
    moves = list(zip(amounts, shipments, strict=True))
    for nr, (amount, shipment) in enumerate(moves, start=1):
        back = _let_off(order, -amount) if amount < 0 else NOTHING
        if account.card and amount > 0:
            is_last = account.open_units == 0 and nr == len(moves)
            card_requests.ask_capture(settings, outbox, order, account.card, amount, shipment, is_last=is_last)
        elif amount > 0:
            moved.append(Movement(order, "capture", amount, shipment))
        elif back > 0 and account.card:
            card_requests.ask_refund(settings, outbox, order, back)
        elif back > 0:
            moved.append(Movement(order, "refund", back))
    if account.card:
        card_requests.void_spare(settings, outbox, order, account.money)
    return moved


def _let_off(order: int, amount: Decimal) -> Decimal:
    """What of a refund is given back as money: what was declined and is owed still is let off before."""
    let_off = min(amount, _owed(order))
    if let_off:
        run("UPDATE payment_decline SET amount_due = amount_due - %s WHERE order_id = %s", [let_off, order])
    return amount - let_off


def _owed(order: int) -> Decimal:
    """What of an order was declined and is owed still."""
    found = rows("SELECT amount_due FROM payment_decline WHERE order_id = %s AND amount_due > 0", [order])
    return found[0][0] if found else NOTHING


def _pass_on_cuts(shipped: Mapping[int, Sequence[tuple[int, Mapping[int, int]]]]) -> dict[int, Decimal]:
    """Enters by how much units that have just left cost less than agreed; the cut of one unit, by line."""
    units_by_line: dict[int, int] = defaultdict(int)
    for parcels in shipped.values():
        for _, units in parcels:
            for line, shipped_units in units.items():
                units_by_line[line] += shipped_units
    prices = rows(
        """SELECT l.id, l.unit_price, p.price FROM order_line l JOIN product p ON p.id = l.product_id
           WHERE l.id = ANY(%s) AND p.price < l.unit_price ORDER BY l.id""",
        [list(units_by_line)],
    )
    cuts = {line: passed_on(agreed, today) for line, agreed, today in prices}
    run(
        """UPDATE order_line l SET price_cut = l.price_cut + v.cut
           FROM unnest(%s::bigint[], %s::numeric[]) AS v (id, cut) WHERE l.id = v.id""",
        columns([(line, cut * units_by_line[line]) for line, cut in cuts.items()], 2),
    )
    return cuts

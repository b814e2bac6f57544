"""How an order stands with its money, in amounts that add up: paid, due now, still to come, and what a card holds."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from raincheck.core.money import NOTHING, after_shipping, due
from raincheck.store.card_requests import read_authorisations
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.locks import database_now
from raincheck.store.order_money import read_accounts, would_come_back
from raincheck.store.reads.named import first_named, named_rows


@dataclass(frozen=True, slots=True)
class Paying:
    """An order's money in the company's currency. `captured - refunded + due_now + to_come = total`, always.

    `total` is what it costs once all that is open has shipped. `due_now` should have moved by now: above 0 it is being
    charged or was declined (`owed`), below 0 it is to be given back. `to_come` is charged as parcels leave. A card
    `held` an amount until `held_until`; `asking` says that the processor has yet to answer something. What was declined
    is tried again at `next_try_at`; its units are kept until `kept_until` (None: they went to others already). `card`
    is the processor's token of it.
    """

    total: Decimal
    goods: Decimal
    shipping_fee: Decimal
    tax: Decimal
    captured: Decimal
    refunded: Decimal
    due_now: Decimal
    to_come: Decimal
    owed: Decimal
    held: Decimal
    held_until: datetime | None
    card: str
    scheme: str
    asking: bool
    declined_at: datetime | None
    next_try_at: datetime | None
    kept_until: datetime | None
    why: str

    @property
    def paid(self) -> Decimal:
        """What the customer has paid and not got back."""
        return self.captured - self.refunded

    @property
    def to_give_back(self) -> Decimal:
        """What the customer is still to get back."""
        return max(NOTHING, -self.due_now)

    @property
    def is_declined(self) -> bool:
        """Whether a charge or an authorisation was declined and waits to be tried again."""
        return self.declined_at is not None or self.owed > 0

    @property
    def takes_card(self) -> bool:
        """Whether another card may be given now (`actions.give_card`)."""
        return bool(self.card) and (self.is_declined or self.to_come > 0)


def paying(order: int, at: datetime | None = None) -> Paying:
    """How an order stands with its money; `at`: which authorisations hold then (None: now). Five small queries."""
    settings = read_settings()
    account = read_accounts(settings, [order], locks=False)[order]
    money = account.money
    whole = after_shipping(money, {id_: line.open_units for id_, line in money.lines.items()})
    total, now = due(whole), due(money)
    said = first_named(_Said, _SAID, {"order": order}) or _Said()
    found = [held for held in read_authorisations([order], at or database_now()).get(order, ()) if held.is_live]
    live = [held for held in found if held.left > 0]
    goods = sum((line.goods_due for line in whole.lines.values()), NOTHING)
    fee = whole.shipping_fee if whole.has_begun else NOTHING
    return Paying(
        total=total,
        goods=goods,
        shipping_fee=fee,
        tax=total - goods - fee,
        captured=said.captured,
        refunded=said.refunded,
        due_now=now - (said.captured - said.refunded),
        to_come=total - now,
        owed=said.owed,
        held=sum((held.left for held in live), NOTHING),
        held_until=min((held.expires_at for held in live if held.expires_at), default=None),
        card=account.card,
        scheme=said.scheme,
        asking=said.asking,
        declined_at=said.declined_at,
        next_try_at=said.next_try_at,
        kept_until=said.kept_since + timedelta(days=settings.payment_grace_days) if said.kept_since else None,
        why=said.why,
    )


def has_paid_for(order: int, units_by_line: Mapping[int, int]) -> bool:
    """Whether anything comes back if so many open units of lines are cancelled: charged, or being charged now."""
    return would_come_back(read_settings(), order, [units_by_line])[0] > 0


@dataclass(frozen=True, slots=True)
class _Said:
    captured: Decimal = NOTHING
    refunded: Decimal = NOTHING
    owed: Decimal = NOTHING
    declined_at: datetime | None = None
    kept_since: datetime | None = None
    next_try_at: datetime | None = None
    asking: bool = False
    scheme: str = ""
    why: str = ""


_SAID: Final = """
    SELECT coalesce((SELECT sum(amount) FROM payment WHERE order_id = %(order)s AND kind = 'capture'), 0) AS captured,
           coalesce((SELECT sum(amount) FROM payment WHERE order_id = %(order)s AND kind = 'refund'), 0) AS refunded,
           coalesce((SELECT amount_due FROM payment_decline WHERE order_id = %(order)s), 0) AS owed,
           (SELECT min(declined_at) FROM claim WHERE order_id = %(order)s AND units > 0) AS declined_at,
           (SELECT min(declined_at) FROM claim
            WHERE order_id = %(order)s AND units > 0 AND NOT waits_for_payment) AS kept_since,
           (SELECT next_try_at FROM payment_decline WHERE order_id = %(order)s) AS next_try_at,
           EXISTS (SELECT 1 FROM card_request WHERE order_id = %(order)s AND state = 'pending') AS asking,
           coalesce((SELECT scheme FROM card_request WHERE order_id = %(order)s AND scheme <> ''
                     ORDER BY id DESC LIMIT 1), '') AS scheme,
           coalesce((SELECT reason FROM card_request WHERE order_id = %(order)s AND state = 'declined'
                     AND kind IN ('authorise', 'capture') ORDER BY id DESC LIMIT 1), '') AS why"""


@dataclass(frozen=True, slots=True)
class FailedRefund:
    """Money that a card did not take back. `bounced`: it had said yes at first, and the processor told later."""

    order: int
    order_ref: str
    at: datetime
    amount: Decimal
    currency: str
    reason: str
    bounced: bool


_FAILED: Final = """
    SELECT o.id AS order, o.ref AS order_ref, f.at, f.amount, f.currency, f.reason, f.bounced FROM (
        SELECT order_id, answered_at AS at, amount, currency, reason, false AS bounced FROM card_request
        WHERE kind = 'refund' AND state = 'declined' AND (%(orders)s::bigint[] IS NULL OR order_id = ANY(%(orders)s))
        UNION ALL
        SELECT r.order_id, e.received_at, coalesce(e.amount, r.amount), r.currency, '', true
        FROM processor_event e JOIN card_request r ON r.key = e.request_key
        WHERE e.kind = 'refund_failed' AND r.state = 'approved'
          AND (%(orders)s::bigint[] IS NULL OR r.order_id = ANY(%(orders)s))) f
    JOIN sales_order o ON o.id = f.order_id
    WHERE NOT EXISTS (SELECT 1 FROM fact x
                      WHERE x.subject = 'order:' || o.ref AND x.verb = 'refunded_otherwise' AND x.at >= f.at)
    ORDER BY f.at, o.id"""


def failed_refunds(order: int) -> list[FailedRefund]:
    """The refunds of an order that a card did not take and that were not paid back by another way since.

    However often the card was asked, what it declined is one: all that is still to go, and what it said last.
    """
    return _failed([order])


def refunds_to_pay(limit: int | None = None) -> list[FailedRefund]:
    """Of all orders the refunds that are owed by another way, the earliest first."""
    return _failed(None)[:limit]


def still_to_give_back(orders: Collection[int]) -> dict[int, Decimal]:
    """What each order still gets back: what has not gone, and what came back from the bank. Some four statements."""
    accounts = read_accounts(read_settings(), orders, locks=False)
    paid = dict(
        rows(
            """SELECT order_id, sum(CASE kind WHEN 'capture' THEN amount WHEN 'refund' THEN -amount ELSE 0 END)
               FROM payment WHERE order_id = ANY(%s) GROUP BY order_id""",
            [sorted(orders)],
        )
    )
    back = {order: max(NOTHING, paid.get(order, NOTHING) - due(account.money)) for order, account in accounts.items()}
    for one in _failed(sorted(orders)):
        if one.bounced:
            back[one.order] += one.amount
    return back


def _failed(orders: list[int] | None) -> list[FailedRefund]:
    """Of some orders (None: of all), the earliest first; what was declined is one sum an order."""
    found = named_rows(FailedRefund, _FAILED, {"orders": orders})
    declined: dict[int, list[FailedRefund]] = defaultdict(list)
    for one in found:
        if not one.bounced:
            declined[one.order].append(one)
    accounts = read_accounts(read_settings(), declined, locks=False) if declined else {}
    owed = {order: account.settled - due(account.money) for order, account in accounts.items()}
    sums = [
        replace(tries[0], amount=owed[order], reason=tries[-1].reason)
        for order, tries in declined.items()
        if owed[order] > 0
    ]
    return sorted([*(one for one in found if one.bounced), *sums], key=lambda one: (one.at, one.order))

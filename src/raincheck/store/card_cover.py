"""Whether what leaves is covered by a live authorisation, and asking for one that covers it.

A parcel of an order that pays by card does not leave without: an authorisation that has run out is renewed once units
of the order could go, or stand on the floor, for what these cost (semantics 48).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from raincheck.core.cards import Above, Cover, Use, cover
from raincheck.core.decision import Decision, Facts
from raincheck.core.money import NOTHING, at_stake
from raincheck.core.settings import Settings
from raincheck.store.card_requests import ask_authorisation, is_asking, read_authorisations, waits_for_charge
from raincheck.store.db import one, rows
from raincheck.store.order_money import read_accounts
from raincheck.store.outbox import Outbox


def read_covers(settings: Settings, products: Collection[int], at: datetime) -> dict[int, Cover]:
    """The covers of the orders that pay by card and have open units of some products."""
    found = rows(
        """SELECT DISTINCT c.order_id FROM claim c JOIN order_payment y ON y.order_id = c.order_id
           WHERE c.product_id = ANY(%s) AND c.units > 0 AND y.card <> ''
                 AND EXISTS (SELECT 1 FROM order_payment WHERE card <> '')
           ORDER BY c.order_id""",
        [list(products)],
    )
    return covers_of(settings, [order for (order,) in found], at)


def covers_of(settings: Settings, orders: Collection[int], at: datetime) -> dict[int, Cover]:
    """The covers of those of some orders that pay by card."""
    if not orders:
        return {}
    (reads_only,) = one("SELECT current_setting('transaction_read_only') = 'on'")
    found = read_accounts(settings, orders, locks=not reads_only)
    accounts = {order: account for order, account in found.items() if account.card}
    live = read_authorisations(accounts, at)
    leaving = _in_parcels(accounts)
    waiting = waits_for_charge(accounts)
    return {
        order: Cover(
            account.money,
            cover(live.get(order, ()), at, Above(settings.capture_variance, account.money.decimals)),
            leaving.get(order, {}),
            order in waiting,
        )
        for order, account in accounts.items()
    }


def ask_for_cover(facts: Facts, decision: Decision, outbox: Outbox) -> None:
    """Asks for what is missing to let units go that could: a renewal, by the shop itself."""
    lacking = {order: amount for order, amount in decision.uncovered.items() if order > 0 and amount > 0}
    ask_missing(facts.settings, lacking, outbox)


def ask_missing(settings: Settings, missing: Mapping[int, Decimal], outbox: Outbox) -> None:
    """Asks for amounts to be authorised; not where an answer is waited for, or the card was declined."""
    if not missing:
        return
    standing = is_asking(missing, "authorise") | _unpaid(missing)
    for order, account in read_accounts(settings, sorted(set(missing) - standing)).items():
        ask_authorisation(settings, outbox, order, account.card, missing[order], Use.MERCHANT)


def ask_for_all(settings: Settings, order: int, outbox: Outbox, use: Use) -> bool:
    """Asks for what an order's open units will cost as they ship, less what is authorised; whether there was any."""
    account = read_accounts(settings, [order])[order]
    held = sum((one.left for one in read_authorisations([order], outbox.at).get(order, ())), NOTHING)
    missing = at_stake(account.money) - held
    if not account.card or missing <= 0:
        return False
    ask_authorisation(settings, outbox, order, account.card, missing, use)
    return True


def uncovered_parcels(
    settings: Settings, shipments: Collection[int], at: datetime
) -> tuple[set[int], dict[int, Decimal]]:
    """Of parcels about to be handed over those that no authorisation covers, and what each of their orders lacks."""
    orders: dict[int, set[int]] = defaultdict(set)
    for shipment, order in rows(
        """SELECT DISTINCT sl.shipment_id, y.order_id FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id
           JOIN order_payment y ON y.order_id = l.order_id AND y.card <> ''
           WHERE sl.shipment_id = ANY(%s) AND sl.units > 0""",
        [sorted(shipments)],
    ):
        orders[order].add(shipment)
    lacking: dict[int, Decimal] = {}
    for order, its_cover in covers_of(settings, sorted(orders), at).items():
        missing = its_cover.missing({})
        if missing is not None:
            lacking[order] = missing
    return {shipment for order in lacking for shipment in orders[order]}, lacking


def _in_parcels(orders: Iterable[int]) -> dict[int, dict[int, int]]:
    """Units by line of some orders in parcels that the carrier does not have yet."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for order, line, units in rows(
        """SELECT l.order_id, l.id, sum(coalesce(sl.kits, sl.units))::bigint
           FROM order_line l JOIN shipment_line sl ON sl.line_id = l.id JOIN shipment s ON s.id = sl.shipment_id
           WHERE l.order_id = ANY(%s) AND s.state IN ('released', 'picked', 'packed')
           GROUP BY l.id""",
        [list(orders)],
    ):
        found[order][line] = units
    return found


def _unpaid(orders: Iterable[int]) -> set[int]:
    """Those of some orders of which a declined charge or authorisation waits to be tried again."""
    found = rows(
        "SELECT order_id FROM payment_decline WHERE order_id = ANY(%s) AND next_try_at IS NOT NULL", [list(orders)]
    )
    return {order for (order,) in found}

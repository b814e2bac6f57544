"""Charges that are declined: what their lines keep, when they are tried again, and what becomes of them.

A claim whose charge is declined keeps its units for the company's days of grace and does not leave. Every day the
charge is tried again, and whenever another card is given. When the grace is over its units go back to the queue: it
keeps its rank and holds nothing until it is paid (contract, "Money and messages").
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from raincheck.core.decision import Decision
from raincheck.core.demand import Claim
from raincheck.core.money import due
from raincheck.core.settings import Settings
from raincheck.store import thawing
from raincheck.store.card_retry import ask_again
from raincheck.store.db import row, rows, run
from raincheck.store.law_clocks import reconsider_unpaid
from raincheck.store.order_money import CHARGE_OF_LINE, read_accounts, settle_money
from raincheck.store.outbox import Outbox
from raincheck.store.timers import TimerKind, set_timers

A_DAY = timedelta(days=1)

_CHARGED_AT_THE_DOOR = f"{CHARGE_OF_LINE} <> 'order'"


@dataclass(frozen=True, slots=True)
class Declines:
    """Of some products: claims whose charge was declined, those of them that lost their units, and lines whose next
    charge at the carrier will be declined."""

    unpaid: frozenset[int]
    waiting: frozenset[int]
    lines: frozenset[int]

    def marked(self, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        """The claims, with those that lost their units told apart."""
        if not self.waiting:
            return claims
        return tuple(replace(one, waits_for_payment=True) if one.id in self.waiting else one for one in claims)


def read_declines(products: Collection[int]) -> Declines:
    """What is declined among the claims of some products."""
    found = rows(
        f"""SELECT id, waits_for_payment, NULL::bigint FROM claim
           WHERE product_id = ANY(%s) AND declined_at IS NOT NULL AND units > 0
           UNION ALL
           SELECT NULL, NULL, c.line_id FROM payment_decline d JOIN claim c ON c.order_id = d.order_id
           JOIN order_line l ON l.id = c.line_id JOIN sales_order o ON o.id = c.order_id
           WHERE d.declines_left > 0 AND c.units > 0 AND c.product_id = ANY(%s)
                 AND {_CHARGED_AT_THE_DOOR}""",  # noqa: S608
        [list(products), list(products)],
    )
    return Declines(
        frozenset(claim for claim, _, _ in found if claim is not None),
        frozenset(claim for claim, waits, _ in found if claim is not None and waits),
        frozenset(line for _, _, line in found if line is not None),
    )


def expect_decline(order: int) -> None:
    """The next charge of an order is going to be declined."""
    run(
        """INSERT INTO payment_decline (order_id, declines_left, amount_due) VALUES (%s, 1, 0)
           ON CONFLICT (order_id) DO UPDATE SET declines_left = payment_decline.declines_left + 1""",
        [order],
    )


def take_expected_decline(order: int) -> bool:
    """Whether an authorisation is to be declined as was said; it is then no longer expected."""
    return (
        run(
            "UPDATE payment_decline SET declines_left = declines_left - 1 WHERE order_id = %s AND declines_left > 0",
            [order],
        )
        > 0
    )


def is_declining(order: int) -> bool:
    """Whether the next charge of an order is going to be declined."""
    return row("SELECT 1 FROM payment_decline WHERE order_id = %s AND declines_left > 0", [order]) is not None


def is_unpaid(order: int) -> bool:
    """Whether a declined charge of an order waits to be tried again."""
    found = row(
        """SELECT 1 FROM claim WHERE order_id = %s AND declined_at IS NOT NULL AND units > 0
           UNION ALL SELECT 1 FROM payment_decline WHERE order_id = %s AND amount_due > 0 LIMIT 1""",
        [order, order],
    )
    return found is not None


def write_declines(settings: Settings, decision: Decision, outbox: Outbox) -> set[int]:
    """Notes the charges that a decision found declined; the lines that stay for that."""
    declined = [decision.claims[id_] for id_ in sorted(decision.declined)]
    for order in sorted({claim.order for claim in declined}):
        decline(settings, order, [claim.id for claim in declined if claim.order == order], outbox)
    return {claim.line for claim in declined}


def decline_parcels(settings: Settings, shipments: Sequence[int], outbox: Outbox) -> None:
    """Parcels whose handling is over are charged now: where that is declined, their units stay and are reserved."""
    for order, line, released in rows(
        f"""SELECT DISTINCT l.order_id, l.id, (
               SELECT coalesce(sum(coalesce(r.kits, r.units)), 0)::bigint FROM shipment_line r
               JOIN shipment s ON s.id = r.shipment_id WHERE r.line_id = l.id AND s.state = 'released')
           FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id JOIN sales_order o ON o.id = l.order_id
           JOIN payment_decline d ON d.order_id = l.order_id AND d.declines_left > 0
           WHERE sl.shipment_id = ANY(%s) AND sl.units > 0
                 AND {_CHARGED_AT_THE_DOOR}
           ORDER BY l.order_id, l.id""",  # noqa: S608
        [list(shipments)],
    ):
        thawing.thaw(line, released, ("released",))
        claims = rows("SELECT id FROM claim WHERE line_id = %s AND units > 0 ORDER BY id", [line])
        decline(settings, order, [claim for (claim,) in claims], outbox)


def declined_at_the_door(settings: Settings, order: int, shipments: Sequence[int], outbox: Outbox) -> bool:
    """Whether the charge of parcels that the floor hands over now is declined: then they stay there."""
    claims = rows(
        f"""SELECT DISTINCT p.claim_id FROM peg p JOIN shipment_line sl ON sl.id = p.shipment_line_id
            JOIN order_line l ON l.id = p.line_id JOIN sales_order o ON o.id = l.order_id
            JOIN payment_decline d ON d.order_id = o.id AND d.declines_left > 0
            WHERE sl.shipment_id = ANY(%s) AND o.id = %s AND {_CHARGED_AT_THE_DOOR} ORDER BY p.claim_id""",  # noqa: S608
        [list(shipments), order],
    )
    if claims:
        decline(settings, order, [claim for (claim,) in claims], outbox)
    return bool(claims)


def decline(
    settings: Settings, order: int, claims: Iterable[int], outbox: Outbox, amount_due: Decimal = Decimal(0)
) -> None:
    """A charge of an order was declined, as was said before: its claims stay, and it is tried again a day later.

    `amount_due` is what is charged then besides the parcels. Several claims of one instant are one charge.
    """
    run(
        """UPDATE payment_decline SET declines_left = greatest(0, declines_left - 1)
           WHERE order_id = %s AND next_try_at IS DISTINCT FROM %s""",
        [order, outbox.at + A_DAY],
    )
    outbox.tell(order, "payment_failed", [])
    stay(settings, order, claims, outbox, amount_due)


def decline_card(settings: Settings, order: int, claims: Iterable[int], outbox: Outbox, amount_due: Decimal) -> None:
    """The card processor has declined a charge or an authorisation: the same, told once until it is paid."""
    if row("SELECT 1 FROM payment_decline WHERE order_id = %s AND next_try_at IS NOT NULL", [order]) is None:
        outbox.tell(order, "payment_failed", [])
    stay(settings, order, claims, outbox, amount_due)


def stay(settings: Settings, order: int, claims: Iterable[int], outbox: Outbox, amount_due: Decimal) -> None:
    """Claims keep their units and do not leave; their charge is tried again a day later."""
    at = outbox.at
    run("UPDATE claim SET declined_at = %s WHERE id = ANY(%s) AND declined_at IS NULL", [at, list(claims)])
    run(
        """INSERT INTO payment_decline (order_id, declines_left, amount_due, next_try_at) VALUES (%s, 0, %s, %s)
           ON CONFLICT (order_id) DO UPDATE SET amount_due = payment_decline.amount_due + excluded.amount_due,
               next_try_at = excluded.next_try_at""",
        [order, amount_due, at + A_DAY],
    )
    set_timers([(at if settings.payment_grace_days == 0 else at + A_DAY, TimerKind.PAYMENT, order)])
    reconsider_unpaid(settings, at, orders=[order])  # It may miss its legal time: its customer is asked before that.


def charge_now(settings: Settings, order: int, claims: Iterable[int], outbox: Outbox) -> None:
    """Charges an order what is due at once; where that is declined these claims stay until it is paid."""
    account = read_accounts(settings, [order])[order]
    amount = due(account.money) - account.settled
    if amount > 0 and is_declining(order):
        decline(settings, order, claims, outbox, amount)
    else:
        settle_money(settings, outbox, [order])


def try_charge(settings: Settings, order: int, outbox: Outbox, at: datetime, *, has_new_card: bool = False) -> bool:
    """Tries the declined charge of an order again if it is time or there is a new card; whether anything changed.

    What is paid may leave; what is declined once more loses its units when the days of grace are over.
    """
    found = row(
        """SELECT d.declines_left, d.amount_due, d.next_try_at, min(c.declined_at), coalesce(max(y.card), '') <> ''
           FROM payment_decline d LEFT JOIN order_payment y ON y.order_id = d.order_id
           LEFT JOIN claim c ON c.order_id = d.order_id AND c.declined_at IS NOT NULL AND c.units > 0
           WHERE d.order_id = %s GROUP BY d.order_id""",
        [order],
    )
    if found is None:
        return False
    declines_left, amount_due, next_try_at, declined_at, by_card = found
    if declined_at is None and not (by_card and next_try_at):
        return False
    if has_new_card or next_try_at is None or at >= next_try_at:
        if by_card and ask_again(settings, order, outbox, amount_due, has_new_card=has_new_card):
            next_try_at = at + A_DAY
            run("UPDATE payment_decline SET next_try_at = %s WHERE order_id = %s", [next_try_at, order])
        elif has_new_card or declines_left == 0:
            _paid(settings, order, amount_due, outbox)
            return True
        else:
            next_try_at = at + A_DAY
            run(
                "UPDATE payment_decline SET declines_left = declines_left - 1, next_try_at = %s WHERE order_id = %s",
                [next_try_at, order],
            )
    set_timers([(next_try_at, TimerKind.PAYMENT, order)])
    if declined_at is None or at < declined_at + settings.payment_grace_days * A_DAY:
        reconsider_unpaid(settings, at, orders=[order])
        return False
    run(
        """UPDATE claim SET waits_for_payment = true, pending_on = NULL, pending_since = NULL
           WHERE order_id = %s AND declined_at IS NOT NULL AND NOT waits_for_payment""",
        [order],
    )
    reconsider_unpaid(settings, at, orders=[order])
    return True


def has_paid(order: int) -> None:
    """An order's card was authorised or charged: unless something is owed still, what waited for it may go."""
    paid = run(
        """UPDATE payment_decline d SET next_try_at = NULL
           WHERE d.order_id = %s AND d.next_try_at IS NOT NULL AND d.amount_due = 0 AND NOT EXISTS (
               SELECT 1 FROM card_request r WHERE r.order_id = d.order_id AND r.state = 'pending'
               AND r.kind = 'capture' AND r.authorisation_id IS NULL)""",
        [order],
    )
    if paid:
        run("UPDATE claim SET declined_at = NULL, waits_for_payment = false WHERE order_id = %s", [order])


def _paid(settings: Settings, order: int, amount_due: Decimal, outbox: Outbox) -> None:
    run("UPDATE claim SET declined_at = NULL, waits_for_payment = false WHERE order_id = %s", [order])
    run("UPDATE payment_decline SET amount_due = 0, declines_left = 0, next_try_at = NULL WHERE order_id = %s", [order])
    if amount_due > 0:
        settle_money(settings, outbox, [order])

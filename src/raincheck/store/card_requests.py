"""What the card processor is asked to do: rows written in the transaction that wants the money to move.

Each has a key of its own that the processor knows it by. The worker, or a drill after each fact, carries them out
(`gateways.card_work`); the answer is entered by `actions.take_card_answer`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5

from raincheck.core.cards import Above, Authorisation, Charge, Use, draw, drawn, give_back, refund
from raincheck.core.money import NOTHING, OrderMoney, at_stake, decimals_of
from raincheck.core.settings import Settings
from raincheck.store.db import one, row, rows, run
from raincheck.store.outbox import Outbox

_KEYS: Final = UUID("5f1b3a54-7c0e-5d0a-9d3b-0d6a4f6f2c11")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the processor is sent it. `authorisation` and `charge` are the processor's references."""

    id: int
    key: str
    kind: str
    order: int
    order_ref: str
    amount: Decimal
    currency: str
    card: str
    authorisation: str
    charge: str
    is_final: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class Held:
    """A request under lock, waiting for its answer."""

    id: int
    key: str
    kind: str
    order: int
    shipment: int | None
    amount: Decimal
    currency: str
    card: str
    use: str
    authorisation: int | None
    state: str


def ask_authorisation(settings: Settings, outbox: Outbox, order: int, card: str, amount: Decimal, use: Use) -> None:
    """Asks for an amount to be held on a card."""
    _ask(settings, outbox, order, "authorise", amount, card, use=use.value)


def ask_capture(
    settings: Settings, outbox: Outbox, order: int, card: str, amount: Decimal, shipment: int | None, *, is_last: bool
) -> None:
    """Asks for an amount: of what is authorised, the first to expire first; what that does not cover of the card."""
    live = [] if shipment is None else read_authorisations([order], outbox.at).get(order, [])
    above = Above(settings.capture_variance, decimals_of(settings.currency))
    allowed = {held.id: above.of(held) for held in live}
    draws = draw(amount, live, above, is_last=is_last)
    for one_draw in draws:
        _ask(
            settings,
            outbox,
            order,
            "capture",
            one_draw.amount,
            card,
            shipment=shipment,
            authorisation=one_draw.authorisation,
            is_final=one_draw.is_final,
            allowed_above=NOTHING if one_draw.authorisation is None else allowed[one_draw.authorisation],
        )
    kept = {left.id for left in drawn(live, draws)}
    if ended := [gone.id for gone in live if gone.id not in kept]:
        run("UPDATE card_request SET ended_at = %s WHERE id = ANY(%s)", [outbox.at, ended])


def ask_refund(settings: Settings, outbox: Outbox, order: int, amount: Decimal) -> Decimal:
    """Asks for money to be given back by the way it came; what no capture is left for."""
    charges = [
        Charge(id_, left)
        for id_, left in rows(
            """SELECT c.id, c.amount - coalesce((SELECT sum(r.amount) FROM card_request r
                                                 WHERE r.charge_id = c.id AND r.state IN ('pending', 'approved')), 0)
               FROM card_request c
               WHERE c.order_id = %s AND c.kind = 'capture' AND c.state IN ('pending', 'approved') ORDER BY c.id""",
            [order],
        )
    ]
    draws = refund(amount, charges)
    for one_draw in draws:
        found = one("SELECT card FROM card_request WHERE id = %s", [one_draw.authorisation])
        _ask(settings, outbox, order, "refund", one_draw.amount, found[0], charge=one_draw.authorisation)
    return amount - sum((one_draw.amount for one_draw in draws), Decimal(0))


def void_spare(settings: Settings, outbox: Outbox, order: int, money: OrderMoney) -> None:
    """Gives back what is authorised and nothing that is still open needs."""
    live, needed = read_authorisations([order], outbox.at).get(order, []), at_stake(money)
    for one_draw in give_back(live, needed):
        found = one("SELECT card FROM card_request WHERE id = %s", [one_draw.authorisation])
        _ask(settings, outbox, order, "void", one_draw.amount, found[0], authorisation=one_draw.authorisation)
    if not needed:
        void_lapsed(settings, outbox, order)


def void_lapsed(settings: Settings, outbox: Outbox, order: int) -> None:
    """Gives back what our own days ended and the bank may hold still: another authorisation stands in for it now.

    So it is also where nothing is open any more. While it may be needed it stays: an authorisation that is asked for in
    its place may be declined.
    """
    for authorisation, card, left in rows(
        """SELECT a.id, a.card, a.amount - coalesce(sum(d.amount), 0)
           FROM card_request a
           LEFT JOIN card_request d ON d.order_id = a.order_id AND d.authorisation_id = a.id
                                    AND d.state IN ('pending', 'approved')
           WHERE a.order_id = %s AND a.kind = 'authorise' AND a.state = 'approved' AND a.expires_at <= %s
                 AND a.let_go_by > %s
           GROUP BY a.id HAVING a.amount > coalesce(sum(d.amount), 0) AND coalesce(bool_or(d.is_final), false) IS FALSE
           ORDER BY a.id""",
        [order, outbox.at, outbox.at],
    ):
        _ask(settings, outbox, order, "void", left, card, authorisation=authorisation)


def read_authorisations(orders: Collection[int], at: datetime) -> dict[int, list[Authorisation]]:
    """The authorisations of some orders that hold at an instant or are asked for, with what is left of each."""
    found: dict[int, list[Authorisation]] = {}
    for order, id_, amount, captured, voided, expires_at, state in rows(
        """SELECT a.order_id, a.id, a.amount, coalesce(sum(d.amount) FILTER (WHERE d.kind = 'capture'), 0),
                  coalesce(sum(d.amount) FILTER (WHERE d.kind = 'void'), 0), a.expires_at, a.state
           FROM card_request a
           LEFT JOIN card_request d ON d.order_id = a.order_id AND d.authorisation_id = a.id
                                    AND d.state IN ('pending', 'approved')
           WHERE a.order_id = ANY(%s) AND a.kind = 'authorise' AND a.state IN ('pending', 'approved')
                 AND a.ended_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > %s)
           GROUP BY a.id ORDER BY a.id""",
        [sorted(orders), at],
    ):
        left = amount - captured - voided
        one_ = Authorisation(id_, amount, left, captured, expires_at, is_live=state == "approved")
        found.setdefault(order, []).append(one_)
    return found


def void_other_cards(settings: Settings, outbox: Outbox, order: int, card: str) -> None:
    """Gives back what is left of authorisations that other cards than this one gave, or are asked for."""
    live = read_authorisations([order], outbox.at).get(order, [])
    cards = dict(rows("SELECT id, card FROM card_request WHERE id = ANY(%s)", [[held.id for held in live]]))
    for held in live:
        if held.left > 0 and cards[held.id] != card:
            _ask(settings, outbox, order, "void", held.left, cards[held.id], authorisation=held.id)


def is_replaced(order: int, card: str) -> bool:
    """Whether another card than this one pays for an order now."""
    return row("SELECT 1 FROM order_payment WHERE order_id = %s AND card NOT IN ('', %s)", [order, card]) is not None


def pays_by_card(order: int) -> bool:
    """Whether a card pays for an order."""
    return row("SELECT 1 FROM order_payment WHERE order_id = %s AND card <> ''", [order]) is not None


def change_card(order: int, card: str) -> None:
    """Another card pays from now on. What was captured before is refunded to the card that it came from."""
    run("UPDATE order_payment SET card = %s WHERE order_id = %s", [card, order])


def has_requests(order: int) -> bool:
    """Whether anything was ever asked of an order's card."""
    return row("SELECT 1 FROM card_request WHERE order_id = %s LIMIT 1", [order]) is not None


def is_asking(orders: Collection[int], kind: str) -> set[int]:
    """Those of some orders for which the processor has yet to answer a request of a kind."""
    found = rows(
        "SELECT DISTINCT order_id FROM card_request WHERE order_id = ANY(%s) AND kind = %s AND state = 'pending'",
        [sorted(orders), kind],
    )
    return {order for (order,) in found}


def waits_for_charge(orders: Collection[int]) -> set[int]:
    """Those of some orders whose card was charged directly, without an answer yet."""
    found = rows(
        """SELECT DISTINCT order_id FROM card_request
           WHERE order_id = ANY(%s) AND state = 'pending' AND kind = 'capture' AND authorisation_id IS NULL""",
        [sorted(orders)],
    )
    return {order for (order,) in found}


def first_due(until: datetime | None, lease_seconds: int) -> tuple[Asked, datetime] | None:
    """Takes the first request that may be sent now, for so long, and when it was due; None if none may.

    Of an order the earliest unanswered request hides the others. Whoever dies with one in hand leaves it to the next
    one once the lease is over: it goes again under the same key. `until` None: by the database's clock.
    """
    found = row(
        """WITH next AS (
               SELECT w.id, w.next_try_at FROM card_request w
               WHERE w.state = 'pending' AND w.next_try_at <= coalesce(%s, clock_timestamp()) AND NOT EXISTS (
                   SELECT 1 FROM card_request e
                   WHERE e.order_id = w.order_id AND e.id < w.id AND e.state = 'pending')
               ORDER BY w.next_try_at, w.id LIMIT 1 FOR UPDATE SKIP LOCKED)
           UPDATE card_request r SET attempts = r.attempts + 1,
               next_try_at = coalesce(%s, clock_timestamp()) + make_interval(secs => %s)
           FROM next, sales_order o WHERE r.id = next.id AND o.id = r.order_id
           RETURNING next.next_try_at, r.id, r.key, r.kind, r.order_id, o.ref, r.amount, r.currency, r.card,
               coalesce((SELECT a.reference FROM card_request a WHERE a.id = r.authorisation_id), ''),
               coalesce((SELECT c.reference FROM card_request c WHERE c.id = r.charge_id), ''), r.is_final,
               r.attempts""",
        [until, until, lease_seconds],
    )
    if found is None:
        return None
    due_at, *asked = found
    return Asked(*asked), due_at


def try_later(key: str, at: datetime | None, after_seconds: float) -> None:
    """An unanswered request is sent again, or asked after, at a later time."""
    run(
        """UPDATE card_request SET next_try_at = coalesce(%s, clock_timestamp()) + make_interval(secs => %s)
           WHERE key = %s AND state = 'pending'""",
        [at, after_seconds, key],
    )


def order_of(key: str) -> int | None:
    """The order that a request is for."""
    found = row("SELECT order_id FROM card_request WHERE key = %s", [key])
    return int(found[0]) if found else None


def hold(key: str) -> Held:
    """A request, locked until the transaction ends."""
    return Held(
        *one(
            """SELECT id, key, kind, order_id, shipment_id, amount, currency, card, use, authorisation_id, state
               FROM card_request WHERE key = %s FOR UPDATE""",
            [key],
        )
    )


def answered(
    request: int,
    state: str,
    at: datetime,
    *,
    reference: str,
    scheme: str,
    reason: str,
    fee: Decimal | None,
    expires_at: datetime | None,
    let_go_by: datetime | None,
) -> None:
    """Writes the processor's answer."""
    run(
        """UPDATE card_request SET state = %s, answered_at = %s, next_try_at = NULL, reference = left(%s, 200),
               scheme = left(%s, 20), reason = left(%s, 300), fee = %s, expires_at = %s, let_go_by = %s
           WHERE id = %s""",
        [state, at, reference, scheme, reason, fee, expires_at, let_go_by, request],
    )


def lapse_after(request: int, at: datetime) -> None:
    """What was to draw on a request that was declined is never sent."""
    run(
        """UPDATE card_request SET state = 'lapsed', answered_at = %s, next_try_at = NULL
           WHERE (authorisation_id = %s OR charge_id = %s) AND state = 'pending'""",
        [at, request, request],
    )


def end(requests: Sequence[int], at: datetime) -> list[int]:
    """Authorisations that have run out hold nothing more; the orders of those that did until now."""
    found = rows(
        """UPDATE card_request SET ended_at = %s
           WHERE id = ANY(%s) AND state = 'approved' AND ended_at IS NULL RETURNING order_id""",
        [at, list(requests)],
    )
    return sorted({order for (order,) in found})


def _ask(
    settings: Settings,
    outbox: Outbox,
    order: int,
    kind: str,
    amount: Decimal,
    card: str,
    *,
    shipment: int | None = None,
    authorisation: int | None = None,
    charge: int | None = None,
    is_final: bool = False,
    use: str = "",
    allowed_above: Decimal = NOTHING,
) -> None:
    """Writes a request. Its key is the order's, its kind's and its number's: the same again in a drill, once live."""
    ref, placed_at, asked_before = one(
        """SELECT ref, placed_at, (SELECT count(*) FROM card_request WHERE order_id = o.id)
           FROM sales_order o WHERE id = %s""",
        [order],
    )
    key = uuid5(_KEYS, f"{ref}|{placed_at.timestamp():.6f}|{asked_before}|{kind}")
    run(
        """INSERT INTO card_request (key, order_id, shipment_id, kind, amount, currency, card, use, authorisation_id,
                                     charge_id, is_final, allowed_above, state, created_at, next_try_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'pending', %s, %s)""",
        [str(key), order, shipment, kind, amount, settings.currency, card, use, authorisation, charge, is_final,
         allowed_above, outbox.at, outbox.at],
    )  # fmt: skip
    _ = outbox.fact

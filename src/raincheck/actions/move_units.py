"""A person moves units from one order's line to another's, with a reason; it stands, on record, until revoked."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_line, known_order
from raincheck.actions.looked_at import LookedAt, looked_at, refuse_if_moved
from raincheck.actions.pass_again import pass_again
from raincheck.actions.rebalance_preview import LineChange, books_seen
from raincheck.actions.run_pass import run_pass
from raincheck.core.decision import Decision, decide
from raincheck.core.demand import Claim
from raincheck.core.errors import Malformed, Refused
from raincheck.core.move import move
from raincheck.store import apply, facts, given, lines
from raincheck.store.given import MOVED
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import Locked, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.rebalance import Pegs, pegs_as_they_are
from raincheck.store.snapshot import Snapshot, load

REVOKED = "given_revoked"
PREVIEWED = 0
"""Stands for the fact of a move that is not on record yet."""


@dataclass(frozen=True, slots=True)
class Move:
    """So many units of a product from one order to another, and why."""

    from_order: str
    to_order: str
    sku: str
    units: int
    reason: str


def preview_move(wanted: Move, at: datetime | None = None) -> LookedAt:
    """Who would win and who would lose; writes nothing and locks nobody. Raises what `move_units` raises.

    A reason is not asked for yet.
    """
    _check(wanted)
    with transaction.atomic():
        seen = books_seen(lambda: _products(wanted), at)
        return _planned(wanted, seen, PREVIEWED).shown


def move_units(wanted: Move, at: datetime | None = None, actor: str = "", seen: str = "") -> list[LineChange]:
    """Moves units that are reserved or on their way; the lender's earliest units, for the taker's latest.

    The taker keeps them until they ship, are cancelled, are moved again or the move is revoked. The lender keeps its
    rank and is served anew; one that ships complete waits as a whole then. Raises Refused for picked and packed
    units, for more units than there are or than the taker would have sooner, for units that are protected for the
    lender's tier, for a lender that may not be backordered, and for kits. With the digest `seen` of a preview also
    where the facts moved since. Who won and who lost by it.
    """
    _check(wanted)
    if not wanted.reason.strip():
        raise Malformed("a move needs a reason: it goes on record")
    with transaction.atomic():
        locked = lock_products(_products(wanted), at)
        detail = {"from": wanted.from_order, "to": wanted.to_order, "lines": {wanted.sku: wanted.units}}
        detail["reason"] = wanted.reason
        facts.record(locked.at, MOVED, f"order:{wanted.from_order}", actor, detail)
        outbox = Outbox(locked.at, MOVED, f"order:{wanted.to_order}", actor, detail)
        plan = _planned(wanted, locked, outbox.fact)
        refuse_if_moved("move", seen, plan.shown)
        apply.write(plan.snapshot, plan.decision, outbox, refresh_lines=plan.lines)
        pass_again(locked, outbox, plan.snapshot.facts.book, plan.decision)
        outbox.flush()
    return plan.shown.changes


def revoke_given(
    order: str, sku: str | None = None, reason: str = "", at: datetime | None = None, actor: str = ""
) -> None:
    """What rebalances and persons gave to an order, or to one line of it, and its place by rebalances, end.

    Its units are the pass's again. Raises Refused if nothing was given, NotFound for an unknown order or line.
    """
    with transaction.atomic():
        found = known_order(order)
        locked = lock_products(lines.products_of([found.id]), at)
        order_lines = lines.read_lines(found.id)
        chosen = order_lines if sku is None else [known_line(found, order_lines, sku)]
        if not given.revoke([line.id for line in chosen]):
            raise Refused(f"order {order!r} was given nothing that could be revoked")
        detail = {"lines": [line.sku for line in chosen], "reason": reason}
        outbox = Outbox(locked.at, REVOKED, f"order:{order}", actor, detail)
        _ = outbox.fact
        run_pass(locked, outbox)
        outbox.flush()


def _check(wanted: Move) -> None:
    if wanted.units < 1:
        raise Malformed("at least 1 unit must be moved")
    if wanted.from_order == wanted.to_order:
        raise Malformed(f"order {wanted.from_order!r} cannot give units to itself")


@dataclass(frozen=True, slots=True)
class _Plan:
    """A move as it was decided on a snapshot: of which lines, what comes of it, and what is shown of that."""

    snapshot: Snapshot
    lines: list[int]
    decision: Decision
    shown: LookedAt


def _products(wanted: Move) -> list[int]:
    """The products of both orders. Raises NotFound."""
    return lines.products_of([known_order(wanted.from_order).id, known_order(wanted.to_order).id])


def _planned(wanted: Move, locked: Locked, fact: int) -> _Plan:
    """What comes of a move. Raises NotFound, and Refused for orders that are closed and where it may not be."""
    lender, taker = (_open_line(known_order(ref), wanted) for ref in (wanted.from_order, wanted.to_order))
    snapshot = load(locked)
    before = pegs_as_they_are(snapshot)
    decision = _decide(wanted, snapshot, before, lender, taker, fact)
    asked = ("move", wanted.from_order, wanted.to_order, wanted.sku, wanted.units)
    return _Plan(snapshot, [lender.id, taker.id], decision, looked_at(asked, snapshot, before, decision))


def _open_line(order: OrderFacts, wanted: Move) -> LineFacts:
    if order.state not in ("open", "held"):
        raise Refused(f"order {order.ref!r} is {order.state.replace('_', ' ')}")
    line = known_line(order, lines.read_lines(order.id), wanted.sku)
    if not line.open_units:
        raise Refused(f"order {order.ref!r}, product {wanted.sku!r}: nothing is open")
    return line


def _decide(wanted: Move, snapshot: Snapshot, pegs: Pegs, lender: LineFacts, taker: LineFacts, fact: int) -> Decision:
    """What follows from the move. Raises Refused where it may not be."""
    book = snapshot.facts.book
    theirs = {line.id: [claim for claim in book.claims if claim.line == line.id] for line in (lender, taker)}
    _refuse_special(wanted, snapshot, theirs[lender.id], theirs[taker.id])
    moved = move(book, pegs, theirs[lender.id], theirs[taker.id], wanted.units, fact)
    if moved.units < wanted.units:
        frozen = f" ({lender.frozen} more are picked, packed or on their way out)" if lender.frozen else ""
        if moved.lendable < wanted.units:
            what = f"order {wanted.from_order!r} has only {moved.lendable} {wanted.sku} that could be moved{frozen}"
        else:
            what = f"order {wanted.to_order!r} would have only {moved.units} {wanted.sku} sooner than now"
        raise Refused(f"{wanted.units} {wanted.sku} cannot be moved: {what}")
    return decide(replace(snapshot.facts, book=replace(book, given=moved.given)))


def _refuse_special(wanted: Move, snapshot: Snapshot, lender: list[Claim], taker: list[Claim]) -> None:
    if any(claim.kit is not None for claim in (*lender, *taker)):
        raise Refused(f"product {wanted.sku!r} is a kit: its parts move together, by a rebalance alone")
    if any(claim.stock_only for claim in lender):
        raise Refused(
            f"order {wanted.from_order!r}, product {wanted.sku!r} may not be backordered: cancel its units instead"
        )
    for protection in snapshot.facts.book.protections:
        of_lender = [claim for claim in lender if claim.product == protection.product and claim.tier == protection.tier]
        if of_lender and any(claim.tier != protection.tier for claim in taker):
            raise Refused(
                f"product {wanted.sku!r}: protected for {protection.tier} customers ({protection.units} in all); "
                f"end the protection first"
            )

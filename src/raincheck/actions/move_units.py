"""A person moves units from one order's line to another's, with a reason; it stands, on record, until revoked."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_line, known_order
from raincheck.actions.run_pass import run_pass, settle
from raincheck.core.decision import Decision, decide
from raincheck.core.demand import Claim
from raincheck.core.errors import Malformed, Refused
from raincheck.core.move import move
from raincheck.store import apply, facts, given, lines
from raincheck.store.given import MOVED
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import Locked, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.rebalance import pegs_as_they_are
from raincheck.store.snapshot import Snapshot, load

REVOKED = "given_revoked"


@dataclass(frozen=True, slots=True)
class Move:
    """So many units of a product from one order to another, and why."""

    from_order: str
    to_order: str
    sku: str
    units: int
    reason: str


def move_units(wanted: Move, at: datetime | None = None, actor: str = "") -> None:
    """Moves units that are reserved or on their way; the lender's earliest units, for the taker's latest.

    The taker keeps them until they ship, are cancelled, are moved again or the move is revoked. The lender keeps its
    rank and is served anew; one that ships complete waits as a whole then. Raises Refused for picked and packed
    units, for more units than there are or than the taker would have sooner, for units that are protected for the
    lender's tier, for a lender that may not be backordered, and for kits.
    """
    _check(wanted)
    with transaction.atomic():
        locked, snapshot, lender, taker = _lines(wanted, at)
        detail = {"from": wanted.from_order, "to": wanted.to_order, "lines": {wanted.sku: wanted.units}}
        detail["reason"] = wanted.reason
        facts.record(locked.at, MOVED, f"order:{wanted.from_order}", actor, detail)
        outbox = Outbox(locked.at, MOVED, f"order:{wanted.to_order}", actor, detail)
        decision = _decide(wanted, snapshot, lender, taker, outbox.fact)
        apply.write(snapshot, decision, outbox, refresh_lines=[lender.id, taker.id])
        settle(locked, outbox, snapshot.facts.book, decision)
        outbox.flush()


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
    if not wanted.reason.strip():
        raise Malformed("a move needs a reason: it goes on record")


def _lines(wanted: Move, at: datetime | None) -> tuple[Locked, Snapshot, LineFacts, LineFacts]:
    """Both lines, under lock. Raises NotFound, and Refused for orders that are closed."""
    lender, taker = known_order(wanted.from_order), known_order(wanted.to_order)
    products = lines.products_of([lender.id, taker.id])
    locked = lock_products(products, at)
    both = (_open_line(known_order(wanted.from_order), wanted), _open_line(known_order(wanted.to_order), wanted))
    return locked, load(locked), *both


def _open_line(order: OrderFacts, wanted: Move) -> LineFacts:
    if order.state not in ("open", "held"):
        raise Refused(f"order {order.ref!r} is {order.state.replace('_', ' ')}")
    line = known_line(order, lines.read_lines(order.id), wanted.sku)
    if not line.open_units:
        raise Refused(f"order {order.ref!r}, product {wanted.sku!r}: nothing is open")
    return line


def _decide(wanted: Move, snapshot: Snapshot, lender: LineFacts, taker: LineFacts, fact: int) -> Decision:
    """What follows from the move. Raises Refused where it may not be."""
    book = snapshot.facts.book
    theirs = {line.id: [claim for claim in book.claims if claim.line == line.id] for line in (lender, taker)}
    _refuse_special(wanted, snapshot, theirs[lender.id], theirs[taker.id])
    pegs = pegs_as_they_are(snapshot)
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

"""Hold a basket's stock until it expires, is let go, or becomes an order.

A hold gets what the order would get, dates included, but ranks after everybody who waits when it is made, whatever its
customer's weight. It is an order in the state `basket` (store.baskets): nobody who comes later takes its units, and the
shopper who turns it into an order is served by it, not blocked by it (semantics 34).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from raincheck.actions.asking import (
    NEW_ORDER,
    Asking,
    by_line,
    check_lines,
    content_of,
    look_up,
    new_lines,
    newcomers_of,
    products_to_lock,
)
from raincheck.actions.parcel_terms import store_terms
from raincheck.actions.pass_again import pass_again
from raincheck.actions.paying import let_go_what_is_free, until_authorised
from raincheck.actions.run_pass import run_pass
from raincheck.actions.terms import OrderRequest
from raincheck.actions.write_order import Placed, insert_new_claims, same, write_order
from raincheck.core.admit import Newcomer
from raincheck.core.decision import Decision, Standing, decide
from raincheck.core.demand import Claim
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.peg import PegKind
from raincheck.core.promise import Told
from raincheck.store import apply, baskets, lines
from raincheck.store.baskets import Hold
from raincheck.store.company import read_company
from raincheck.store.lines import find_order, insert_lines, insert_order
from raincheck.store.locks import database_now, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.shop import read_shop
from raincheck.store.snapshot import Snapshot, load
from raincheck.store.timers import Due, clear

LEAST_MINUTES = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A hold, and whether this call made it (False: the same one was there)."""

    hold: Hold
    is_new: bool


def hold_basket(request: OrderRequest, minutes: int | None = None, at: datetime | None = None, actor: str = "") -> Held:
    """Holds what an order for `request` would get, for so many minutes (None: as long as the shop allows).

    `request.ref` names the hold; the same one with the same content changes nothing, nor its end. Raises Refused for
    other content, a reference of somebody else's, too many open holds of one actor, or where nothing at all can be had;
    Malformed for more minutes than the shop allows; NotFound as `place_order`.
    """
    check_lines(request)
    shop = read_shop()
    if minutes is not None and not LEAST_MINUTES <= minutes <= shop.hold_minutes:
        raise Malformed(f"hold {request.ref!r}: minutes must lie between {LEAST_MINUTES} and {shop.hold_minutes}")
    if not shop.hold_minutes:
        raise Refused("this shop holds no baskets: its longest hold is 0 minutes")
    length, content = timedelta(minutes=minutes or shop.hold_minutes), content_of(request)
    with transaction.atomic():
        if (known := baskets.find_hold(request.ref)) is not None:
            return _same(known, content, actor)
        if baskets.open_holds(actor) >= shop.holds_per_key:
            raise Refused(f"{actor or 'this caller'} holds {shop.holds_per_key} baskets already: let some go")
        settings, rules = read_company()
        asking = look_up(settings, rules, request)
        now = at or database_now()
        row = baskets.insert_hold(request.ref, actor, content, now, now + length)
        if row is None:
            known = baskets.find_hold(request.ref)
            if known is None:
                raise Refused(f"hold {request.ref!r} was made by somebody else at the same instant: send it again")
            return _same(known, content, actor)
        locked = lock_products(products_to_lock(asking), at)
        snapshot = load(locked, settings)
        newcomers = _behind_everybody(newcomers_of(asking, settings, locked.at), snapshot)
        held = replace(snapshot.facts, held_orders=snapshot.facts.held_orders | {NEW_ORDER})
        decision = decide(held, newcomers)
        if not decision.accepted:
            raise Refused(f"hold {request.ref!r}: nothing of it can be had, so there is nothing to hold")
        outbox = Outbox(locked.at, "basket_held", f"hold:{request.ref}", actor)
        order = _write(asking, replace(snapshot, facts=held), decision, newcomers, outbox, f"~hold:{row}", content)
        pass_again(locked, outbox, snapshot.facts.book, decision)
        baskets.begin_hold(row, order, locked.at, locked.at + length)
        _ = outbox.fact
        outbox.flush()
    made = baskets.find_hold(request.ref)
    if made is None:
        raise LookupError(f"hold {request.ref!r} was made and is not there")
    return Held(made, is_new=True)


def let_go(ref: str, at: datetime | None = None, actor: str = "") -> Hold:
    """Ends a hold; what it held goes to whoever is next. One that has ended stays as it is.

    Raises NotFound, and Refused for a hold of somebody else.
    """
    with transaction.atomic():
        hold = _known(ref, actor)
        if hold.state == baskets.OPEN:
            _release(hold, baskets.ENDED, at, actor)
        return _known(ref, actor)


def expire_baskets(timers: Sequence[Due], at: datetime) -> None:
    """Ends holds whose time is over, each in a transaction of its own."""
    for timer in timers:
        with transaction.atomic():
            hold = baskets.find_hold_by_id(timer.subject)
            if clear([timer]) and hold is not None and hold.state == baskets.OPEN:
                _release(hold, baskets.EXPIRED, at)


def place_held(request: OrderRequest, hold_ref: str, at: datetime | None = None, actor: str = "") -> Placed:
    """Places an order that takes over a hold, in one transaction: it keeps the units and days that were held.

    Customer, address and shipping policy may be said now for the first time; the terms are resolved anew. An order for
    no more than was held joins the queue as of the hold; one for more joins it now and still keeps what was held. The
    same order again changes nothing. Raises as `place_order`; NotFound for a hold that does not exist; Refused for one
    that expired, was let go, was taken by another order, or belongs to somebody else.
    """
    check_lines(request)
    content = content_of(request)
    with transaction.atomic():
        if (order := find_order(request.ref)) is not None:
            return same(request.ref, content, order.id, order.content)
        hold = _known(hold_ref, actor)
        _check_takeable(hold)
        settings, rules = read_company()
        asking = look_up(settings, rules, request)
        locked = lock_products({*products_to_lock(asking), *lines.products_of([hold.order or 0])}, at)
        if hold.expires_at <= locked.at:
            raise Refused(f"hold {hold_ref!r} has expired: place the order without it, or hold anew")
        before = load(locked, settings)
        mine = [claim for claim in before.facts.book.claims if claim.order == hold.order]
        stock = _stock_of(before, {claim.id for claim in mine})
        is_within = _is_within(request, hold)
        _let_lines_go(hold)
        snapshot = load(locked, settings)
        joined_at = hold.made_at if is_within else locked.at
        newcomers = [_as_held(new, mine, stock) for new in newcomers_of(asking, settings, joined_at)]
        told = {
            new.claim.id: Standing(Told(new.claim.told_on, new.claim.told_units, new.claim.told_by_lead_time))
            for new in newcomers
            if new.claim.told_on is not None
        }
        snapshot = replace(snapshot, facts=replace(snapshot.facts, standings={**snapshot.facts.standings, **told}))
        decision = decide(until_authorised(snapshot.facts, request), newcomers)
        outbox = Outbox(locked.at, "order_placed", f"order:{request.ref}", actor, {"hold": hold_ref})
        order_id = write_order(asking, settings, snapshot, decision, newcomers, outbox, content, whole_book=True)
        if order_id is None:
            raise Refused(f"order {request.ref!r} was placed by somebody else at the same instant: send it again")
        pass_again(locked, outbox, snapshot.facts.book, decision)
        let_go_what_is_free(request, order_id, locked, outbox)
        baskets.end_hold(hold, baskets.TAKEN, locked.at, request.ref)
        outbox.flush()
        return Placed(order_id, is_new=True)


def _same(known: Hold, content: str, actor: str) -> Held:
    _check_owner(known, actor)
    if known.content != content:
        raise Refused(f"hold {known.ref!r} exists with other content: use another reference")
    return Held(known, is_new=False)


def _known(ref: str, actor: str) -> Hold:
    hold = baskets.find_hold(ref, lock=True)
    if hold is None:
        raise NotFound(f"hold {ref!r} does not exist", "hold", ref)
    _check_owner(hold, actor)
    return hold


def _check_owner(hold: Hold, actor: str) -> None:
    if hold.actor != actor:
        raise Refused(f"hold {hold.ref!r} was made by another key: only that one may use it")


def _check_takeable(hold: Hold) -> None:
    match hold.state:
        case baskets.TAKEN:
            raise Refused(f"hold {hold.ref!r} became order {hold.order_ref!r}")
        case baskets.EXPIRED:
            raise Refused(f"hold {hold.ref!r} has expired: place the order without it, or hold anew")
        case baskets.ENDED:
            raise Refused(f"hold {hold.ref!r} was let go: place the order without it, or hold anew")


def _behind_everybody(newcomers: list[Newcomer], snapshot: Snapshot) -> list[Newcomer]:
    """The same, with a score that puts nobody who waits behind them."""
    last = max((claim.rank[1] for claim in snapshot.facts.book.claims), default=None)
    if last is None:
        return newcomers
    return [
        replace(
            new, claim=replace(new.claim, rank=(new.claim.rank[0], max(new.claim.rank[1], last), *new.claim.rank[2:]))
        )
        for new in newcomers
    ]


def _write(
    asking: Asking,
    snapshot: Snapshot,
    decision: Decision,
    newcomers: list[Newcomer],
    outbox: Outbox,
    ref: str,
    content: str,
) -> int:
    """The rows of an order that tells nobody, is charged nothing and has no legal clock."""
    request = asking.request
    customer = asking.customer.id if asking.customer else None
    order = insert_order(
        ref, customer, outbox.at, request.channel, asking.country, asking.postcode, baskets.STATE, "shipment", content,
        request.wanted_on,
    )  # fmt: skip
    if order is None:
        raise LookupError(f"an order is called {ref!r}")
    ids = insert_lines(order, new_lines(asking, snapshot, decision, newcomers))
    names = {NEW_ORDER: order}
    names |= {parts[0].claim.line: id_ for parts, id_ in zip(by_line(newcomers), ids, strict=True)}
    names |= insert_new_claims(order, snapshot, decision, names)
    store_terms(order, {id_: asking.terms[line.sku] for line, id_ in zip(request.lines, ids, strict=True)})
    placed = frozenset(newcomer.claim.line for newcomer in newcomers)
    apply.write(snapshot, decision, outbox, names=names, placed_lines=placed, whole_book=True)
    return order


def _release(hold: Hold, state: str, at: datetime | None, actor: str = "") -> None:
    locked = lock_products(lines.products_of([hold.order or 0]), at)
    _let_lines_go(hold)
    outbox = Outbox(locked.at, "basket_ended", f"hold:{hold.ref}", actor, {"how": state})
    run_pass(locked, outbox)
    baskets.end_hold(hold, state, locked.at)
    _ = outbox.fact
    outbox.flush()


def _let_lines_go(hold: Hold) -> None:
    for line in lines.read_lines(hold.order or 0):
        if line.open_units:
            lines.take_from_claims(line.id, line.open_units)
            lines.close_units(line.id, line.open_units, cancelled=line.open_units)


def _is_within(request: OrderRequest, hold: Hold) -> bool:
    """Whether an order asks for nothing that its hold did not ask for."""
    held = {line.sku: line.ordered for line in lines.read_lines(hold.order or 0)}
    return all(line.units <= held.get(line.sku, 0) for line in request.lines)


def _stock_of(snapshot: Snapshot, claims: set[int]) -> Mapping[int, int]:
    """Units that claims have reserved, by claim."""
    reserved: dict[int, int] = {}
    for peg in snapshot.pegs:
        if peg.claim in claims and peg.kind is PegKind.STOCK and not peg.is_preorder:
            reserved[peg.claim] = reserved.get(peg.claim, 0) + peg.units
    return reserved


def _as_held(new: Newcomer, mine: Sequence[Claim], stock: Mapping[int, int]) -> Newcomer:
    """A newcomer with what was told and reserved for the claim of the hold that it takes over, as far as it asks."""
    held = next((one for one in mine if (one.product, one.sold_as) == (new.claim.product, new.claim.sold_as)), None)
    if held is None:
        return new
    claim = new.claim
    return replace(
        new,
        claim=replace(
            claim,
            told_on=held.told_on,
            told_units=min(held.told_units, claim.units),
            told_by_lead_time=min(held.told_by_lead_time, claim.units),
            lead_time_from=held.lead_time_from,
            keeps_stock=min(stock.get(held.id, 0), claim.units),
        ),
    )

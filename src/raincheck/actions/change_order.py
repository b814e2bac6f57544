"""Change an order's quantities: raised units stand at the end of the queue, lowering keeps the rank (semantics 17)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from raincheck.actions.asking import Asking, by_line, charge_of_order, look_up, new_lines, newcomers_of
from raincheck.actions.cancel_order import BY_CUSTOMER, close_ended_lines, known_order
from raincheck.actions.parcel_terms import (
    prepare_change,
    refuse_after_the_last_parcel,
    store_terms,
    with_order_s_terms,
)
from raincheck.actions.pass_again import pass_again
from raincheck.actions.run_pass import run_pass
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.write_order import insert_new_claims
from raincheck.core.admit import Newcomer
from raincheck.core.cards import UNANSWERED, Use
from raincheck.core.decision import Decision, Facts, decide
from raincheck.core.demand import Claim
from raincheck.core.errors import Malformed, Refused
from raincheck.core.money import share_in_advance
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.store import apply, feedback, given, lines, thawing
from raincheck.store.card_cover import ask_for_all
from raincheck.store.card_requests import pays_by_card
from raincheck.store.catalogue import find_products
from raincheck.store.company import read_company
from raincheck.store.db import run
from raincheck.store.declines import charge_now, is_declining
from raincheck.store.kits import decided_with, next_set
from raincheck.store.law_clocks import end_clocks, reconsider, start_clocks
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import Locked, lock_products
from raincheck.store.order_money import settle_money
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox
from raincheck.store.parcel_terms import mark_order
from raincheck.store.snapshot import Snapshot, load


def change_order(
    ref: str,
    units_by_sku: Mapping[str, int],
    at: datetime | None = None,
    actor: str = "",
    *,
    replaced: Mapping[str, LineFacts] | None = None,
) -> None:
    """Gives lines new ordered quantities; a product that is not on the order yet joins it now.

    A raised quantity is a later claim (in a ship-complete group it joins the group's) and may be refused like a new
    order; a lowered one lowers `ordered` and leaves `cancelled` alone. Raises Refused where fewer units are asked for
    than have shipped, been picked or ended, or for an order that is closed. `replaced` are the lines that products
    stand in for (`actions.substitute`): at their price, without a charge or a legal clock of their own.
    """
    replaced = replaced or {}
    agreed = {sku: line.unit_price for sku, line in replaced.items()}
    for sku, units in units_by_sku.items():
        if units < 0:
            raise Malformed(f"order {ref!r}, product {sku!r}: the quantity must not be negative")
    with transaction.atomic():
        settings, rules = read_company()
        products = find_products(units_by_sku)
        order = known_order(ref)
        feedback.hold_question(order.id)
        locked = lock_products([*lines.products_of([order.id]), *decided_with(products.values())], at)
        order = known_order(ref)
        if order.state not in ("open", "held", "complete"):
            raise Refused(f"order {ref!r} is {order.state}: place a new one")
        by_sku = {line.sku: line for line in lines.read_lines(order.id)}
        outbox = Outbox(locked.at, "order_changed", f"order:{ref}", actor, {"lines": dict(units_by_sku)})
        _ = outbox.fact
        lowered = [by_sku[sku] for sku, units in units_by_sku.items() if sku in by_sku and units < by_sku[sku].ordered]
        for line in lowered:
            _lower(order, line, units_by_sku[line.sku], settings, outbox)
        raised = {
            sku: units - (by_sku[sku].ordered if sku in by_sku else 0)
            for sku, units in units_by_sku.items()
            if units > (by_sku[sku].ordered if sku in by_sku else 0)
        }
        asked = tuple(
            AskedLine(sku, units, by_sku[sku].unit_price if sku in by_sku else agreed.get(sku))
            for sku, units in raised.items()
        )
        request = OrderRequest(
            ref, asked, order.customer, order.channel, order.country, order.postcode, wanted_on=order.wanted_on
        )
        asking = _charged_as_agreed(look_up(settings, rules, request), replaced)
        end_clocks([by_sku[sku].id for sku in raised if sku in by_sku and not by_sku[sku].open_units], locked.at)
        prepare_change(order, {sku: terms for sku, terms in asking.terms.items() if sku not in by_sku})
        left = refuse_after_the_last_parcel(
            order, {sku: by_sku[sku].ship if sku in by_sku else asking.terms[sku].ship for sku in raised}
        )
        snapshot = load(locked, settings)
        newcomers = _newcomers(order, by_sku, asking, settings, locked, snapshot)
        facts = replace(snapshot.facts, releases_left={**snapshot.facts.releases_left, **left})
        if not replaced and is_declining(order.id):
            facts = replace(facts, unpaid=facts.unpaid | _charged_at_once(by_sku, asking, newcomers))
        facts = _until_authorised(facts, order, newcomers)
        decision = decide(facts, newcomers)
        names, added = _insert(order, by_sku, asking, snapshot, decision, newcomers)
        if raised or lowered:
            told = [{"sku": sku, "units": units} for sku, units in units_by_sku.items()]
            outbox.tell(order.id, "order_changed", told)
        _charge_raised(order, by_sku, asking, newcomers, names, outbox, settings, replaced)
        if decision.accepted:
            _open_again(order)
        apply.write(
            snapshot,
            decision,
            outbox,
            names=names,
            placed_lines=added,
            refresh_lines=[line.id for line in by_sku.values()],
        )
        if waiting := lines.that_wait(names[line] for line in added):
            apply.tell_backordered(outbox, waiting)
        changed = [names.get(newcomer.claim.line, newcomer.claim.line) for newcomer in newcomers]
        if not replaced:
            start_clocks(settings, changed, outbox, since=locked.at)
        reconsider(settings, changed, locked.at)
        close_ended_lines([line.id for line in lowered if line.shipped], Reason.SHIPPED)
        close_ended_lines([line.id for line in lowered if not line.shipped], BY_CUSTOMER)
        pass_again(locked, outbox, snapshot.facts.book, decision)
        _authorise_raised(settings, order, facts, locked, outbox)
        settle_orders([order.id])
        outbox.flush()


def _charged_as_agreed(asking: Asking, replaced: Mapping[str, LineFacts]) -> Asking:
    """What stands in for a line is paid when that line was to be paid, whatever rule its own product has."""
    terms = dict(asking.terms)
    for sku in replaced.keys() & terms.keys():
        charge = replaced[sku].charge
        trace = {**terms[sku].trace, "charge": {"value": charge, "from": "order", "lost": []}}
        terms[sku] = replace(terms[sku], charge=charge, trace=trace)
    return replace(asking, terms=terms)


def _lower(order: OrderFacts, line: LineFacts, units: int, settings: Settings, outbox: Outbox) -> None:
    """Lowers a line: refused units go first, then open ones that the floor does not have."""
    fewer = line.ordered - units
    from_refused = min(fewer, line.refused)
    from_open = fewer - from_refused
    if from_open > line.open_units - line.picked:
        fixed = line.ordered - line.refused - (line.open_units - line.picked)
        raise Refused(
            f"order {order.ref!r}, product {line.sku!r}: shipped, picked or cancelled already: {fixed}, "
            f"so the quantity cannot fall to {units}"
        )
    if from_refused:
        run(
            "UPDATE order_line SET ordered = ordered - %s, refused = refused - %s WHERE id = %s",
            [from_refused, from_refused, line.id],
        )
    if from_open:
        if from_open > line.free_units:
            thawing.thaw(line.id, from_open - line.free_units, ("released",))
        lines.take_from_claims(line.id, from_open)
        lines.close_units(line.id, from_open, cancelled=0)
        settle_money(settings, outbox, [order.id])


def _newcomers(
    order: OrderFacts,
    by_sku: Mapping[str, LineFacts],
    asking: Asking,
    settings: Settings,
    locked: Locked,
    snapshot: Snapshot,
) -> list[Newcomer]:
    """Raised units as newcomers: of a known line under its stored terms, of a ship-complete group within its claim."""
    standing: dict[int, list[Claim]] = defaultdict(list)
    for claim in snapshot.facts.book.claims:
        if claim.group is not None:
            standing[claim.line].append(claim)
    newcomers: list[Newcomer] = []
    fresh_ones = by_line(newcomers_of(asking, settings, locked.at, lines.value_of(order.id)))
    for parts, asked in zip(fresh_ones, asking.request.lines, strict=True):
        line = by_sku.get(asked.sku)
        group = order.id if (line.ship if line else asking.terms[asked.sku].ship) == "complete" else None
        limit = line.backorder_limit if line else parts[0].backorder_limit
        latest_days = line.latest_days if line else parts[0].latest_days
        claims = [replace(part.claim, order=order.id, group=group) for part in parts]
        if line is not None:
            claims = _raised(line, asked.units, claims, _last_set(standing[line.id]))
        newcomers += [Newcomer(claim, asked.units * claim.per_kit, limit, latest_days) for claim in claims]
    places = given.places_of([line.id for line in by_sku.values()])
    newcomers = [_at_place(new, places.get(new.claim.line)) for new in newcomers]
    customer = asking.customer.id if asking.customer else None
    return with_order_s_terms(newcomers, order, customer, {line.id: line for line in by_sku.values()})


def _at_place(newcomer: Newcomer, place: int | None) -> Newcomer:
    """Units that join a line which a rebalance touched stand at its place."""
    if place is None:
        return newcomer
    return replace(newcomer, claim=replace(newcomer.claim, rank=(place, *newcomer.claim.rank[1:])))


def _last_set(claims: list[Claim]) -> list[Claim]:
    """Of a line's claims in a group the one, or the parts of the set of kits, that joined last."""
    last = max((claim.kit.nr for claim in claims if claim.kit is not None), default=None)
    return [claim for claim in claims if claim.kit is None or claim.kit.nr == last]


def _raised(line: LineFacts, units: int, fresh: list[Claim], joined: list[Claim]) -> list[Claim]:
    """The claims of a known line's raised units: those that they join, else new ones under its stored terms."""
    if joined:
        return [replace(claim, units=claim.units + units * claim.per_kit) for claim in joined]
    claims = [replace(claim, line=line.id, stock_only=line.backorders == "deny") for claim in fresh]
    nr = next_set(line.id)
    return [c if c.kit is None else replace(c, kit=replace(c.kit, line=line.id, nr=nr)) for c in claims]


def _insert(
    order: OrderFacts,
    by_sku: Mapping[str, LineFacts],
    asking: Asking,
    snapshot: Snapshot,
    decision: Decision,
    newcomers: list[Newcomer],
) -> tuple[dict[int, int], frozenset[int]]:
    """Inserts new lines and claims, counts raised units on known lines; (names of rows, provisional new lines)."""
    refused = {refusal.claim: refusal.units for refusal in decision.refused}
    fresh = new_lines(asking, snapshot, decision, newcomers) if newcomers else []
    inserted = [
        (parts[0], row)
        for parts, asked, row in zip(by_line(newcomers), asking.request.lines, fresh, strict=True)
        if asked.sku not in by_sku
    ]
    ids = lines.insert_lines(order.id, [row for _, row in inserted])
    names = {newcomer.claim.line: id_ for (newcomer, _), id_ in zip(inserted, ids, strict=True)}
    for newcomer, *_ in by_line(newcomers):
        if newcomer.claim.line > 0:
            per_kit = newcomer.claim.per_kit
            asked_units, no = newcomer.new_units // per_kit, refused.get(newcomer.claim.id, 0) // per_kit
            run(
                """UPDATE order_line SET ordered = ordered + %s, backordered = backordered + %s, refused = refused + %s
                   WHERE id = %s""",
                [asked_units, asked_units - no, no, newcomer.claim.line],
            )
    added = frozenset(names)
    names |= insert_new_claims(order.id, snapshot, decision, names)
    given.keep_places([line.id for line in by_sku.values()])
    new = [asking.terms[asked.sku] for asked in asking.request.lines if asked.sku not in by_sku]
    store_terms(order.id, dict(zip(ids, new, strict=True)))
    if any(newcomer.claim.parcel_terms for newcomer in newcomers):
        mark_order(order.id)
    return names, added


def _open_again(order: OrderFacts) -> None:
    if order.state == "complete":
        feedback.withdraw(order.id)
        run("UPDATE sales_order SET state = 'open' WHERE id = %s", [order.id])


def _until_authorised(facts: Facts, order: OrderFacts, newcomers: list[Newcomer]) -> Facts:
    """The facts, with nothing of an order that pays by card leaving before its raised units are authorised too."""
    if not newcomers or not pays_by_card(order.id):
        return facts
    return replace(facts, covers={**facts.covers, order.id: UNANSWERED})


def _authorise_raised(settings: Settings, order: OrderFacts, facts: Facts, locked: Locked, outbox: Outbox) -> None:
    """Asks a card for what was raised; what it covers already may go at once."""
    if order.id in facts.covers and facts.covers[order.id].is_waiting:
        ask_for_all(settings, order.id, outbox, Use.CUSTOMER)
        run_pass(locked, outbox)


def _charge_raised(
    order: OrderFacts,
    by_sku: Mapping[str, LineFacts],
    asking: Asking,
    newcomers: list[Newcomer],
    names: Mapping[int, int],
    outbox: Outbox,
    settings: Settings,
    replaced: Mapping[str, LineFacts],
) -> None:
    """Charges accepted raised units at once as far as their line is paid in advance; not those that stand in."""
    if replaced:
        return
    charges = {asking.terms[sku].charge for sku in asking.terms if sku not in by_sku} | {order.charge}
    if (charge := charge_of_order(charges)) != order.charge:
        run("UPDATE sales_order SET charge = %s WHERE id = %s", [charge, order.id])
    claims = _charged_at_once(by_sku, asking, newcomers)
    charge_now(settings, order.id, [names.get(claim, claim) for claim in sorted(claims)], outbox)


def _charged_at_once(by_sku: Mapping[str, LineFacts], asking: Asking, newcomers: list[Newcomer]) -> frozenset[int]:
    """The claims of raised units of which anything is due in advance."""
    return frozenset(
        newcomer.claim.id
        for parts, asked in zip(by_line(newcomers), asking.request.lines, strict=True)
        if share_in_advance(by_sku[asked.sku].charge if asked.sku in by_sku else asking.terms[asked.sku].charge)
        for newcomer in parts
    )

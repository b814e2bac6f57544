"""Place many orders at once: one decision over all their lines, in rank order, written in bulk.

The outcome is that of one fact that brings all the orders: whoever joined earlier comes first, whatever the order of
the list. Decisions are made product by product where nothing ties products together, so memory stays bounded.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from raincheck.actions.asking import charge_of_order, check_lines, content_of, parts_of
from raincheck.actions.law_terms import note_law_terms
from raincheck.actions.parcel_terms import terms_for_parcels
from raincheck.actions.standing import standing
from raincheck.actions.terms import AskedLine, Buyer, OrderRequest, Terms, terms_of
from raincheck.actions.write_order import new_claim
from raincheck.core.admit import Newcomer
from raincheck.core.decision import Decision, decide
from raincheck.core.demand import Claim, ParcelTerms
from raincheck.core.errors import Refused
from raincheck.core.money import ON_SHIPMENT
from raincheck.core.policy import Rule
from raincheck.core.rank import UNTOUCHED_PLACE, score_of
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.store import apply
from raincheck.store.bulk.messages import confirm_orders
from raincheck.store.bulk.orders import (
    NewOrder,
    copy_claims,
    copy_lines,
    copy_orders,
    find_customers,
    record_placed,
    take_ids,
)
from raincheck.store.bulk.ties import tied_products
from raincheck.store.catalogue import CustomerTerms, ProductTerms, find_products
from raincheck.store.company import read_company
from raincheck.store.figures import line_figures
from raincheck.store.kits import Part, contents_of, decided_with
from raincheck.store.law_clocks import start_clocks
from raincheck.store.lines import NewClaim, NewLine
from raincheck.store.locks import Locked, lock_products
from raincheck.store.order_money import settle_money
from raincheck.store.order_state import settle_orders
from raincheck.store.outbox import Outbox
from raincheck.store.parcel_terms import mark_claims, products_of_merging, recipient_of, set_terms, with_merging
from raincheck.store.parcels import Parcel, ParcelLine
from raincheck.store.snapshot import Snapshot, load

LINES_AT_ONCE = 20_000
"""How many lines are decided and written together, unless ties force more."""

PARCELS_AT_ONCE = 5_000
"""How many parcels leave together; what is told of them is written before the next ones."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """An order, and when its units join the queue (None: now)."""

    request: OrderRequest
    placed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlacedMany:
    """What became of orders, by reference: newly placed; here already as asked; here with other content, and which."""

    placed: frozenset[str]
    same: frozenset[str]
    different: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A new line on its way, under the ids of its row and its claims: one, or one for each part of a kit."""

    id: int
    claims: tuple[int, ...]
    order: "_Order"
    asked: AskedLine
    product: ProductTerms
    terms: Terms
    contents: Sequence[Part] = ()

    @property
    def products(self) -> set[int]:
        """The product, and the parts of a kit."""
        return {self.product.id, *(part.product for part in self.contents)}


@dataclass(slots=True)
class _Order:
    """An order on its way. `joined_on` is the day of `joined_at` in the company's zone."""

    id: int
    request: OrderRequest
    placed_at: datetime
    joined_on: date
    customer: CustomerTerms | None
    content: str
    value: Decimal = Decimal(0)
    charge: str = ""
    has_parcel_terms: bool = False
    merges: bool = False

    @property
    def country(self) -> str:
        """Where it goes: as asked, else where the customer lives."""
        return self.request.country or (self.customer.country if self.customer else "")

    @property
    def postcode(self) -> str:
        """Where it goes, within the country."""
        return self.request.postcode or (self.customer.postcode if self.customer else "")

    @property
    def tier(self) -> str:
        """The customer's tier."""
        return self.customer.tier if self.customer else ""


def place_orders(
    orders: Sequence[AskedOrder],
    at: datetime | None = None,
    actor: str = "",
    *,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> PlacedMany:
    """Places orders whose references are new, all or none. `progress` is told how many lines are done.

    Raises NotFound for an unknown product or customer, Malformed for lines that make no sense, Refused when somebody
    else places one of them at the same instant. With `dry_run` nothing stays written.
    """
    for order in orders:
        check_lines(order.request)
    try:
        with transaction.atomic():
            placed = _place(orders, at, actor, progress)
            if dry_run:
                transaction.set_rollback(True)
            return placed
    except IntegrityError as error:
        if "sales_order_ref_once" not in str(error):
            raise
        raise Refused("one of the orders was placed by somebody else at the same instant: import again") from error


def _place(orders: Sequence[AskedOrder], at: datetime | None, actor: str, progress: Progress) -> PlacedMany:
    settings, rules = read_company()
    products = find_products({line.sku for order in orders for line in order.request.lines})
    customers = find_customers({order.request.customer for order in orders if order.request.customer})
    merging = products_of_merging({customer.id for customer in customers.values()})
    locked = lock_products({*decided_with(products.values()), *merging}, at)
    contents = {order.request.ref: content_of(order.request) for order in orders}
    same, different = standing([order.request for order in orders], contents)
    new = [order for order in orders if order.request.ref not in same and order.request.ref not in different]
    if new:
        outbox = Outbox(locked.at, "orders_imported", "import:orders", actor, {"orders": len(new)})
        ids = take_ids("sales_order", len(new))
        heads = _heads(settings, ids, new, customers, contents, locked.at)
        lines = _lines(settings, rules, heads, products)
        copy_orders(_new_order(head) for head in heads)
        leaving: list[Parcel] = []
        for batch_products, batch in _batches(locked, lines):
            leaving += _decide_and_write(settings, batch_products, locked, batch, outbox)
            progress(len(batch))
        settle_money(settings, outbox, [head.id for head in heads if head.charge != ON_SHIPMENT])
        for parcels in _some_at_a_time(leaving):
            apply.send(settings, parcels, outbox)
            outbox.flush()
        for head in heads:
            note_law_terms(head.id, head.request)
        start_clocks(settings, [line.id for line in lines], outbox)
        settle_orders(ids)
        record_placed(ids, locked.at, actor)
        confirm_orders(ids, outbox.fact, locked.at)
        outbox.flush()
    return PlacedMany(frozenset(order.request.ref for order in new), same, different)


def _heads(
    settings: Settings,
    ids: Sequence[int],
    orders: Sequence[AskedOrder],
    customers: Mapping[str, CustomerTerms],
    contents: Mapping[str, str],
    at: datetime,
) -> list[_Order]:
    calendar = settings.calendar
    heads = []
    for id_, order in zip(ids, orders, strict=True):
        request, placed_at = order.request, order.placed_at or at
        customer = customers[request.customer] if request.customer else None
        heads.append(_Order(id_, request, placed_at, calendar.day_of(placed_at), customer, contents[request.ref]))
    return heads


def _new_order(head: _Order) -> NewOrder:
    request, customer = head.request, head.customer
    return NewOrder(
        head.id,
        request.ref,
        customer.id if customer else None,
        head.placed_at,
        request.channel,
        head.country,
        head.postcode,
        head.charge,
        head.content,
        request.wanted_on,
    )


def _lines(
    settings: Settings, rules: tuple[Rule, ...], heads: Sequence[_Order], products: Mapping[str, ProductTerms]
) -> list[_Line]:
    """Every line with its terms, by order. Equal lines share one resolution."""
    resolved: dict[tuple[str, str | None, str, str | None], Terms] = {}
    contents = contents_of(product.id for product in products.values() if product.is_kit)
    count = sum(len(head.request.lines) for head in heads)
    parts = sum(len(contents.get(products[line.sku].id, ())) for head in heads for line in head.request.lines)
    ids, claims = iter(take_ids("order_line", count)), iter(take_ids("claim", count + parts))
    asks_customer = any("customer" in rule.when or "tier" in rule.when for rule in rules)
    lines: list[_Line] = []
    for head in heads:
        request = head.request
        for asked in request.lines:
            product = products[asked.sku]
            key = (asked.sku, request.customer if asks_customer else None, request.channel, request.ship)
            terms = resolved.get(key)
            if terms is None:
                buyer = Buyer(request.customer, head.tier, request.channel)
                terms = resolved[key] = terms_of(settings, rules, product, buyer, request.ship)
            head.value += _price(asked, product) * asked.units
            head.charge = charge_of_order({terms.charge, head.charge or terms.charge})
            head.has_parcel_terms |= terms.has_parcel_terms
            head.merges |= terms.merge_hours > 0
            made_of = contents.get(product.id, ())
            own = tuple(next(claims) for _ in made_of or (product,))
            lines.append(_Line(next(ids), own, head, asked, product, terms, made_of))
    return lines


def _price(asked: AskedLine, product: ProductTerms) -> Decimal:
    return asked.unit_price if asked.unit_price is not None else product.price or Decimal(0)


def _batches(locked: Locked, lines: Sequence[_Line]) -> Iterator[tuple[tuple[int, ...], list[_Line]]]:
    """Lines in sets with their products, which nothing ties to products outside."""
    by_product: dict[int, list[_Line]] = defaultdict(list)
    groups: dict[int, set[int]] = defaultdict(set)
    orders: dict[int, set[int]] = defaultdict(set)
    sharing: dict[int, set[int]] = defaultdict(set)
    kits: list[set[int]] = []
    for line in lines:
        by_product[line.product.id].append(line)
        orders[line.order.id] |= line.products
        if line.contents:
            kits.append(line.products)
        if line.terms.ship == "complete" or line.order.has_parcel_terms:
            groups[line.order.id] |= line.products
        if line.order.merges and line.order.customer is not None:
            sharing[line.order.customer.id] |= line.products
    products: list[int] = []
    batch: list[_Line] = []
    together = [*groups.values(), *kits, *with_merging(sharing)]
    for tied in tied_products(locked.products, together, orders.values()):
        products += tied
        batch += [line for product in tied for line in by_product.pop(product, ())]
        if len(batch) >= LINES_AT_ONCE:
            yield tuple(sorted(products)), batch
            products, batch = [], []
    if batch:
        yield tuple(sorted(products)), batch


def _decide_and_write(
    settings: Settings, products: tuple[int, ...], locked: Locked, lines: Sequence[_Line], outbox: Outbox
) -> list[Parcel]:
    """One decision over these lines and all who wait for their products already; what may leave because of it."""
    part = Locked(products, locked.at)
    snapshot = load(part, settings)
    # In rank order already: the decision sorts many times, and what is sorted sorts quickly.
    lines = sorted(lines, key=lambda line: (line.order.placed_at, line.order.request.ref, line.asked.sku))
    newcomers = [newcomer for line in lines for newcomer in _newcomers(settings, line)]
    decision = decide(snapshot.facts, newcomers)
    copy_lines(_new_lines(snapshot, decision, lines))
    copy_claims(_new_claims(snapshot, decision))
    _store_parcel_terms(lines)
    apply.write(snapshot, decision, outbox, placed_lines=frozenset(line.id for line in lines), releases=False)
    return apply.parcels_of(decision, {})


def _store_parcel_terms(lines: Sequence[_Line]) -> None:
    """Stores the parcel terms of lines, and marks the claims of their orders."""
    own = {line.id: line.terms for line in lines if line.terms.has_parcel_terms}
    set_terms({line: (terms.minimum_units, terms.minimum_value, terms.merge_hours) for line, terms in own.items()})
    mark_claims({line.order.id for line in lines if line.order.has_parcel_terms})


def _some_at_a_time(leaving: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """One parcel an order (or all that share it) and site, from whatever decisions; those of an order together."""
    lines: dict[tuple[int, str], dict[int, list[ParcelLine]]] = defaultdict(lambda: defaultdict(list))
    for parcel in leaving:
        lines[parcel.order, parcel.shares][parcel.site].extend(parcel.lines)
    batch: list[Parcel] = []
    for (order, shares), by_site in lines.items():
        batch += [Parcel(order, site, content, shares) for site, content in by_site.items()]
        if len(batch) >= PARCELS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _newcomers(settings: Settings, line: _Line) -> list[Newcomer]:
    order = line.order
    tier, criticality, wanted_on = order.tier, line.product.criticality, order.request.wanted_on
    score = score_of(settings.weights, tier, criticality, order.value, order.joined_on, wanted_on)
    claim = Claim(
        id=line.claims[0],
        line=line.id,
        order=order.id,
        product=line.product.id,
        units=line.asked.units,
        rank=(UNTOUCHED_PLACE, -score, order.placed_at, order.request.ref, line.asked.sku),
        group=order.id if line.terms.ship == "complete" else None,
        stock_only=line.terms.backorders == "deny",
        joined_on=order.joined_on,
        country=order.country,
        postcode=order.postcode,
        wanted_on=wanted_on,
        tier=tier or "standard",
        parcel_terms=_parcel_terms(line) if order.has_parcel_terms else None,
    )
    claims = parts_of(claim, line.product, line.contents, iter(line.claims)) if line.contents else [claim]
    return [Newcomer(each, each.units, line.terms.backorder_limit, line.terms.latest_days) for each in claims]


def _parcel_terms(line: _Line) -> ParcelTerms:
    order = line.order
    customer = order.customer.id if order.customer else None
    recipient = recipient_of(customer, order.id, order.country, order.postcode)
    return terms_for_parcels(line.terms, _price(line.asked, line.product), recipient, line.contents)


def _new_lines(snapshot: Snapshot, decision: Decision, lines: Sequence[_Line]) -> Iterator[tuple[int, int, NewLine]]:
    figures = line_figures(snapshot, decision, [line.id for line in lines])
    refused = {refusal.claim: refusal for refusal in decision.refused}
    for line in lines:
        figure, refusal = figures[line.id], refused.get(line.claims[0])
        per_kit = line.contents[0].per_kit if line.contents else 1
        reason = figure.reason or (refusal.reason if refusal else Reason.SHIPPED)
        yield (
            line.id,
            line.order.id,
            NewLine(
                product=line.product.id,
                unit_price=_price(line.asked, line.product),
                ordered=line.asked.units,
                reserved=figure.reserved,
                backordered=figure.backordered,
                preordered=figure.preordered,
                refused=refusal.units // per_kit if refusal else 0,
                ship=line.terms.ship,
                backorders=line.terms.backorders,
                backorder_limit=line.terms.backorder_limit,
                policy=line.terms.trace,
                reason=reason.value,
                first_promise_on=figure.first_promise_on,
                promise_on=figure.promise_on,
                expected_on=figure.expected_on,
            ),
        )


def _new_claims(snapshot: Snapshot, decision: Decision) -> Iterator[tuple[int, int, NewClaim]]:
    for claim in decision.accepted:
        yield claim.id, claim.order, new_claim(snapshot, decision, claim, claim.line)

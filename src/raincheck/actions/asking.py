"""What an order or a quote asks for, with all that is looked up for it, as newcomers and as lines with figures."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import count, groupby
from typing import Any

import orjson

from raincheck.actions.parcel_terms import terms_for_parcels
from raincheck.actions.terms import AskedLine, Buyer, OrderRequest, Terms, check_ship, terms_of
from raincheck.core.admit import Newcomer
from raincheck.core.decision import Decision
from raincheck.core.demand import Claim, Kit
from raincheck.core.errors import Malformed, NotFound
from raincheck.core.money import ON_ORDER, ON_SHIPMENT
from raincheck.core.policy import Rule
from raincheck.core.rank import UNTOUCHED_PLACE, score_of
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.store.catalogue import CustomerTerms, ProductTerms, find_customer, find_products
from raincheck.store.figures import line_figures
from raincheck.store.kits import Part, contents_of, decided_with, latest_of
from raincheck.store.lines import NewLine
from raincheck.store.parcel_terms import products_of_merging, recipient_of
from raincheck.store.snapshot import Snapshot

BY_LINE = "by_line"
"""How an order is charged of which some lines are charged at once and others as they ship."""

NEW_ORDER = -1
"""The provisional id of the order that is being placed; its lines and claims count down from there."""


LARGEST_AMOUNT = Decimal(10) ** 12

CARD = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,199}")
"""What a card token looks like (`tok_visa`, `cus_…/pm_…`): never like a card number, which has no place here."""

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Where a wanted day may lie."""


def charge_of_order(charges: AbstractSet[str]) -> str:
    """How an order is charged whose lines are charged in these ways."""
    if len(charges) == 1 and charges <= {ON_SHIPMENT, ON_ORDER}:
        return next(iter(charges))
    return BY_LINE


@dataclass(frozen=True, slots=True)
class Asking:
    """A request with everything that placing and quoting look up for it. `contents` are those of its kits."""

    request: OrderRequest
    customer: CustomerTerms | None
    products: Mapping[str, ProductTerms]
    terms: Mapping[str, Terms]
    contents: Mapping[int, Sequence[Part]] = field(default_factory=dict)

    @property
    def country(self) -> str:
        """Where it goes: as asked, else where the customer lives."""
        return self.request.country or (self.customer.country if self.customer else "")

    @property
    def postcode(self) -> str:
        """Where it goes, within the country."""
        return self.request.postcode or (self.customer.postcode if self.customer else "")

    def unit_price(self, line: AskedLine) -> Decimal:
        """The price that will hold for a line."""
        return line.unit_price if line.unit_price is not None else self.products[line.sku].price or Decimal(0)

    @property
    def charge(self) -> str:
        """When it is charged: with each shipment, at once, or by each line's own terms where they differ."""
        return charge_of_order({terms.charge for terms in self.terms.values()})

    @property
    def has_parcel_terms(self) -> bool:
        """Whether its parcels are planned: those of all its lines, if one of them has parcel terms."""
        return any(terms.has_parcel_terms for terms in self.terms.values())

    @property
    def tier(self) -> str:
        """The customer's tier; a customer without one is standard."""
        return (self.customer.tier if self.customer else "") or "standard"

    @property
    def value(self) -> Decimal:
        """The order's value."""
        return sum((self.unit_price(line) * line.units for line in self.request.lines), Decimal(0))


def check_lines(request: OrderRequest) -> None:
    """Raises Malformed for an order without lines, a product named twice, or a quantity that is no positive number."""
    if not request.lines:
        raise Malformed(f"order {request.ref!r} has no lines")
    if request.wanted_on is not None and not FIRST_YEAR <= request.wanted_on.year <= LAST_YEAR:
        raise Malformed(f"order {request.ref!r}: wanted_on must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    for name, amount in (("shipping_fee", request.shipping_fee), ("tax", request.tax)):
        if not 0 <= amount < LARGEST_AMOUNT:
            raise Malformed(f"order {request.ref!r}: {name} must be an amount from 0 on, not {amount}")
    if request.card and not CARD.fullmatch(request.card):
        raise Malformed(f"order {request.ref!r}: card is the processor's token, a word such as tok_visa, not a number")
    seen: set[str] = set()
    for line in request.lines:
        if line.units < 1:
            raise Malformed(f"order {request.ref!r}, product {line.sku!r}: the quantity must be at least 1")
        if line.sku in seen:
            raise Malformed(f"order {request.ref!r} names product {line.sku!r} twice: add the quantities up")
        seen.add(line.sku)


def content_of(request: OrderRequest) -> str:
    """What makes two orders with one reference the same: everything asked but the time."""
    lines = sorted((line.sku, line.units, str(line.unit_price or "")) for line in request.lines)
    asked: list[Any] = [request.customer, request.channel, request.country, request.postcode, request.ship, lines]
    if request.wanted_on is not None:
        asked.append(request.wanted_on)
    if request.is_paid_specially:
        asked.append({"fee": str(request.shipping_fee), "tax": str(request.tax), "card": request.card})
    if request.has_law_terms:
        asked.append([request.seller_credit, sorted((line.sku, line.seller) for line in request.lines)])
    return hashlib.sha256(orjson.dumps(asked)).hexdigest()


def look_up(settings: Settings, rules: tuple[Rule, ...], request: OrderRequest) -> Asking:
    """Finds the customer, the products and the terms of a request. Raises Refused for what is not there yet."""
    customer = find_customer(request.customer) if request.customer else None
    asking = asking_of(settings, rules, request, customer, find_products(line.sku for line in request.lines))
    kits = [product.id for product in asking.products.values() if product.is_kit]
    return replace(asking, contents=contents_of(kits)) if kits else asking


def asking_of(
    settings: Settings,
    rules: tuple[Rule, ...],
    request: OrderRequest,
    customer: CustomerTerms | None,
    products: Mapping[str, ProductTerms],
) -> Asking:
    """The request with the terms that win for its lines.

    Raises NotFound for a customer or a product that is missing, Malformed for a shipping policy nobody knows.
    """
    if request.customer and customer is None:
        raise NotFound(f"customer {request.customer!r} does not exist", "customer", request.customer)
    for line in request.lines:
        if line.sku not in products:
            raise NotFound(f"product {line.sku!r} does not exist", "product", line.sku)
    buyer = Buyer(request.customer, customer.tier if customer else "", request.channel)
    terms = {line.sku: terms_of(settings, rules, products[line.sku], buyer, request.ship) for line in request.lines}
    for line in request.lines:
        check_ship(request.ref, terms[line.sku].ship)
    return Asking(request, customer, products, terms)


def newcomers_of(
    asking: Asking, settings: Settings, joined_at: datetime, value_before: Decimal = Decimal(0)
) -> list[Newcomer]:
    """The request's lines as claims with provisional ids. `value_before`: what the order they join is worth already."""
    joined_on = settings.calendar.day_of(joined_at)
    value = value_before + asking.value
    wanted_on, tier = asking.request.wanted_on, asking.tier
    customer = asking.customer.id if asking.customer else None
    recipient = recipient_of(customer, NEW_ORDER, asking.country, asking.postcode)
    newcomers: list[Newcomer] = []
    ids = count(NEW_ORDER - 1, -1)
    for line in asking.request.lines:
        product, terms = asking.products[line.sku], asking.terms[line.sku]
        score = score_of(settings.weights, tier, product.criticality, value, joined_on, wanted_on)
        claim = Claim(
            line=next(ids),
            id=next(ids),
            order=NEW_ORDER,
            product=product.id,
            units=line.units,
            rank=(UNTOUCHED_PLACE, -score, joined_at, asking.request.ref, line.sku),
            group=NEW_ORDER if terms.ship == "complete" else None,
            stock_only=terms.backorders == "deny",
            joined_on=joined_on,
            country=asking.country,
            postcode=asking.postcode,
            wanted_on=wanted_on,
            tier=tier,
            parcel_terms=terms_for_parcels(terms, asking.unit_price(line), recipient, asking.contents.get(product.id))
            if asking.has_parcel_terms
            else None,
        )
        claims = parts_of(claim, product, asking.contents[product.id], ids) if product.is_kit else [claim]
        newcomers += [Newcomer(each, each.units, terms.backorder_limit, terms.latest_days) for each in claims]
    return newcomers


def parts_of(kits: Claim, product: ProductTerms, contents: Sequence[Part], ids: Iterator[int]) -> list[Claim]:
    """The claims of a kit's parts, for a claim that counts whole kits."""
    first_on = latest_of([product.available_from, *(part.available_from for part in contents)])
    kit = Kit(kits.line, 1, product.id, contents[0].product, first_on)
    return [
        replace(kits, id=next(ids), product=p.product, units=kits.units * p.per_kit, kit=kit, per_kit=p.per_kit)
        for p in contents
    ]


def by_line(newcomers: Iterable[Newcomer]) -> list[list[Newcomer]]:
    """Newcomers line by line: one each, or the parts of kits."""
    return [list(together) for _, together in groupby(newcomers, key=lambda newcomer: newcomer.claim.line)]


def products_to_lock(asking: Asking) -> set[int]:
    """The products decided together: those asked for, parts of kits, those of which units wait to share its parcels."""
    products = decided_with(asking.products.values())
    if asking.customer is not None and any(terms.merge_hours for terms in asking.terms.values()):
        products.update(products_of_merging([asking.customer.id]))
    return products


def new_lines(asking: Asking, snapshot: Snapshot, decision: Decision, newcomers: list[Newcomer]) -> list[NewLine]:
    """The rows of the request's lines, in its order, with the figures that the decision gives them."""
    figures = line_figures(snapshot, decision, [newcomer.claim.line for newcomer in newcomers])
    refused = {refusal.claim: refusal for refusal in decision.refused}
    lines: list[NewLine] = []
    for (newcomer, *_), asked in zip(by_line(newcomers), asking.request.lines, strict=True):
        figure, refusal = figures[newcomer.claim.line], refused.get(newcomer.claim.id)
        terms = asking.terms[asked.sku]
        reason = figure.reason or (refusal.reason if refusal else Reason.SHIPPED)
        lines.append(
            NewLine(
                product=newcomer.claim.sold_as,
                unit_price=asking.unit_price(asked),
                ordered=asked.units,
                reserved=figure.reserved,
                backordered=figure.backordered,
                preordered=figure.preordered,
                refused=refusal.units // newcomer.claim.per_kit if refusal else 0,
                ship=terms.ship,
                backorders=terms.backorders,
                backorder_limit=terms.backorder_limit,
                policy=terms.trace,
                reason=reason.value,
                first_promise_on=figure.first_promise_on,
                promise_on=figure.promise_on,
                expected_on=figure.expected_on,
            )
        )
    return lines

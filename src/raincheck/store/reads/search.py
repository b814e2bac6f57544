"""What a person may mean by a few typed characters: an order, a product or a customer."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When

from raincheck.store.models import Customer, Product, SalesOrder


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `kind` is order, product or customer; `code` is what addresses it."""

    kind: str
    code: str
    title: str
    note: str


def find(text: str, limit: int, kinds: frozenset[str] = frozenset({"order", "product", "customer"})) -> list[Hit]:
    """At most `limit` hits of each kind, exact codes first. One query a kind; nothing for blank text."""
    text = text.strip()
    if not text:
        return []
    hits: list[Hit] = []
    if "order" in kinds:
        hits += _orders(text, limit)
    if "product" in kinds:
        hits += _products(text, limit)
    if "customer" in kinds:
        hits += _customers(text, limit)
    return hits


def _orders(text: str, limit: int) -> list[Hit]:
    # Prefixes alone: the index serves them, and there may be millions of orders.
    starts = Q(ref__startswith=text) | Q(ref__startswith=text.upper())
    found = (
        SalesOrder.objects.filter(starts)
        .exclude(state="basket")
        .order_by("ref")
        .values_list("ref", "state", "customer__name", "customer__code")[:limit]
    )
    return [Hit("order", ref, ref, " · ".join(filter(None, (name or code, state)))) for ref, state, name, code in found]


def _products(text: str, limit: int) -> list[Hit]:
    matches = Q(sku__istartswith=text) | Q(name__icontains=text) | Q(gtin=text)
    found = (
        Product.objects.filter(matches).order_by(_exact_first("sku", text), "sku").values_list("sku", "name")[:limit]
    )
    return [Hit("product", sku, sku, name) for sku, name in found]


def _customers(text: str, limit: int) -> list[Hit]:
    matches = Q(code__istartswith=text) | Q(name__icontains=text) | Q(email__istartswith=text)
    found = (
        Customer.objects.filter(matches)
        .order_by(_exact_first("code", text), "code")
        .values_list("code", "name", "email")[:limit]
    )
    return [Hit("customer", code, name or code, email) for code, name, email in found]


def _exact_first(field: str, text: str) -> Case:
    return Case(When(**{f"{field}__iexact": text}, then=Value(0)), default=Value(1), output_field=IntegerField())

"""Put open orders under today's rules, on record. Until somebody does, they keep those they were placed under."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from raincheck.actions.open_terms import NewTerms, Resolver, new_terms
from raincheck.actions.run_pass import run_pass
from raincheck.core.errors import Malformed
from raincheck.store import lines
from raincheck.store.catalogue import find_products
from raincheck.store.company import read_company
from raincheck.store.facts import record
from raincheck.store.locks import lock_products
from raincheck.store.open_lines import TermsRow, open_lines, rewrite_terms
from raincheck.store.outbox import Outbox
from raincheck.store.parcel_terms import mark_claims

Whens = Sequence[Mapping[str, str]]
"""Which orders: those of which an open line matches one of these conditions (as in policies, plus `order`)."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was put under today's rules: references, and how many lines changed."""

    orders: tuple[str, ...]
    lines: int


def migrate_orders(whens: Whens | None, reason: str, at: datetime | None = None, actor: str = "") -> Migrated:
    """Gives open orders the terms that today's rules give their lines; None: all of them.

    What the customer chose stands, and so does when the order is charged. Units accepted stay accepted: rules for
    selling count for quantities raised later. Each order's change goes on record with the reason. Raises Malformed
    without a reason.
    """
    if not reason.strip():
        raise Malformed("migrating open orders needs a reason: it goes on record")
    with transaction.atomic():
        settings, rules = read_company()
        affected = {line.order for line in open_lines(whens)}
        locked = lock_products(lines.products_of(affected), at)
        found = [line for line in open_lines(whens) if line.order in affected]
        products = find_products({line.sku for line in found})
        changes = new_terms(Resolver(settings, rules), found, products)
        if not changes:
            return Migrated((), 0)
        rewrite_terms([_row(change) for change in changes])
        mark_claims({change.line.order for change in changes})
        refs = _record(changes, reason.strip(), locked.at, actor)
        outbox = Outbox(locked.at, "orders_migrated", "company", actor, {"orders": len(refs), "reason": reason.strip()})
        _ = outbox.fact
        run_pass(locked, outbox, refresh_lines=[change.line.id for change in changes])
        outbox.flush()
    return Migrated(refs, len(changes))


def _row(change: NewTerms) -> TermsRow:
    terms = change.terms
    return (
        change.line.id,
        terms.ship,
        terms.backorders,
        terms.backorder_limit,
        terms.minimum_units,
        terms.minimum_value,
        terms.merge_hours,
        change.policy,
    )


def _record(changes: list[NewTerms], reason: str, at: datetime, actor: str) -> tuple[str, ...]:
    """One fact an order: what changed for which line, from what to what."""
    by_order: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    for change in changes:
        stored, now = change.line.policy, change.terms.trace
        by_order[change.line.ref][change.line.sku] = {
            name: [stored.get(name, {}).get("value"), now[name]["value"]] for name in change.differs
        }
    for ref, changed in by_order.items():
        record(at, "order_migrated", f"order:{ref}", actor, {"reason": reason, "terms": changed})
    return tuple(by_order)

"""What a change of policies or settings would do, before it is saved: to new orders, and to the open book.

Nothing is locked or written: the book is read as it stands at one instant, decided on as it would be after the change,
and compared with the figures on record. A rule alone leaves open orders as they are (contract, section 4), but for
`inbound_share`, which speaks of supply; settings count from the next pass; `migrate` puts the open orders that a
rule speaks of under the rules as they would be.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from raincheck.actions.migrate_orders import Whens
from raincheck.actions.open_terms import NewTerms, Resolver, new_terms
from raincheck.core.decision import conclude, expectations
from raincheck.core.demand import Claim, ParcelTerms
from raincheck.core.difference import Difference, LineState
from raincheck.core.peg import PegKind
from raincheck.core.policy import Rule, releases_allowed
from raincheck.core.settings import Settings, check_settings
from raincheck.store.catalogue import ProductTerms, find_products
from raincheck.store.company import read_company
from raincheck.store.db import rows, run
from raincheck.store.figures import line_figures
from raincheck.store.locks import Locked, closure_of, database_now
from raincheck.store.open_lines import OpenLine, open_lines, past_lines
from raincheck.store.parcel_terms import recipient_of
from raincheck.store.snapshot import Snapshot, load

PAST_DAYS = 30
"""Of how many days the orders are asked again."""

SHOWN = 200
"""How many lines a preview names, those that move most first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is thought of: a rule put in force, rules ended, other settings; and whether open orders are migrated."""

    add: tuple[Mapping[str, str], Mapping[str, Any]] | None = None
    end: frozenset[str] = frozenset()
    settings: Settings | None = None
    migrate: bool = False
    only: Whens | None = None


@dataclass(frozen=True, slots=True)
class TermsChanged:
    """Lines of past days that would have been placed under another value of a setting."""

    setting: str
    before: Any
    after: Any
    lines: int
    example: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A line that the change moves."""

    ref: str
    sku: str
    customer: str
    units: int
    difference: Difference


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen. `moved` names the first of `gaining` and `losing` lines; counts are of lines.

    `migrating` lines (of so many orders) would be put under other terms.
    """

    at: datetime
    placed: tuple[TermsChanged, ...]
    book_lines: int
    migrating: int
    migrating_orders: int
    gaining: int = 0
    losing: int = 0
    promises_broken: int = 0
    promises_mended: int = 0
    moved: tuple[Moved, ...] = field(default=())


def preview_change(change: Change, at: datetime | None = None) -> Preview:
    """Plays a change on the company as it stands. Raises Malformed for settings that no company can run under."""
    if change.settings is not None:
        check_settings(change.settings)
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        settings, rules = read_company()
        now = at or database_now()
        after = change.settings or settings
        rules_after = _rules_after(rules, change)
        whens = _spoken_of(rules, change)
        placed = _placed(settings, rules, after, rules_after, whens, now)
        touched = _migrating_lines(change, whens)
        products = find_products({line.sku for line in touched})
        changes = new_terms(Resolver(after, rules_after), touched, products)
        return _played(change, settings, after, rules_after, touched, changes, placed, now)


def _rules_after(rules: tuple[Rule, ...], change: Change) -> tuple[Rule, ...]:
    stay = tuple(rule for rule in rules if rule.id not in change.end)
    return stay if change.add is None else (*stay, Rule("new", *change.add))


def _spoken_of(rules: tuple[Rule, ...], change: Change) -> list[Mapping[str, str]] | None:
    """The conditions of the rules that come or go; None: settings change, so every line is spoken of."""
    if change.settings is not None:
        return None
    whens = [rule.when for rule in rules if rule.id in change.end]
    return whens if change.add is None else [*whens, change.add[0]]


def _placed(
    settings: Settings,
    rules: tuple[Rule, ...],
    after: Settings,
    rules_after: tuple[Rule, ...],
    whens: list[Mapping[str, str]] | None,
    now: datetime,
) -> tuple[TermsChanged, ...]:
    """Which terms orders of past days would have been placed under, had the change held then."""
    levels = {level for rule in (*rules, *rules_after) for level in rule.when}
    kinds = past_lines(now - timedelta(days=PAST_DAYS), whens, levels)
    products: Mapping[str, ProductTerms] = find_products({kind[0] for kind in kinds})
    old, new = Resolver(settings, rules), Resolver(after, rules_after)
    counted: dict[tuple[str, str, str], int] = defaultdict(int)
    found: dict[tuple[str, str, str], TermsChanged] = {}
    for sku, customer, tier, channel, chosen, count, ref in kinds:
        before = old.terms(products[sku], customer, tier, channel, chosen).trace
        then = new.terms(products[sku], customer, tier, channel, chosen).trace
        for name in then:
            was, is_now = before[name]["value"], then[name]["value"]
            if was != is_now:
                key = (name, str(was), str(is_now))
                counted[key] += count
                found.setdefault(key, TermsChanged(name, was, is_now, 0, ref))
    return tuple(replace(found[key], lines=counted[key]) for key in sorted(found))


def _migrating_lines(change: Change, whens: list[Mapping[str, str]] | None) -> list[OpenLine]:
    if not change.migrate:
        return []
    return open_lines(change.only if change.only is not None else whens)


def _played(
    change: Change,
    settings: Settings,
    after: Settings,
    rules: tuple[Rule, ...],
    touched: list[OpenLine],
    changes: list[NewTerms],
    placed: tuple[TermsChanged, ...],
    now: datetime,
) -> Preview:
    """The open book after the change, beside the figures on record."""
    preview = Preview(now, placed, 0, len(changes), len({new.line.order for new in changes}))
    speaks_of_supply = "inbound_share" in (change.add[1] if change.add else {}) or bool(change.end)
    if after != settings or speaks_of_supply:
        products = {product for (product,) in rows("SELECT DISTINCT product_id FROM claim WHERE units > 0")}
    elif changes:
        products = closure_of({line.product for line in touched})
    else:
        return preview
    snapshot = load(Locked(tuple(sorted(products)), now), after, rules)
    return _compared(_as_migrated(snapshot, touched, changes), preview)


def _as_migrated(snapshot: Snapshot, touched: list[OpenLine], changes: list[NewTerms]) -> Snapshot:
    """The facts as they would be with these lines under other terms."""
    if not changes:
        return snapshot
    by_line = {new.line.id: new for new in changes}
    orders = {new.line.order for new in changes}
    lines = {line.id: line for line in touched if line.order in orders}
    planned = {line.order for line in lines.values() if _has_parcel_terms(line, by_line.get(line.id))}
    claims = tuple(_migrated(claim, lines, by_line, planned) for claim in snapshot.facts.book.claims)
    book = snapshot.facts.book.with_claims(claims)
    return replace(snapshot, facts=replace(snapshot.facts, book=book))


def _migrated(claim: Claim, lines: Mapping[int, OpenLine], by_line: Mapping[int, NewTerms], planned: set[int]) -> Claim:
    line = lines.get(claim.line)
    if line is None:
        return claim
    new = by_line.get(line.id)
    ship = new.terms.ship if new else line.ship
    terms = None
    if line.order in planned:
        recipient = recipient_of(line.customer_id, line.order, line.country, line.postcode)
        known = claim.parcel_terms or ParcelTerms(recipient=recipient, unit_price=line.unit_price, parts=claim.per_kit)
        units, value, hours = _parcel_terms(line, new)
        terms = replace(
            known, up_to=releases_allowed(ship), minimum_units=units, minimum_value=value, merge_hours=hours
        )
    return _regrouped(claim, line.order if ship == "complete" else None, terms)


_NAMES = tuple(one.name for one in fields(Claim))
_VALUES = attrgetter(*_NAMES)
_GROUP, _TERMS = _NAMES.index("group"), _NAMES.index("parcel_terms")


def _regrouped(claim: Claim, group: int | None, terms: ParcelTerms | None) -> Claim:
    """What `replace` gives, in half the time: a book has 100,000 of them."""
    values = list(_VALUES(claim))
    values[_GROUP], values[_TERMS] = group, terms
    return Claim(*values)


def _parcel_terms(line: OpenLine, new: NewTerms | None) -> tuple[int, Any, int]:
    if new is None:
        return line.minimum_units, line.minimum_value, line.merge_hours
    return new.terms.minimum_units, new.terms.minimum_value, new.terms.merge_hours


def _has_parcel_terms(line: OpenLine, new: NewTerms | None) -> bool:
    ship = new.terms.ship if new else line.ship
    return releases_allowed(ship) is not None or any(_parcel_terms(line, new))


def _compared(snapshot: Snapshot, preview: Preview) -> Preview:
    """Every open line of the book as it is on record and as it would be."""
    after = _states_after(snapshot)
    moved: dict[int, Difference] = {}
    for id_, reserved, told_on, expected_on in rows(
        "SELECT id, reserved, promise_on, expected_on FROM order_line WHERE id = ANY(%s)", [list(after)]
    ):
        difference = Difference(LineState(reserved, expected_on), after[id_], told_on)
        if difference.gain:
            moved[id_] = difference
    return replace(
        preview,
        book_lines=len(after),
        gaining=sum(difference.gain > 0 for difference in moved.values()),
        losing=sum(difference.gain < 0 for difference in moved.values()),
        promises_broken=sum(difference.breaks_promise for difference in moved.values()),
        promises_mended=sum(difference.mends_promise for difference in moved.values()),
        moved=_named(dict(sorted(moved.items(), key=_most_first)[:SHOWN])),
    )


def _states_after(snapshot: Snapshot) -> dict[int, LineState]:
    """What each line of the book would show."""
    facts = snapshot.facts
    # What works on arrays takes its time to load.
    from raincheck.core.batch.whole import allocate

    pegs = allocate(facts.book)
    estimates = expectations(facts, facts.book.claims, pegs)
    reserved: dict[int, int] = defaultdict(int)
    expected: dict[int, date | None] = {}
    of_kits: set[int] = set()
    for claim in facts.book.claims:
        line, day = claim.line, estimates[claim.id].delivers_on
        known = expected.get(line, date.min)
        expected[line] = None if day is None or known is None else max(day, known)
        if claim.kit is not None:
            of_kits.add(line)
        elif not facts.book.is_preorder(claim):
            reserved[line] += sum(peg.units for peg in pegs[claim.id] if peg.kind is PegKind.STOCK)
    for row in snapshot.claims.values():
        standing = facts.standings[row.id]
        reserved[row.line] += standing.frozen_units
        if standing.frozen_delivers_on is not None and row.line in expected:
            known = expected[row.line]
            expected[row.line] = None if known is None else max(known, standing.frozen_delivers_on)
    states = {line: LineState(reserved[line], day) for line, day in expected.items()}
    if of_kits:
        decision = conclude(facts, facts.book.claims, pegs)
        for line, figure in line_figures(snapshot, decision, of_kits).items():
            states[line] = LineState(figure.reserved, figure.expected_on)
    return states


def _named(moved: Mapping[int, Difference]) -> tuple[Moved, ...]:
    """These lines with their order, product and customer, in the order given."""
    found = rows(
        """SELECT l.id, o.ref, p.sku, coalesce(nullif(u.name, ''), u.code, ''),
                  l.reserved + l.backordered + l.preordered
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           LEFT JOIN customer u ON u.id = o.customer_id WHERE l.id = ANY(%s)""",
        [list(moved)],
    )
    by_id = {id_: Moved(ref, sku, customer, units, moved[id_]) for id_, ref, sku, customer, units in found}
    return tuple(by_id[id_] for id_ in moved if id_ in by_id)


def _most_first(line: tuple[int, Difference]) -> tuple[bool, int, int]:
    """Broken promises first, then those that move by most days, a date lost or found before all."""
    id_, difference = line
    days = difference.days
    return (not difference.breaks_promise, -abs(days) if days is not None else -10_000, id_)

"""A rebalance first as a preview: who would win, who would lose; then committed exactly as it was, or not at all.

A preview reads one consistent snapshot and locks nobody. Commit locks the books, decides again on the facts as they
are, and writes only if those are the facts of the preview; else it says which products moved meanwhile. It is one
transaction: a preview is committed whole or refused whole. Commits of products that nothing ties together lock
different books and run side by side; locks are taken in the order of ids, so none waits for another for ever.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from raincheck.actions.rebalance import PREVIEWED, Plan, decide_on, write
from raincheck.actions.rebalance_request import check_request, request_from_json, request_to_json
from raincheck.actions.rebalance_words import in_words
from raincheck.core.errors import NotFound, Refused
from raincheck.core.gains import Change, changes
from raincheck.core.strategy import Request
from raincheck.store.db import rows, run
from raincheck.store.given import REBALANCED
from raincheck.store.locks import Locked, closure_of, database_now, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.rebalance import lines_meant, products_meant
from raincheck.store.rebalance_preview import StoredPreview, digests, find_preview, mark_committed, save_preview


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that wins or loses, by names; units and days as in `core.gains.Change`."""

    order: str
    sku: str
    customer: str | None
    strategy: str | None
    verdict: str
    open_units: int
    had_units: int
    has_units: int
    had_on: date | None
    has_on: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rebalance would do. `stopped` says what its exceptions stop; with `ref` it can be committed."""

    ref: str
    request: Request
    changes: list[LineChange]
    stopped: list[str]
    touched_lines: int
    previewed_at: datetime
    committed_at: datetime | None = None

    @property
    def winners(self) -> list[LineChange]:
        """Lines that would gain."""
        return [change for change in self.changes if change.verdict == "wins"]

    @property
    def losers(self) -> list[LineChange]:
        """Lines that would lose."""
        return [change for change in self.changes if change.verdict == "loses"]


def preview(request: Request, at: datetime | None = None, actor: str = "") -> Preview:
    """Decides on a rebalance and writes nothing but the preview. Raises Malformed for one that makes no sense."""
    check_request(request)
    with transaction.atomic():
        seen = books_seen(lambda: products_meant(request), at)
        now = seen.at
        plan = decide_on(seen, request, PREVIEWED)
        outcome = _outcome(plan, request, now)
    ref = save_preview(request_to_json(request), outcome, now, actor)
    return _shown(ref, request, outcome, now, None)


def commit(ref: str, at: datetime | None = None, actor: str = "") -> Preview:
    """Writes a rebalance exactly as it was previewed.

    Raises NotFound for an unknown preview, Refused if it was committed before, if its exceptions stop all of it, or if
    the facts moved: then the message names the products.
    """
    stored = known_preview(ref)
    request = request_from_json(stored.request)
    with transaction.atomic():
        locked = lock_products(products_meant(request), at)
        stored = known_preview(ref)
        if stored.committed_at is not None:
            raise Refused(f"rebalance {ref!r} was committed already")
        outbox = Outbox(locked.at, REBALANCED, f"rebalance:{ref}", actor, stored.request)
        plan = decide_on(locked, request, outbox.fact)
        now = _outcome(plan, request, locked.at)
        moved = _moved(stored.outcome["digests"], now["digests"])
        if moved:
            raise Refused(f"rebalance {ref!r}: the facts moved since the preview: {', '.join(moved)}; preview it again")
        if now["stopped"] and not plan.rebalanced.strategies:
            raise Refused("; ".join(now["stopped"]))
        write(plan, outbox)
        mark_committed(ref, locked.at)
        outbox.flush()
    return _shown(ref, request, stored.outcome, stored.previewed_at, locked.at)


def shown_preview(ref: str) -> Preview:
    """A preview as it was stored. Raises NotFound."""
    stored = known_preview(ref)
    request = request_from_json(stored.request)
    return _shown(ref, request, stored.outcome, stored.previewed_at, stored.committed_at)


def known_preview(ref: str) -> StoredPreview:
    """A preview by its reference. Raises NotFound."""
    stored = find_preview(ref)
    if stored is None:
        raise NotFound(f"rebalance preview {ref!r} does not exist", "preview", ref)
    return stored


def books_seen(products: Callable[[], Iterable[int]], at: datetime | None) -> Locked:
    """The books of products as of one instant, without locks; as part of a larger transaction they are locked instead.

    Call it first in a transaction: `products` is asked within that instant.
    """
    if connection.savepoint_ids:
        return lock_products(products(), at)
    run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    now = at or database_now()
    return Locked(tuple(sorted(closure_of(set(products())))), now)


def _outcome(plan: Plan, request: Request, at: datetime) -> dict[str, Any]:
    """A plan as it is stored."""
    snapshot, rebalanced = plan.snapshot, plan.rebalanced
    found = changes(snapshot.facts.book, plan.before, rebalanced.pegs, rebalanced.strategies)
    touched = {claim.line for claim in snapshot.facts.book.claims if claim.id in rebalanced.strategies}
    return {
        "changes": [asdict(change) for change in named_changes(found)],
        "stopped": in_words(snapshot, rebalanced, request),
        "touched_lines": len(touched),
        "digests": digests(snapshot, lines_meant(snapshot, request, at)),
    }


def named_changes(found: list[Change]) -> list[LineChange]:
    """Changes with the names of their orders, products and customers."""
    names = {
        line: (ref, sku, customer)
        for line, ref, sku, customer in rows(
            """SELECT l.id, o.ref, p.sku, u.code FROM order_line l JOIN sales_order o ON o.id = l.order_id
               JOIN product p ON p.id = l.product_id LEFT JOIN customer u ON u.id = o.customer_id
               WHERE l.id = ANY(%s)""",
            [sorted({change.line for change in found})],
        )
    }
    return [
        LineChange(
            *names[change.line],
            strategy=change.strategy.value if change.strategy else None,
            verdict=change.verdict.value,
            open_units=change.open_units,
            had_units=change.had_units,
            has_units=change.has_units,
            had_on=change.had_on,
            has_on=change.has_on,
        )
        for change in found
    ]


def _moved(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """SKUs whose facts are not those of the preview."""
    return sorted(sku for sku in {*before, *now} if before.get(sku) != now.get(sku))


def _shown(
    ref: str, request: Request, outcome: dict[str, Any], previewed_at: datetime, committed_at: datetime | None
) -> Preview:
    found = [
        LineChange(**{**change, "had_on": _day(change["had_on"]), "has_on": _day(change["has_on"])})
        for change in outcome["changes"]
    ]
    return Preview(ref, request, found, outcome["stopped"], outcome["touched_lines"], previewed_at, committed_at)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value

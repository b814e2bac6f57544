"""Rebalance: supply is given out anew by strategy, at once, or as a preview that is committed later exactly as it was.

All of it is one transaction under the locks of the books that it touches: all or nothing. Rebalances of products that
nothing ties together lock different books, in the one order of locks, so they run side by side.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from raincheck.actions.rebalance_request import check_request, request_to_json
from raincheck.actions.rebalance_words import in_words
from raincheck.core.decision import Decision, conclude
from raincheck.core.errors import Refused
from raincheck.core.rebalance import Rebalanced
from raincheck.core.rebalance import rebalance as decide_rebalance
from raincheck.core.strategy import PLACE, Request
from raincheck.store import apply
from raincheck.store.given import REBALANCED, set_places
from raincheck.store.locks import Locked, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.rebalance import Pegs, lines_meant, pegs_as_they_are, products_meant
from raincheck.store.snapshot import Snapshot, load

PREVIEWED = 0
"""Stands for the fact of a rebalance that is not on record yet."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A rebalance as it was decided on a snapshot: who had what, and what comes of it."""

    snapshot: Snapshot
    before: Pegs
    rebalanced: Rebalanced


def rebalance(request: Request, at: datetime | None = None, actor: str = "") -> list[str]:
    """Rebalances at once. What was stopped by its exceptions, in words, where a fallback ran or other products went on.

    Raises Refused if all of it was stopped and nothing ran instead: nothing has changed.
    """
    check_request(request)
    with transaction.atomic():
        locked = lock_products(products_meant(request), at)
        outbox = Outbox(locked.at, REBALANCED, "rebalance", actor, request_to_json(request))
        plan = decide_on(locked, request, outbox.fact)
        stopped = in_words(plan.snapshot, plan.rebalanced, request)
        if stopped and not plan.rebalanced.strategies:
            raise Refused("; ".join(stopped))
        write(plan, outbox)
        outbox.flush()
    return stopped


def decide_on(locked: Locked, request: Request, fact: int) -> Plan:
    """What comes of a rebalance of the books of some products. Writes nothing."""
    snapshot = load(locked)
    before = pegs_as_they_are(snapshot)
    lines = lines_meant(snapshot, request, locked.at)
    return Plan(snapshot, before, decide_rebalance(snapshot.facts.book, before, lines, request, fact))


def write(plan: Plan, outbox: Outbox) -> None:
    """Writes a rebalance: pegs, dates, parcels, messages, and the places that touched claims have from now on."""
    touched = plan.rebalanced.strategies
    decision = _decision(plan)
    lines = {claim.line for claim in decision.claims.values() if claim.id in touched}
    apply.write(plan.snapshot, decision, outbox, refresh_lines=lines)
    set_places(((claim, PLACE[strategy]) for claim, strategy in touched.items()), outbox.fact)


def _decision(plan: Plan) -> Decision:
    """What follows from the pegs. Customers hear of changed dates at once; no pass runs: what is free stays free."""
    touched = plan.rebalanced.strategies
    facts = replace(plan.snapshot.facts, told_at_once=frozenset(touched))
    claims = tuple(
        replace(claim, rank=(PLACE[touched[claim.id]], *claim.rank[1:])) if claim.id in touched else claim
        for claim in facts.book.claims
    )
    return conclude(facts, claims, plan.rebalanced.pegs)

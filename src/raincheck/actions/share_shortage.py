"""A planner shares a product's supply among those who wait, evenly or in proportion, as given until revoked."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from raincheck.actions.rebalance_preview import LineChange, named_changes
from raincheck.actions.run_pass import run_pass, settle
from raincheck.core.decision import Decision, decide
from raincheck.core.errors import Malformed, Refused
from raincheck.core.gains import changes
from raincheck.core.share import Sharing, shared, shares_alike
from raincheck.store import apply, given
from raincheck.store.catalogue import find_products
from raincheck.store.db import rows
from raincheck.store.locks import Locked, closure_of, database_now, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.rebalance import Pegs, pegs_as_they_are
from raincheck.store.snapshot import Snapshot, load

SHARED = "shortage_shared"
UNSHARED = "share_revoked"
PREVIEWED = 0


def preview_share(sku: str, sharing: str, at: datetime | None = None) -> list[LineChange]:
    """Who would win and who would lose; writes nothing and locks nobody. Raises NotFound, Malformed, Refused."""
    product = find_products([sku])[sku].id
    with transaction.atomic():
        seen = Locked(tuple(sorted(closure_of({product}))), at or database_now())
        snapshot, before, decision = _decide(seen, product, sku, sharing, PREVIEWED)
        return named_changes(changes(snapshot.facts.book, before, decision.pegs, {}))


def share_shortage(sku: str, sharing: str, reason: str, at: datetime | None = None, actor: str = "") -> None:
    """Shares the supply of a product among the plain lines that want it. What each has is given, until revoked.

    Raises NotFound for an unknown product, Malformed without a reason, Refused if nobody shares or nothing is there.
    """
    if not reason.strip():
        raise Malformed("a sharing needs a reason: it goes on record")
    product = find_products([sku])[sku].id
    with transaction.atomic():
        locked = lock_products([product], at)
        outbox = Outbox(locked.at, SHARED, f"product:{sku}", actor, {"sharing": sharing, "reason": reason})
        snapshot, _, decision = _decide(locked, product, sku, sharing, outbox.fact)
        lines = {claim.line for claim in snapshot.facts.book.claims if claim.product == product}
        apply.write(snapshot, decision, outbox, refresh_lines=lines)
        settle(locked, outbox, snapshot.facts.book, decision)
        outbox.flush()


def revoke_share(sku: str, reason: str = "", at: datetime | None = None, actor: str = "") -> None:
    """What sharings of a product gave is the pass's again. Raises Refused if there is nothing."""
    product = find_products([sku])[sku].id
    with transaction.atomic():
        locked = lock_products([product], at)
        found = rows(
            """SELECT DISTINCT g.line_id FROM peg g JOIN fact f ON f.id = g.given_by_id
               WHERE g.product_id = %s AND f.verb = %s ORDER BY 1""",
            [product, SHARED],
        )
        if not found:
            raise Refused(f"product {sku!r}: nothing is shared")
        given.revoke([line for (line,) in found])
        outbox = Outbox(locked.at, UNSHARED, f"product:{sku}", actor, {"reason": reason})
        _ = outbox.fact
        run_pass(locked, outbox)
        outbox.flush()


def _decide(locked: Locked, product: int, sku: str, sharing: str, fact: int) -> tuple[Snapshot, Pegs, Decision]:
    """What follows from a sharing. Raises Refused where nobody shares."""
    if sharing not in tuple(Sharing):
        raise Malformed(f"sharing must be one of {', '.join(Sharing)}, not {sharing!r}")
    snapshot = load(locked)
    book = snapshot.facts.book
    if not any(claim.product == product and shares_alike(claim) for claim in book.claims):
        raise Refused(f"product {sku!r}: nobody waits who could share")
    before = pegs_as_they_are(snapshot)
    ties = shared(book, before, product, Sharing(sharing), fact)
    return snapshot, before, decide(replace(snapshot.facts, book=replace(book, given=ties)))

"""A planner shares a product's supply among those who wait, evenly or in proportion, as given until revoked."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from raincheck.actions.looked_at import LookedAt, looked_at, refuse_if_moved
from raincheck.actions.pass_again import pass_again
from raincheck.actions.rebalance_preview import LineChange, books_seen
from raincheck.actions.run_pass import run_pass
from raincheck.core.decision import Decision, decide
from raincheck.core.errors import Malformed, Refused
from raincheck.core.share import Sharing, shared, shares_alike
from raincheck.store import apply, given
from raincheck.store.catalogue import find_products
from raincheck.store.locks import Locked, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.rebalance import pegs_as_they_are
from raincheck.store.snapshot import Snapshot, load

SHARED = "shortage_shared"
UNSHARED = "share_revoked"
PREVIEWED = 0


def preview_share(sku: str, sharing: str, at: datetime | None = None) -> LookedAt:
    """Who would win and who would lose; writes nothing and locks nobody. Raises NotFound, Malformed, Refused."""
    product = find_products([sku])[sku].id
    with transaction.atomic():
        return _planned(books_seen(lambda: [product], at), product, sku, sharing, PREVIEWED).shown


def share_shortage(
    sku: str, sharing: str, reason: str, at: datetime | None = None, actor: str = "", seen: str = ""
) -> list[LineChange]:
    """Shares the supply of a product among the plain lines that want it. What each has is given, until revoked.

    Raises NotFound for an unknown product, Malformed without a reason, Refused if nobody shares or nothing is there,
    and with the digest `seen` of a preview where the facts moved since. Who won and who lost by it.
    """
    if not reason.strip():
        raise Malformed("a sharing needs a reason: it goes on record")
    product = find_products([sku])[sku].id
    with transaction.atomic():
        locked = lock_products([product], at)
        outbox = Outbox(locked.at, SHARED, f"product:{sku}", actor, {"sharing": sharing, "reason": reason})
        plan = _planned(locked, product, sku, sharing, outbox.fact)
        refuse_if_moved("sharing", seen, plan.shown)
        book = plan.snapshot.facts.book
        lines = {claim.line for claim in book.claims if claim.product == product}
        apply.write(plan.snapshot, plan.decision, outbox, refresh_lines=lines)
        pass_again(locked, outbox, book, plan.decision)
        outbox.flush()
    return plan.shown.changes


def revoke_share(sku: str, reason: str = "", at: datetime | None = None, actor: str = "") -> None:
    """What sharings of a product gave is the pass's again; what a person moved stays. Raises Refused if nothing is."""
    product = find_products([sku])[sku].id
    with transaction.atomic():
        locked = lock_products([product], at)
        if not given.revoke_by(product, SHARED):
            raise Refused(f"product {sku!r}: nothing is shared")
        outbox = Outbox(locked.at, UNSHARED, f"product:{sku}", actor, {"reason": reason})
        _ = outbox.fact
        run_pass(locked, outbox)
        outbox.flush()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A sharing as it was decided on a snapshot, and what is shown of it."""

    snapshot: Snapshot
    decision: Decision
    shown: LookedAt


def _planned(locked: Locked, product: int, sku: str, sharing: str, fact: int) -> _Plan:
    """What comes of a sharing. Raises Refused where nobody shares."""
    if sharing not in tuple(Sharing):
        raise Malformed(f"sharing must be one of {', '.join(Sharing)}, not {sharing!r}")
    snapshot = load(locked)
    book = snapshot.facts.book
    if not any(claim.product == product and shares_alike(claim) for claim in book.claims):
        raise Refused(f"product {sku!r}: nobody waits who could share")
    before = pegs_as_they_are(snapshot)
    ties = shared(book, before, product, Sharing(sharing), fact)
    decision = decide(replace(snapshot.facts, book=replace(book, given=ties)))
    return _Plan(snapshot, decision, looked_at(("sharing", sku, sharing), snapshot, before, decision))

"""The pass that follows every fact: snapshot, decide, apply, for the products that are locked.

Where many wait it is run over arrays (`actions.pass_many`), which leave the same rows.
"""

from collections.abc import Iterable

from raincheck.core.decision import Decision, decide
from raincheck.core.demand import Claim
from raincheck.core.promise import Word
from raincheck.store import apply
from raincheck.store.company import read_settings
from raincheck.store.db import one
from raincheck.store.locks import Locked
from raincheck.store.outbox import Outbox
from raincheck.store.snapshot import load

MANY_CLAIMS = 2_000
"""From about so many claims on arrays are quicker, though the plain form may have to look again."""


def run_pass(locked: Locked, outbox: Outbox, refresh_lines: Iterable[int] = ()) -> None:
    """Gives everybody what is theirs after a fact, and writes the differences.

    `refresh_lines` are written even if their pegs stay, because their order was held or released.
    """
    refreshed = list(refresh_lines)
    if not refreshed and _many_wait(locked):
        # What works on arrays takes its time to load.
        from raincheck.actions.pass_many import pass_many

        pass_many(locked, outbox, run_plain_pass)
    else:
        run_plain_pass(locked, outbox, refreshed)


def _many_wait(locked: Locked) -> bool:
    """Whether arrays are worth it: many claims, in a warehouse that releases nothing by itself."""
    found = one(
        """SELECT count(*) FROM (SELECT 1 FROM claim WHERE product_id = ANY(%s) AND units > 0 LIMIT %s) c""",
        [list(locked.products), MANY_CLAIMS],
    )
    return int(found[0]) >= MANY_CLAIMS and read_settings().warehouse == "manual"


def run_plain_pass(locked: Locked, outbox: Outbox, refresh_lines: Iterable[int] = ()) -> None:
    """The same, claim by claim."""
    snapshot = load(locked)
    decision = decide(snapshot.facts)
    apply.write(snapshot, decision, outbox, refresh_lines=refresh_lines)
    settle(locked, outbox, decision)


def settle(locked: Locked, outbox: Outbox, decision: Decision) -> None:
    """Passes again as long as somebody keeps less than before: what they no longer keep is free for others.

    That is so where a date was told in place of another, and where a kit's told units rest on a purchase yet to be made
    instead of supply. Each round does so for good, so there are never more rounds than claims.
    """
    for _ in range(len(decision.claims)):
        if not any(_keeps_less(decision, claim) for claim in decision.claims.values()):
            return
        snapshot = load(locked)
        decision = decide(snapshot.facts)
        apply.write(snapshot, decision, outbox)


def _keeps_less(decision: Decision, claim: Claim) -> bool:
    telling = decision.tellings[claim.id]
    if telling.word in (Word.DELAYED, Word.BROUGHT_FORWARD):
        return True
    return claim.kit is not None and telling.told.told_by_lead_time > claim.told_by_lead_time

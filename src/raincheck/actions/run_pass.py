"""The pass that follows every fact: snapshot, decide, apply, for the products that are locked.

Where many wait it is run over arrays (`actions.pass_many`), which leave the same rows.
"""

from collections.abc import Iterable

from raincheck.actions.pass_many import is_worthwhile, pass_many
from raincheck.core.decision import Decision, decide
from raincheck.core.promise import Word
from raincheck.store import apply
from raincheck.store.locks import Locked
from raincheck.store.outbox import Outbox
from raincheck.store.snapshot import load


def run_pass(locked: Locked, outbox: Outbox, refresh_lines: Iterable[int] = ()) -> None:
    """Gives everybody what is theirs after a fact, and writes the differences.

    `refresh_lines` are written even if their pegs stay, because their order was held or released.
    """
    refreshed = list(refresh_lines)
    if not refreshed and is_worthwhile(locked):
        pass_many(locked, outbox, run_plain_pass)
    else:
        run_plain_pass(locked, outbox, refreshed)


def run_plain_pass(locked: Locked, outbox: Outbox, refresh_lines: Iterable[int] = ()) -> None:
    """The same, claim by claim."""
    snapshot = load(locked)
    decision = decide(snapshot.facts)
    apply.write(snapshot, decision, outbox, refresh_lines=refresh_lines)
    settle(locked, outbox, decision)


def settle(locked: Locked, outbox: Outbox, decision: Decision) -> None:
    """Passes again as long as a date was told in place of another: what it no longer keeps is free for others.

    Each round tells somebody another date for good, so there are never more rounds than claims.
    """
    for _ in range(len(decision.claims)):
        if not any(telling.word in (Word.DELAYED, Word.BROUGHT_FORWARD) for telling in decision.tellings.values()):
            return
        snapshot = load(locked)
        decision = decide(snapshot.facts)
        apply.write(snapshot, decision, outbox)

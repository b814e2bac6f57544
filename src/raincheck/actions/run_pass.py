"""The pass that follows every fact: snapshot, decide, apply, for the products that are locked."""

from collections.abc import Iterable

from raincheck.core.decision import Decision, decide
from raincheck.store import apply
from raincheck.store.locks import Locked
from raincheck.store.outbox import Outbox
from raincheck.store.snapshot import load


def run_pass(locked: Locked, outbox: Outbox, refresh_lines: Iterable[int] = ()) -> Decision:
    """Gives everybody what is theirs after a fact, and writes the differences.

    `refresh_lines` are written even if their pegs stay, because their order was held or released.
    """
    snapshot = load(locked)
    decision = decide(snapshot.facts)
    apply.write(snapshot, decision, outbox, refresh_lines=refresh_lines)
    return decision

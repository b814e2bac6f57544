"""The pass that follows every fact: snapshot, decide, apply, for the products that are locked.

Where many wait it is run over arrays (`actions.pass_many`), which leave the same rows.
"""

from collections.abc import Iterable

from raincheck.actions.pass_again import pass_again
from raincheck.core.decision import decide
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
    pass_again(locked, outbox, snapshot.facts.book, decision)

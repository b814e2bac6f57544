"""The pass that follows every fact: snapshot, decide, apply, for the products that are locked.

Where many wait it is run over arrays (`actions.pass_many`), which leave the same rows.
"""

from collections.abc import Iterable

from raincheck.core.decision import Decision, decide
from raincheck.core.demand import Claim
from raincheck.core.peg import PegKind
from raincheck.core.promise import Word
from raincheck.core.supply import SupplyKey
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

    That is so where a date was told in place of another; each round does so for good, so there are never more rounds
    than claims. It may be so where kits miss the day told, or rest on a purchase yet to be made instead of supply: what
    they kept and could not use went to others, whose days are kept from now on. There it is passed until nothing moves.
    """
    for _ in range(len(decision.claims)):
        is_told_anew = any(telling.word in _ANEW for telling in decision.tellings.values())
        if not is_told_anew and not any(_kept_in_vain(decision, claim) for claim in decision.claims.values()):
            return
        before = _ties(decision)
        snapshot = load(locked)
        decision = decide(snapshot.facts)
        apply.write(snapshot, decision, outbox)
        if not is_told_anew and _ties(decision) == before:
            return


_ANEW = (Word.DELAYED, Word.BROUGHT_FORWARD)


def _kept_in_vain(decision: Decision, claim: Claim) -> bool:
    if claim.kit is None or claim.told_on is None:
        return False
    delivers_on = decision.estimates[claim.id].delivers_on
    misses_its_day = delivers_on is None or delivers_on > claim.told_on
    return misses_its_day or decision.tellings[claim.id].told.told_by_lead_time > claim.told_by_lead_time


def _ties(decision: Decision) -> dict[int, list[tuple[PegKind, int, SupplyKey | None]]]:
    """Who has how many units of what."""
    return {
        id_: [(peg.kind, peg.units, None if peg.supply is None else peg.supply.key) for peg in pegs]
        for id_, pegs in decision.pegs.items()
    }

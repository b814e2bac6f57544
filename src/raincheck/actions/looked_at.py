"""What a person would give by hand, looked at first: who wins, who loses, and a digest that lets exactly that be done.

Whoever looks locks nobody. What is done later is decided anew under the locks; where the facts are other than they were
the digest is another, and nothing is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import orjson

from raincheck.actions.rebalance_preview import LineChange, named_changes
from raincheck.core.decision import Decision
from raincheck.core.errors import Refused
from raincheck.core.gains import changes
from raincheck.store.rebalance import Pegs
from raincheck.store.rebalance_preview import digests
from raincheck.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Who would win and who would lose. With `digest` it is done so, or not at all."""

    changes: list[LineChange]
    digest: str


def looked_at(asked: Sequence[object], snapshot: Snapshot, before: Pegs, decision: Decision) -> LookedAt:
    """What comes of what was asked, on these facts."""
    found = changes(snapshot.facts.book, before, decision.pegs, {})
    return LookedAt(named_changes(found), _digest(asked, snapshot))


def refuse_if_moved(what: str, seen: str, now: LookedAt) -> None:
    """Raises Refused where what was seen (empty: nothing was) is not what would be done now."""
    if seen and seen != now.digest:
        raise Refused(f"the facts moved since the preview, or it was of another {what}; preview it again")


def _digest(asked: Sequence[object], snapshot: Snapshot) -> str:
    told = orjson.dumps([list(asked), sorted(digests(snapshot, {}).items())])
    return sha256(told).hexdigest()[:32]

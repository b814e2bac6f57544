"""Previews of a rebalance as rows, and the digest of the facts that each was decided on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from raincheck.store.db import one, row, rows, run
from raincheck.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class StoredPreview:
    """A preview as it was stored."""

    ref: str
    request: dict[str, Any]
    outcome: dict[str, Any]
    previewed_at: datetime
    previewed_by: str
    committed_at: datetime | None


def digests(snapshot: Snapshot, lines: Mapping[int, Mapping[str, str | None]]) -> dict[str, str]:
    """What the facts about each product come to, by SKU: the same facts of the same day give the same digest."""
    book = snapshot.facts.book
    skus = dict(rows("SELECT id, sku FROM product WHERE id = ANY(%s)", [sorted(book.products)]))
    shared = repr((book.today, snapshot.facts.settings, sorted(snapshot.facts.held_orders)))
    facts: dict[int, list[str]] = defaultdict(list)
    for product, known in sorted(book.products.items()):
        facts[product] = [shared, repr(known)]
    for supply in sorted(book.supplies, key=lambda supply: supply.key):
        facts[supply.product].append(repr(supply))
    for protection in book.protections:
        facts[protection.product].append(repr(protection))
    pegs = defaultdict(list)
    for peg in snapshot.pegs:
        pegs[peg.claim].append(repr(peg))
    for claim in book.claims:
        facts[claim.product] += [repr(claim), repr(sorted(lines.get(claim.line, {}).items())), *pegs[claim.id]]
    return {skus[product]: sha256("\n".join(told).encode()).hexdigest()[:16] for product, told in facts.items()}


def save_preview(request: dict[str, Any], outcome: dict[str, Any], at: datetime, actor: str) -> str:
    """Stores a preview; the reference by which it can be committed."""
    found = one(
        """WITH next AS (SELECT nextval(pg_get_serial_sequence('rebalance', 'id')) AS id)
           INSERT INTO rebalance (id, ref, request, outcome, digest, previewed_at, previewed_by)
           SELECT id, 'R' || id, %s::jsonb, %s::jsonb, %s, %s, %s FROM next RETURNING ref""",
        [
            orjson.dumps(request).decode(),
            orjson.dumps(outcome, default=str).decode(),
            sha256(orjson.dumps(outcome["digests"], option=orjson.OPT_SORT_KEYS)).hexdigest(),
            at,
            actor,
        ],
    )
    return str(found[0])


def find_preview(ref: str) -> StoredPreview | None:
    """A preview by its reference."""
    found = row(
        """SELECT ref, request::text, outcome::text, previewed_at, previewed_by, committed_at
           FROM rebalance WHERE ref = %s""",
        [ref],
    )
    if found is None:
        return None
    ref, request, outcome, at, actor, committed_at = found
    return StoredPreview(ref, orjson.loads(request), orjson.loads(outcome), at, actor, committed_at)


def mark_committed(ref: str, at: datetime) -> None:
    """A preview was committed; it cannot be again."""
    run("UPDATE rebalance SET committed_at = %s WHERE ref = %s", [at, ref])

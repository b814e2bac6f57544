"""Offers of another product for units that wait: on record with the line, until they are answered or run out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from raincheck.store.db import one, rows
from raincheck.store.timers import TimerKind, drop_timers, set_timers

OPEN, TAKEN, DECLINED, EXPIRED, WITHDRAWN = "open", "taken", "declined", "expired", "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that stands: `instead` is the SKU offered."""

    id: int
    line: int
    instead: str


def open_offers(lines: Sequence[int]) -> dict[int, Offer]:
    """The offers that stand, by line."""
    found = rows(
        """SELECT f.id, f.line_id, p.sku FROM substitute_offer f JOIN product p ON p.id = f.instead_id
           WHERE f.line_id = ANY(%s) AND f.state = 'open' ORDER BY f.id""",
        [list(lines)],
    )
    return {line: Offer(id_, line, sku) for id_, line, sku in found}


def make_offer(line: int, instead: int, units: int, at: datetime, until: datetime, fact: int) -> int:
    """Puts an offer on record and sets its timer; one that stood for the line is withdrawn."""
    end_offers([line], WITHDRAWN, at)
    found = one(
        """INSERT INTO substitute_offer (line_id, instead_id, units, offered_at, expires_at, state, fact_id)
           VALUES (%s, %s, %s, %s, %s, 'open', %s) RETURNING id""",
        [line, instead, units, at, until, fact],
    )
    set_timers([(until, TimerKind.OFFER, int(found[0]))])
    return int(found[0])


def end_offers(lines: Sequence[int], state: str, at: datetime) -> int:
    """Ends the open offers of lines; how many."""
    ended = [
        id_
        for (id_,) in rows(
            """UPDATE substitute_offer SET state = %s, ended_at = %s
               WHERE line_id = ANY(%s) AND state = 'open' RETURNING id""",
            [state, at, list(lines)],
        )
    ]
    drop_timers(TimerKind.OFFER, ended)
    return len(ended)


def answer_offers(taken: Mapping[int, str], at: datetime) -> None:
    """The customer takes these products instead (by line): an offer of another one is withdrawn."""
    for line, offer in open_offers(list(taken)).items():
        end_offers([line], TAKEN if offer.instead == taken[line] else WITHDRAWN, at)


def expire_offers(offers: Sequence[int], at: datetime) -> list[int]:
    """Ends offers that ran out; those that were still open."""
    found = rows(
        """UPDATE substitute_offer SET state = 'expired', ended_at = %s
           WHERE id = ANY(%s) AND state = 'open' RETURNING id""",
        [at, list(offers)],
    )
    return sorted(id_ for (id_,) in found)

"""The local test processor: behaves as a card processor does and moves no real money. The default.

Cards are tokens such as `tok_visa`; what each does is in `raincheck.gateways.cards_tokens`, the rules are in
`raincheck.gateways.cards_book`. Its books are rows of their own in the same database: they outlive a killed worker, and
in a drill they are part of the throw-away copy. Names are made of keys and time is handed in, so a drill repeats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from raincheck.core.reconcile import Settled
from raincheck.gateways.cards import CardAnswer, CardRequest, Kind, Outcome, ProcessorAway
from raincheck.gateways.cards_book import NOTHING, Entry, Past, again, check, decide, name_of
from raincheck.gateways.cards_callbacks import callbacks_of
from raincheck.gateways.cards_tokens import card_of
from raincheck.store import processor_books as books
from raincheck.store.processor_books import BookRow


class LocalProcessor:
    """A card processor on this machine.

    `in_drill`: it calls nobody back, and takes references that its books do not hold for approved ones of enough, since
    a drill may start from a company with another processor.
    """

    def __init__(self, *, in_drill: bool = False) -> None:
        self._in_drill = in_drill

    def carry_out(self, request: CardRequest, at: datetime) -> CardAnswer:
        """What became of a request. Raises ProcessorAway where the card is one of those, CardRequestRefused."""
        check(request)
        away = card_of(request.method).away
        with books.opened(request.order_ref):
            known = books.by_key(request.key)
            if known:
                return again(request, _entry(known))
            is_away = bool(away) and not books.knocked_before(request.key)
            entry = None
            if not (is_away and away == "before"):
                entry = decide(request, at, self._past(request, at))
                books.write(_row(entry))
                if not self._in_drill:
                    books.call_back(callbacks_of(entry))
        # What was done stays done: the transaction of the books has ended.
        if entry is None or is_away:
            raise ProcessorAway("the processor did not answer in time")
        return entry.answer

    def find(self, key: str) -> CardAnswer | None:
        """What became of the request with this key, if the processor acted on one."""
        known = books.by_key(key)
        return _entry(known).answer if known else None

    def close(self) -> None:
        """There is no connection of its own."""

    def _past(self, request: CardRequest, at: datetime) -> Past:
        reference = request.authorisation or request.charge
        if not reference:
            return Past(of_card=_entries(books.of_card(request.order_ref, request.method)))
        named = books.by_reference(reference)
        if named is None:
            return Past(named=_supposed(request, reference, at) if self._in_drill else None)
        return Past(named=_entry(named), draws=_entries(books.draws_on(reference)))


def settlements(starts_at: datetime | None = None, ends_at: datetime | None = None) -> Iterator[Settled]:
    """What the local processor captured and refunded in a period, as its settlement file says it."""
    for number, one in enumerate(books.entries(starts_at, ends_at), start=2):
        yield Settled(
            number, one.key, one.reference, one.kind, one.order_ref, one.amount, one.currency, one.fee, one.at
        )


def _supposed(request: CardRequest, reference: str, at: datetime) -> Entry:
    """An authorisation or capture that another processor has, of just what is asked for."""
    kind: Kind = "capture" if request.kind == "refund" else "authorise"
    named = replace(request, key=reference[:64], kind=kind, authorisation="", charge="", is_final=False)
    return Entry(named, CardAnswer("approved", reference), at)


def _entries(found: Sequence[BookRow]) -> list[Entry]:
    return [_entry(one) for one in found]


def _entry(found: BookRow) -> Entry:
    request = CardRequest(
        found.key,
        cast("Kind", found.kind),
        found.order_ref,
        found.amount,
        found.currency,
        found.method,
        found.authorisation,
        found.charge,
        found.is_final,
    )
    outcome = cast("Outcome", found.outcome)
    answer = CardAnswer(outcome, found.reference, found.scheme, found.expires_at, found.reason, found.fee)
    return Entry(request, answer, found.at, found.ends_at)


def _row(entry: Entry) -> BookRow:
    asked, answer = entry.request, entry.answer
    return BookRow(
        asked.key,
        asked.kind,
        asked.order_ref,
        asked.amount,
        asked.currency,
        asked.method,
        asked.authorisation,
        asked.charge,
        asked.is_final,
        answer.outcome,
        name_of(asked),
        answer.scheme,
        answer.reason,
        answer.fee or NOTHING,
        entry.at,
        answer.expires_at,
        entry.ends_at,
    )

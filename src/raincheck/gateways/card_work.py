"""Carries out what the card processor is asked, request by request, and enters what it answers.

A worker that is killed at any moment loses and repeats nothing: the request stays until its answer is entered, and is
sent again under the same key, which the processor acts on once.
"""

from collections.abc import Callable
from datetime import datetime

from raincheck.actions.card_requests import is_expected_to_decline, postpone, take_request
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.gateways.cards import CardAnswer, CardGateway, CardRequest, CardRequestRefused, Kind, ProcessorAway
from raincheck.store.card_requests import Asked

DECLINED_AS_SAID = CardWord(is_approved=False, reason="declined, as the rehearsal says")


def carry_out_all(gateway: CardGateway, until: datetime | None = None, is_stopping: Callable[[], bool] = bool) -> int:
    """Carries out all requests that may be sent now (in a drill: until an instant); how many were taken in hand."""
    taken = 0
    while not is_stopping() and carry_out_next(gateway, until):
        taken += 1
    return taken


def carry_out_next(gateway: CardGateway, until: datetime | None = None) -> bool:
    """Carries out one request; False if none may be sent. One that stays without an answer goes again later."""
    taken = take_request(until)
    if taken is None:
        return False
    asked, at = taken
    virtual_at = None if until is None else at
    if is_expected_to_decline(asked):
        take_card_answer(asked.key, DECLINED_AS_SAID, virtual_at)
        return True
    try:
        answer = _answer(gateway, asked, at)
    except ProcessorAway:
        postpone(asked, virtual_at)
    except CardRequestRefused as refusal:
        postpone(asked, virtual_at, " ".join(str(refusal).split()))
    else:
        take_card_answer(asked.key, word_of(answer), virtual_at)
    return True


def word_of(answer: CardAnswer) -> CardWord:
    """An answer as the actions take it."""
    return CardWord(
        answer.outcome == "approved", answer.reference, answer.scheme, answer.expires_at, answer.reason, answer.fee
    )


def _answer(gateway: CardGateway, asked: Asked, at: datetime) -> CardAnswer:
    """The processor's answer. What it may have acted on already is asked after first: keys do not live for ever."""
    known = gateway.find(asked.key) if asked.attempts > 1 else None
    return known or gateway.carry_out(_request(asked), at)


def _request(asked: Asked) -> CardRequest:
    kinds: dict[str, Kind] = {"authorise": "authorise", "capture": "capture", "void": "void", "refund": "refund"}
    return CardRequest(
        asked.key,
        kinds[asked.kind],
        asked.order_ref,
        asked.amount,
        asked.currency,
        asked.card,
        asked.authorisation,
        asked.charge,
        asked.is_final,
    )

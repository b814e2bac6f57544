"""Captured less refunded is what was shipped and kept, to the cent, whatever happens on the way."""

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.core.money_history import History

QUICK, ALL, A_TEST = 1_500, 50_000, 10_000
STEPS = 10


def check(history: History) -> None:
    """What must hold of a ledger at any moment."""
    ledger, words = history.ledger, f"history {history.seed}: {history.said}"
    assert Fraction(ledger.net + history.owed) == history.paper.owed(), words
    assert ledger.net >= 0, words
    for capture, amount in ledger.captures.items():
        assert ledger.refunded.get(capture, Decimal(0)) <= amount, words
    for id_, amount in ledger.authorised.items():
        drawn, voided = (of.get(id_, Decimal(0)) for of in (ledger.drawn, ledger.voided))
        assert drawn + voided <= amount * (1 + history.variance), words
        assert voided <= amount, words


def play(seed: int) -> History:
    """One history, looked at after each step."""
    history = History(seed)
    check(history)
    for _ in range(STEPS):
        history.play(1)
        check(history)
    history.finish()
    check(history)
    return history


def check_end(history: History) -> None:
    """At the end nothing is owed, and nothing stays authorised that nobody will ship on."""
    assert history.owed == 0
    assert sum(one.left for one in history.ledger.live if one.left > 0) == 0, f"history {history.seed}"


def test_money_is_what_was_shipped_and_kept() -> None:
    for seed in range(QUICK):
        check_end(play(seed))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, ALL, A_TEST))
def test_money_is_what_was_shipped_and_kept_in_fifty_thousand_histories(first: int) -> None:
    for seed in range(first, first + A_TEST):
        check_end(play(seed))

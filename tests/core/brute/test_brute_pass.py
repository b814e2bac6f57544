"""The pass agrees with the contract tried out word by word, on thousands of tiny companies."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from tests.core.brute.pass_in_words import Outcome, name_of, pass_in_words
from tests.core.laws.profile import PROFILE
from tests.core.random_books import TINY, random_book

from raincheck.core.allocate import allocate
from raincheck.core.book import Book
from raincheck.core.peg import Peg, PegKind

BOOKS_EACH = 150 if PROFILE == "quick" else 1_000


def outcome_of_code(book: Book) -> Outcome:
    return {claim: Counter(_units_by_source(pegs)) for claim, pegs in allocate(book).items()}


def _units_by_source(pegs: list[Peg]) -> dict[str, int]:
    return {_source(peg): peg.units for peg in pegs}


def _source(peg: Peg) -> str:
    if peg.supply is not None:
        return name_of(peg.supply)
    return f"lead_time {peg.ships_on}" if peg.kind is PegKind.LEAD_TIME else "none"


@pytest.mark.parametrize("block", range(20))
def test_everybody_gets_what_the_contract_says(block: int) -> None:
    for number in range(BOOKS_EACH):
        book = random_book(Random(f"{block}/{number}"), TINY)
        assert outcome_of_code(book) == pass_in_words(book), f"block {block}, book {number}: {book}"


@pytest.mark.parametrize("block", range(4))
def test_the_same_where_rank_may_break_told_dates(block: int) -> None:
    for number in range(BOOKS_EACH):
        book = replace(random_book(Random(f"by rank {block}/{number}"), TINY), keeps_told_dates=False)
        assert outcome_of_code(book) == pass_in_words(book), f"block {block}, book {number}: {book}"

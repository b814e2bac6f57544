"""Kits agree with the contract tried out kit by kit, on thousands of tiny companies."""

from dataclasses import replace
from random import Random

import pytest
from tests.core.brute.kits_in_words import pass_with_kits
from tests.core.brute.test_brute_pass import outcome_of_code
from tests.core.laws.profile import PROFILE
from tests.core.random_books import Size
from tests.core.random_kits import random_book_with_kits

BOOKS_EACH = 100 if PROFILE == "quick" else 1_000
TINY = Size(products=3, sites=1, supplies=5, orders=3, lines=2, claims=3, units=5, days=8)


@pytest.mark.parametrize("block", range(20))
def test_kits_get_what_the_contract_says(block: int) -> None:
    for number in range(BOOKS_EACH):
        book = random_book_with_kits(Random(f"{block}/{number}"), TINY, 2, one_site=True)
        book = book.with_claims(tuple(replace(claim, group=None, keeps_stock=0) for claim in book.claims))
        assert outcome_of_code(book) == pass_with_kits(book), f"block {block}, book {number}: {book}"

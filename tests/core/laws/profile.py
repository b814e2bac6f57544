"""How hard the laws are tried.

By default each law gets a few examples, the same on every run. The profile `laws` tries 20,000 fresh ones each:

    HYPOTHESIS_PROFILE=laws pytest tests/core
"""

import os
from dataclasses import replace
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from tests.core.random_books import MID_SIZE, SMALL, Size, random_book

from raincheck.core.book import Book

settings.register_profile("quick", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("laws", max_examples=20_000, deadline=None)

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
"""The profile in force."""

law = settings.get_profile(PROFILE)
"""Decorates every law."""


def book_of(seed: int, orders: int, supplies: int, units: int, most: Size) -> Book:
    """One random book. Hypothesis shrinks its size; the seed alone would not shrink to anything simpler."""
    return random_book(Random(seed), replace(most, orders=orders, supplies=supplies, units=units))


def books(most: Size = SMALL) -> st.SearchStrategy[Book]:
    """Books up to a size."""
    return st.builds(
        book_of,
        seed=st.integers(0, 2**32),
        orders=st.integers(1, most.orders),
        supplies=st.integers(0, most.supplies),
        units=st.integers(1, most.units),
        most=st.just(most),
    )


def mid_size_books() -> st.SearchStrategy[Book]:
    """Books of up to a few dozen claims."""
    return books(MID_SIZE)


def chances() -> st.SearchStrategy[Random]:
    """A source of chance."""
    return st.builds(Random, st.integers(0, 2**32))

"""How hard the laws are tried.

By default each law gets a few examples, the same on every run. The profile `laws` tries 20,000 fresh ones each:

    HYPOTHESIS_PROFILE=laws pytest tests/core
"""

import os
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from raincheck.core.book import Book
from tests.core.random_books import MID_SIZE, Size, random_book

_LAX = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("quick", max_examples=80, deadline=None, derandomize=True, suppress_health_check=_LAX)
settings.register_profile("laws", max_examples=20_000, deadline=None, suppress_health_check=_LAX)

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
"""The profile in force."""

law = settings.get_profile(PROFILE)
"""Decorates every law."""


def books(size: Size = Size()) -> st.SearchStrategy[Book]:
    """Books of some size."""
    return st.builds(lambda rng: random_book(rng, size), chances())


def mid_size_books() -> st.SearchStrategy[Book]:
    """Books of a few dozen claims."""
    return books(MID_SIZE)


def chances() -> st.SearchStrategy[Random]:
    """A source of chance that hypothesis drives and shrinks."""
    return st.randoms(use_true_random=False)

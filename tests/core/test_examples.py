"""The examples in the docstrings of the core are true."""

import doctest
import importlib
import pkgutil

import pytest

import raincheck.core

MODULES = [module.name for module in pkgutil.walk_packages(raincheck.core.__path__, "raincheck.core.")]
WITH_EXAMPLES = [
    name for name in MODULES if any(t.examples for t in doctest.DocTestFinder().find(importlib.import_module(name)))
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_give_what_they_say(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted > 0
    assert outcome.failed == 0

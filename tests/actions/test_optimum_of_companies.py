"""The open book of whatever company: the optimum is never worse than the rule, and no unit is in it twice."""

from collections import Counter

import pytest
from tests.actions.random_company import RandomCompany

from raincheck.actions.ask_optimum import ask_optimum
from raincheck.store.db import rows

pytestmark = pytest.mark.slow

FACTS = 40


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.one_server) for seed in (1, 2))])
def test_the_rule_never_beats_the_optimum_of_a_company(seed: int) -> None:
    company = RandomCompany(seed)
    company.open()
    for fact in range(FACTS):
        company.step()
        if fact % 8 == 7:
            before = rows("SELECT id, claim_id, units, kind, ships_on FROM peg ORDER BY id")
            for book in ask_optimum(time_limit_seconds=30, at=company.at).books:
                assert book.optimum is not None, book.why_not
                assert book.optimum.is_proved, fact
                assert book.optimum.best.key <= book.optimum.rule.key, fact
                taken = Counter(
                    {peg.supply: 0 for pegs in book.optimum.pegs.values() for peg in pegs if peg.supply is not None}
                )
                for peg in (peg for pegs in book.optimum.pegs.values() for peg in pegs):
                    if peg.supply is not None:
                        taken[peg.supply] += peg.units
                assert all(units <= supply.units for supply, units in taken.items()), fact
            assert rows("SELECT id, claim_id, units, kind, ships_on FROM peg ORDER BY id") == before

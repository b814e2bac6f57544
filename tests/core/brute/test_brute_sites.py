"""The sites of an order, held to trying every set of them."""

from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations
from random import Random

import pytest
from tests.core.company import Outcome, book_of, claim, stock

from raincheck.core.allocate import allocate
from raincheck.core.book import ProductFacts, SiteFacts
from raincheck.core.site_plan import OBJECTIVES, Need, Reach, best_sites

MOST_SITES = 10
OBJECTIVES_OF_ONE_S_OWN = [name for name, objective in OBJECTIVES.items() if objective]


def measured(objective: tuple[str, ...], sites: frozenset[int], reach: dict[int, Reach]) -> tuple[object, ...]:
    """What a set of sites adds up to, in the order of the objective."""
    sums = {
        "parcels": len(sites),
        "cost": sum((reach[site].cost for site in sites), Decimal(0)),
        "distance": tuple(sum(reach[site].distance[i] for site in sites) for i in range(3)),
    }
    return (*(sums[name] for name in objective), sorted(reach[site].name for site in sites))


def serves(sites: frozenset[int], needs: list[Need]) -> bool:
    """Whether these sites give all that all sites together could."""
    return all(
        sum(units for site, units in need.by_site.items() if site in sites)
        >= min(need.units, sum(need.by_site.values()))
        for need in needs
    )


@pytest.mark.parametrize("name", OBJECTIVES_OF_ONE_S_OWN)
def test_no_other_set_of_sites_serves_the_order_better(name: str) -> None:
    for seed in range(150):
        rng = Random(seed)
        sites = range(1, rng.randint(1, MOST_SITES) + 1)
        reach = {
            site: Reach(
                f"s{rng.randint(0, 99)}-{site}", Decimal(rng.randint(0, 5)), (rng.randint(0, 1), rng.randint(0, 9), 0)
            )
            for site in sites
        }
        needs = [
            Need(rng.randint(0, 4), {site: rng.choice((0, 0, 1, 2, 4)) for site in sites})
            for _ in range(rng.randint(1, 6))
        ]
        chosen = best_sites(OBJECTIVES[name], needs, reach, frozenset())
        every = (frozenset(some) for some in chain.from_iterable(combinations(sites, n) for n in range(len(sites) + 1)))
        best = min(
            (some for some in every if serves(some, needs)), key=lambda some: measured(OBJECTIVES[name], some, reach)
        )
        assert serves(chosen, needs)
        assert chosen == best


def test_an_order_leaves_in_as_few_parcels_as_any_choice_of_sites_could_make_of_it() -> None:
    for seed in range(150):
        rng = Random(seed)
        sites = {number: SiteFacts(f"site{number}", "US") for number in range(1, rng.randint(2, 7))}
        products = range(1, rng.randint(2, 6))
        facts = {product: ProductFacts() for product in products}
        lines = [replace(claim("O1", rng.randint(1, 3), country="US"), product=product) for product in products]
        supplies = [
            stock(rng.randint(1, 3), product, site=site) for product in products for site in sites if rng.random() < 0.6
        ]
        book = replace(book_of(*lines, *supplies, facts=facts), sites=sites, site_choice="fewest_parcels")
        used = {site for line in lines for site in Outcome(book, allocate(book)).sites(line)}
        needs = [
            Need(
                line.units,
                {site: sum(s.units for s in supplies if (s.product, s.site) == (line.product, site)) for site in sites},
            )
            for line in lines
        ]
        every = (frozenset(some) for some in chain.from_iterable(combinations(sites, n) for n in range(len(sites) + 1)))
        assert len(used) == min(len(some) for some in every if serves(some, needs)), seed

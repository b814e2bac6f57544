"""Settings > Sites: what a parcel from each site costs."""

from decimal import Decimal

import pytest
from django.test import Client
from tests.web.test_pages import text_of

from raincheck.store.reads.sites import site_views


def costs() -> dict[str, tuple[Decimal, Decimal]]:
    return {site.code: (site.parcel_cost, site.parcel_cost_abroad) for site in site_views()}


def test_what_is_typed_in_is_what_parcels_cost(admin: Client) -> None:
    first = next(iter(costs()))
    page = admin.post("/settings/sites", {f"home:{first}": "10", f"abroad:{first}": "24.5"}, follow=True)
    assert costs()[first] == (Decimal(10), Decimal("24.5"))
    assert b'value="10"' in page.content
    assert b'value="24.5"' in page.content


@pytest.mark.parametrize("typed", ["cheap", "NaN", "-1", "1e9"])
def test_a_cost_that_makes_no_sense_is_refused_and_changes_nothing(admin: Client, typed: str) -> None:
    before = costs()
    first = next(iter(before))
    said = admin.post("/settings/sites", {f"home:{first}": typed}, follow=True).content.decode()
    assert f"Site &#x27;{first}&#x27;" in said
    assert costs() == before


def test_the_page_says_when_costs_do_not_count(admin: Client) -> None:
    assert "Costs do not count at present" in text_of(admin, "/settings/sites")

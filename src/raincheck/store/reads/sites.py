"""The sites as the company's settings show them."""

from dataclasses import dataclass
from decimal import Decimal

from raincheck.store.db import rows


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site: where it is, and what a parcel from it costs in the company's currency."""

    code: str
    name: str
    country: str
    postcode: str
    parcel_cost: Decimal
    parcel_cost_abroad: Decimal


def site_views() -> list[SiteView]:
    """All sites, by code."""
    return [
        SiteView(*found)
        for found in rows(
            "SELECT code, name, country, postcode, parcel_cost, parcel_cost_abroad FROM site ORDER BY code"
        )
    ]

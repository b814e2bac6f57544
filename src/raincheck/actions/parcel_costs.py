"""What a parcel from each site costs: kept for the choice of sites (`core.site_plan`), on record."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from raincheck.core.errors import Malformed, NotFound
from raincheck.store import facts, sites
from raincheck.store.locks import database_now

LARGEST_COST = Decimal(1_000_000)

Costs = tuple[Decimal, Decimal]
"""Of one parcel, in the company's currency: within the site's country, and abroad."""


def set_parcel_costs(costs: Mapping[str, Costs], at: datetime | None = None, actor: str = "") -> None:
    """Sets the costs of these sites. Units already tied to a site stay there; whoever comes next is served by them.

    Raises NotFound for an unknown site, Malformed for a cost that makes no sense.
    """
    for site, of_one in costs.items():
        for cost in of_one:
            if not 0 <= cost <= LARGEST_COST:
                raise Malformed(f"site {site!r}: a parcel must cost between 0 and {LARGEST_COST}, not {cost}")
    with transaction.atomic():
        unknown = sites.write_parcel_costs(costs)
        if unknown:
            raise NotFound(f"site {unknown[0]!r} does not exist", "site", unknown[0])
        detail = {site: [str(cost) for cost in of_one] for site, of_one in costs.items()}
        facts.record(at or database_now(), "parcel_costs_set", "catalogue", actor, detail)

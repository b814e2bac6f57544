"""What a pass must know of the sites, and where postcodes lie.

The United States: each ZIP code's own point (zipcodes). A site may have its own coordinates. Other postcodes have no
point here: they are compared by their beginnings (`core.distance`).
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

import zipcodes

from raincheck.core.book import SiteFacts
from raincheck.core.distance import Point
from raincheck.store.db import columns, rows

if TYPE_CHECKING:
    from collections.abc import Callable

_MATCHING = cast("Callable[[str], list[dict[str, Any]]]", zipcodes.matching)
_REAL: Final = 5  # digits of a ZIP code


class _Postcodes(Mapping[tuple[str, str], Point]):
    """The points of the postcodes that were asked for, by (country, postcode)."""

    def __getitem__(self, key: tuple[str, str]) -> Point:
        country, postcode = key
        point = _zip_point(postcode.strip()[:_REAL]) if country == "US" else None
        if point is None:
            raise KeyError(key)
        return point

    def __iter__(self) -> Iterator[tuple[str, str]]:
        raise TypeError("postcodes are looked up, not listed")

    def __len__(self) -> int:
        raise TypeError("postcodes are looked up, not counted")


POSTCODES: Final[Mapping[tuple[str, str], Point]] = _Postcodes()


def read_sites() -> dict[int, SiteFacts]:
    """All sites, by row. One without coordinates lies where its postcode does."""
    return {
        id_: SiteFacts(code, country, postcode, _point(country, postcode, latitude, longitude), cost, cost_abroad)
        for id_, code, country, postcode, latitude, longitude, cost, cost_abroad in rows(
            "SELECT id, code, country, postcode, latitude, longitude, parcel_cost, parcel_cost_abroad FROM site"
        )
    }


def write_parcel_costs(costs: Mapping[str, tuple[Decimal, Decimal]]) -> list[str]:
    """Sets what parcels cost, by site: at home and abroad. The sites that do not exist."""
    codes, home, abroad = columns([(code, *of_one) for code, of_one in sorted(costs.items())], 3)
    found = rows(
        """UPDATE site s SET parcel_cost = v.home, parcel_cost_abroad = v.abroad
           FROM unnest(%s::text[], %s::numeric[], %s::numeric[]) AS v (code, home, abroad)
           WHERE s.code = v.code RETURNING s.code""",
        [codes, home, abroad],
    )
    return sorted(set(costs) - {code for (code,) in found})


def _point(country: str, postcode: str, latitude: float | None, longitude: float | None) -> Point | None:
    if latitude is not None and longitude is not None:
        return Point(latitude, longitude)
    return POSTCODES.get((country, postcode))


@lru_cache(maxsize=8192)
def _zip_point(zip_code: str) -> Point | None:
    if not (len(zip_code) == _REAL and zip_code.isascii() and zip_code.isdigit()):
        return None
    places = (place for place in _MATCHING(zip_code) if place["lat"] and place["long"])
    return next((Point(float(place["lat"]), float(place["long"])) for place in places), None)

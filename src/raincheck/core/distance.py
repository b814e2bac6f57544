"""How far a site is from a customer: abroad is farther than any place at home, then by kilometres, then by postcode."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_KM: Final = 6371.0088
"""The mean radius (IUGG)."""

Distance = tuple[int, int, int]
"""(abroad or not, kilometres, postcodes apart). Where a point is not known, it is as far as can be."""

NOBODY_KNOWS_KM: Final = 20_016
"""Half way round: farther than any place that is known."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


def kilometres(one: Point, other: Point) -> int:
    """The great-circle distance, in whole kilometres (haversine formula).

    >>> kilometres(Point(40.75, -73.99), Point(37.79, -122.39))
    4127
    """
    half_north, half_east = radians(other.latitude - one.latitude) / 2, radians(other.longitude - one.longitude) / 2
    along = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return round(2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, sin(half_north) ** 2 + along * sin(half_east) ** 2))))


def postcode_distance(one: str, other: str) -> int:
    """How far two postcodes of one country are apart, in no unit: codes that share more leading characters are nearer.

    Postal systems number by region, so the first differing character says most. 0 for equal codes.

    >>> postcode_distance("10001", "10002") < postcode_distance("10001", "94105")
    True
    """
    width = max(len(one), len(other))
    distance = 0
    for a, b in zip(one.ljust(width), other.ljust(width), strict=True):
        distance = distance * 64 + abs(ord(a) - ord(b))
    return distance

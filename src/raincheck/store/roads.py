"""The roads by way of sites that have hours of their own (core.site_hours)."""

from collections.abc import Iterable
from datetime import time
from typing import Final

import orjson

from raincheck.core.calendar import Road
from raincheck.core.settings import Settings
from raincheck.core.site_hours import road_of
from raincheck.store.db import rows

HAS_HOURS: Final = "(cutoff IS NOT NULL OR working_days <> '')"
"""Which sites have hours of their own, in SQL."""

HoursRow = tuple[int, str, time | None, str]
"""(site, timezone, cutoff, working days)."""


def read_roads(settings: Settings) -> dict[int, Road]:
    """The roads by way of sites that are not simply the company's. One small query."""
    return roads_of(
        settings,
        rows(f"SELECT id, timezone, cutoff, working_days FROM site WHERE {HAS_HOURS}"),  # noqa: S608
    )


def roads_from_text(settings: Settings, text: str | None) -> dict[int, Road]:
    """As `roads_of`, from the JSON array of those rows."""
    found = orjson.loads(text) if text else []
    return roads_of(settings, ((*row[:2], time.fromisoformat(row[2]) if row[2] else None, row[3]) for row in found))


def roads_of(settings: Settings, hours: Iterable[HoursRow]) -> dict[int, Road]:
    """The roads of those sites."""
    company = settings.road
    return {site: road_of(company, timezone, cutoff, tuple(days.split())) for site, timezone, cutoff, days in hours}

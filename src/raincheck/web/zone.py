"""The time zone in which a person reads times: their own choice, else the company's."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE = "raincheck_zone"
YEAR_SECONDS = 365 * 24 * 3600


@cache
def zone_names() -> tuple[str, ...]:
    """The zones to choose from, by name: regions and cities, without the historical aliases."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(regions)))


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The zone chosen on this device. An unknown name (a hand-made cookie) counts as no choice."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in zone_names():
        return ZoneInfo(chosen)
    return company_zone()


def company_zone() -> ZoneInfo:
    """The company's own zone, which is the default for everybody."""
    try:
        return ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


def remember_zone(response: HttpResponseBase, name: str) -> None:
    """Keeps the choice for a year on this device; an empty name goes back to the company's zone."""
    if name:
        response.set_cookie(
            COOKIE, name, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")

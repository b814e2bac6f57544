"""The time zone in which a person reads times: what they chose on this device, else the company's."""

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpResponseBase

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

COOKIE = "raincheck_zone"
YEAR_SECONDS = 365 * 24 * 3600
REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def zone_names() -> tuple[str, ...]:
    """The zones to choose from, by name: regions and cities, without the historical aliases."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(REGIONS)))


def zone_of(request: "ConsoleRequest") -> ZoneInfo:
    """The reader's zone. An unknown name in the cookie counts as no choice."""
    chosen = chosen_zone(request)
    return ZoneInfo(chosen or request.company.timezone)


def chosen_zone(request: "ConsoleRequest") -> str:
    """The zone chosen on this device; empty when times are shown in the company's."""
    name = request.COOKIES.get(COOKIE, "")
    return name if name in zone_names() else ""


def remember_zone(response: HttpResponseBase, name: str) -> None:
    """Keeps the choice for a year on this device; an empty name goes back to the company's zone."""
    if name:
        response.set_cookie(
            COOKIE, name, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")

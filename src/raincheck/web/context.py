"""What every template may use."""

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.utils import timezone

from raincheck.web.navigation import groups_for
from raincheck.web.today import company_today
from raincheck.web.zone import zone_of

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The person, the places they may see, the present instant, the company's day, the zone for times."""
    if not hasattr(request, "person"):
        return {"now": timezone.now()}
    console_request = cast("ConsoleRequest", request)
    person = console_request.person
    if person.user_id is None:
        return {"now": timezone.now()}
    groups = groups_for(person)
    places = [place for group in groups for place in group.places]
    return {
        "now": timezone.now(),
        "today": company_today(console_request),
        "person": person,
        "place_groups": groups,
        "phone_places": [place for place in places if place.on_phone],
        "current_place": next((place for place in places if place.holds(request.path)), None),
        "company": console_request.company,
        "zone_name": zone_of(console_request).key,
    }

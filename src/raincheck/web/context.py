"""What every template may use."""

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.utils import timezone

from raincheck.web.navigation import groups_for

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The person, the places they may see, the present instant and the zone in which times are shown."""
    if not hasattr(request, "person"):
        return {"now": timezone.now()}
    console_request = cast("ConsoleRequest", request)
    person = console_request.person
    groups = groups_for(person) if person.user_id is not None else []
    places = [place for group in groups for place in group.places]
    return {
        "now": timezone.now(),
        "person": person,
        "place_groups": groups,
        "phone_places": [place for place in places if place.on_phone],
        "current_place": next((place for place in places if place.holds(request.path)), None),
        "zone_name": str(console_request.zone),
    }

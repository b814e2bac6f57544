"""The company's colour as a style sheet: the content policy allows no style in a page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from raincheck.core.colour import is_colour, is_readable_on_white, lightened

YEAR_SECONDS = 365 * 24 * 3600


@require_safe
@cache_control(public=True, max_age=YEAR_SECONDS, immutable=True)
def brand(request: HttpRequest, colour: str) -> HttpResponse:  # noqa: ARG001 - it hangs on the address alone
    """One rule. The colour stands in the address, so that browsers may keep the sheet for ever."""
    value = f"#{colour.lower()}"
    if not is_colour(value) or not is_readable_on_white(value):
        raise Http404("no such colour")
    sheet = f":root{{--brand:{value};--brand-light:{lightened(value)}}}\n"
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")

"""Template tags and filters of the console. They are built in: no `load` needed.

A template gets `now` and `today` (the company's day) from the context processor `shell`; promises are days at the
company, so distances count from `today`, while times of day are shown in the reader's zone.
"""

from datetime import date, datetime
from typing import Any

from django.template import Context, Library
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from raincheck.web.icons import icon_svg
from raincheck.web.moments import day_text, distance_text, late_text, waited_text

register = Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "truck" %}`; with `label=` it speaks to screen readers."""
    return icon_svg(name, label, css)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, missing: str = "no date") -> SafeString:
    """A calendar day: `Thu 12 Mar`."""
    if value is None:
        return format_html('<span class="muted">{}</span>', missing)
    return format_html(
        '<time datetime="{}" title="{}" class="nowrap">{}</time>',
        value.isoformat(),
        f"{value:%A} {value.day} {value:%B %Y}",
        day_text(value, _today(context)),
    )


@register.simple_tag(takes_context=True)
def distance(context: Context, value: date | None) -> str:
    """How far off a day is: `in 3 days`. Nothing for no day."""
    return "" if value is None else distance_text(value, _today(context))


@register.simple_tag(takes_context=True)
def late(context: Context, value: date | None) -> str:
    """`2 days late` when the promised day has passed, else nothing."""
    return "" if value is None else late_text(value, _today(context))


@register.simple_tag(takes_context=True)
def instant(context: Context, value: datetime | None, missing: str = "never") -> SafeString:
    """An instant in the reader's zone: `Thu 12 Mar, 14:05`; the whole of it, zone included, on hovering."""
    if value is None:
        return format_html('<span class="muted">{}</span>', missing)
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}" class="nowrap">{}, {:%H:%M}</time>',
        value.isoformat(),
        f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S %Z}",
        day_text(local.date(), _today(context)),
        local,
    )


@register.simple_tag(takes_context=True)
def waited(context: Context, since_at: datetime) -> str:
    """How long something has waited until now: `3 days`."""
    return waited_text(since_at, context["now"])


@register.filter
def units(value: int) -> str:
    """`1 unit`, `12 units`, `1,200 units`."""
    return f"{value:,} unit" if abs(value) == 1 else f"{value:,} units"


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with some keys changed; an empty value leaves a key out."""
    asked = context["request"].GET.copy()
    for key, value in changes.items():
        asked.pop(key, None)
        if value not in (None, ""):
            asked[key] = str(value)
    return f"?{asked.urlencode()}"


def _today(context: Context) -> date:
    today: date = context["today"]
    return today

"""Template tags and filters of the console. They are built in: no `load` needed.

A template gets `now` and `today` (the company's day) from the context processor `shell`; promises are days at the
company, so distances count from `today`, while times of day are shown in the reader's zone.
"""

from collections.abc import Container, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template import Context, Library
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from raincheck.notices.amounts import money_text
from raincheck.store.reads.activity import FactView
from raincheck.store.reads.feedback import DAYS_LATE_WORDS
from raincheck.web.fact_words import FactWords
from raincheck.web.fact_words import fact_words as words_of_fact
from raincheck.web.icons import icon_svg
from raincheck.web.quantities import counted
from raincheck.web.words import (
    NOTICE_EVENTS,
    RULE_SOURCES,
    SETTINGS,
    SUPPLY_CLASSES,
    TIERS,
    UNIT_STATES,
    WHY_LOST,
    reason_words,
    setting_value_words,
    state_words,
)
from raincheck.words.feedback import CAUSES as FEEDBACK_CAUSES
from raincheck.words.languages import NATIVE_NAMES
from raincheck.words.law import REGIMES, event_sentence, supply_sentence
from raincheck.words.law import WHY as LAW_WHY
from raincheck.words.moments import day_text, distance_text, late_text, waited_text

register = Library()


@register.simple_tag
def mail_is_set_up() -> bool:
    """Whether this installation can send mail to its own people."""
    return bool(settings.EMAIL_HOST)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "truck" %}`; with `label=` it speaks to screen readers."""
    return icon_svg(name, label, css)


@register.filter
def iso_day(text: str) -> date:
    """The day that a document writes as `2026-03-12`."""
    return date.fromisoformat(text)


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
    return _time(local, f"{day_text(local.date(), _today(context))}, {local:%H:%M}")


@register.simple_tag(takes_context=True)
def deadline(context: Context, value: datetime) -> SafeString:
    """By when something is to be done: an instant, but for midnight the end of the day before, as people say it."""
    local = timezone.localtime(value)
    if local.time() != time():
        return instant(context, value)
    return _time(local, f"the end of {day_text(local.date() - timedelta(days=1), _today(context))}")


def _time(local: datetime, words: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}" class="nowrap">{}</time>',
        local.isoformat(),
        f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S %Z}",
        words,
    )


@register.simple_tag(takes_context=True)
def waited(context: Context, since_at: datetime) -> str:
    """How long something has waited until now: `3 days`."""
    return waited_text(since_at, context["now"])


@register.filter
def units(value: int) -> str:
    """`1 unit`, `12 units`, `1,200 units`."""
    return counted(value, "unit")


@register.filter
def reason(value: str) -> str:
    """A reason code in words."""
    return reason_words(value)


@register.filter
def language(code: str) -> str:
    """What a language calls itself."""
    return NATIVE_NAMES[code]


@register.filter
def tier(value: str) -> str:
    """A customer's tier in words."""
    return TIERS[value]


@register.simple_tag
def chip(kind: str, state: str) -> SafeString:
    """A state as a coloured word: `{% chip "order" order.state %}`."""
    word, tone = state_words(kind, state)
    return format_html('<span class="chip {}">{}</span>', tone, word)


@register.simple_tag
def unit_bar(line: Any, css: str = "") -> SafeString:
    """Where a line's units stand, as a bar that says the same in words to screen readers.

    `line` has the attributes shipped, reserved, backordered, preordered, cancelled, refused.
    """
    counts = [(state, word, int(getattr(line, state))) for state, word in UNIT_STATES]
    total = sum(count for _, _, count in counts) or 1
    spoken = ", ".join(f"{count} {word}" for _, word, count in counts if count) or "no units"
    parts: list[tuple[str, str, str]] = []
    before = 0
    for state, _, count in counts:
        if count:
            parts.append((f"{100 * before / total:.2f}", f"{100 * count / total:.2f}", state))
            before += count
    shapes = format_html_join("", '<rect x="{}%" width="{}%" height="100%" class="fill-{}"/>', parts)
    return format_html('<svg class="unit-bar {}" role="img" aria-label="{}">{}</svg>', css, spoken, shapes)


@register.simple_tag
def unit_words(line: Any) -> SafeString:
    """The same in words with a coloured dot each."""
    counts = [(state, getattr(line, state), word) for state, word in UNIT_STATES if getattr(line, state)]
    return format_html(
        '<span class="unit-words">{}</span>',
        format_html_join("", '<span><i class="dot-{}" aria-hidden="true"></i>{} {}</span>', counts),
    )


@register.simple_tag
def share_bar(part: int, whole: int, css: str = "fill-backordered") -> SafeString:
    """A plain bar: `part` of `whole`. Decoration beside a number that says the same."""
    share = 100 * part / whole if whole else 0
    return format_html(
        '<svg class="unit-bar thin" aria-hidden="true"><rect width="{}%" height="100%" class="{}"/></svg>',
        f"{share:.2f}",
        css,
    )


@register.filter
def money(value: Decimal, currency: str) -> str:
    """An amount with its currency, in the reader's notation."""
    return money_text(value, currency)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with some keys changed; an empty value leaves a key out."""
    asked = context["request"].GET.copy()
    for key, value in changes.items():
        asked.pop(key, None)
        if value not in (None, ""):
            asked[key] = str(value)
    return f"?{asked.urlencode()}"


@register.filter
def feedback_cause(key: str) -> str:
    """A cause of feedback in words."""
    return FEEDBACK_CAUSES.get(key, key)


@register.filter
def days_late_words(key: str) -> str:
    """How late something came, in words."""
    return DAYS_LATE_WORDS.get(key, key)


@register.filter
def regime(code: str) -> str:
    """The name of a law."""
    return REGIMES.get(code, code)


@register.filter
def clock_said(event: Mapping[str, Any]) -> str:
    """An entry of a clock's record in words, with the supply behind the day that it names."""
    detail = event["detail"]
    return f"{event_sentence(event['what'], detail)} {supply_sentence(detail.get('supply') or ())}".strip()


@register.filter
def amount(movement: Mapping[str, Any]) -> str:
    """Money of a record, whose amounts are text, in its currency's decimals."""
    return money_text(Decimal(movement["amount"]), movement["currency"])


@register.filter
def law_why(rule: str) -> str:
    """Why a right to a refund arose, in words."""
    return "the customer withdrew" if rule == "withdrawal" else LAW_WHY.get(rule, "its time ran out")


@register.simple_tag
def every_feedback_cause() -> Mapping[str, str]:
    """The causes that feedback can name, with their words."""
    return FEEDBACK_CAUSES


def _today(context: Context) -> date:
    today: date = context["today"]
    return today


@register.filter
def contains(values: Container[str], value: str) -> bool:
    """Whether a collection holds a value: `person.permissions|contains:"order.cancel"`."""
    return value in values


@register.filter
def setting_words(name: str) -> str:
    """A setting's name in words."""
    return SETTINGS.get(name, name.replace("_", " "))


@register.filter
def setting_value(value: object) -> str:
    """A setting's value in words."""
    return setting_value_words(value)


@register.filter
def supply_class(name: str) -> str:
    """A class of supply in words."""
    return SUPPLY_CLASSES[name]


@register.filter
def why_lost(code: str) -> str:
    """Why a rule lost to another, in words."""
    return WHY_LOST.get(code, code)


@register.filter
def rule_source(source: str) -> str:
    """Where a setting came from: `rule 7` stays, the rest gets its word."""
    return RULE_SOURCES.get(source, source)


@register.filter
def fact_words(fact: FactView) -> FactWords:
    """What was done, in words."""
    return words_of_fact(fact)


@register.filter
def event(code: str) -> str:
    """What a message is about."""
    return NOTICE_EVENTS.get(code, code.replace("_", " "))

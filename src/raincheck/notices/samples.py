"""Notices that stand for all there are: words are tried on them before they are saved.

With a day and without, one product and two, with a page and without, every answer that a law knows, long names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from raincheck.notices.wording import WITHOUT_ORDER
from raincheck.store.carriers import TRACKED_EVENTS, TrackedParcel
from raincheck.store.outbox_read import LineNow, NoticeFacts, SaidLine, Sender

TODAY: Final = date(2026, 3, 2)
_DAY, _LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=24)
_LAMP, _STOVE = "Camp lamp Ember", "Stove with two burners, folding, with wind shield and carrying bag"
PAGE: Final = "https://shop.example.com/my/a1b2c.d3.e4f5.6gT7hUj8kLm9nOpQr0sTuVwXyZ1234567890abcde"
_UPS: Final = TrackedParcel(1, "UPS", "1Z999AA10123456784", "https://www.ups.com/track?tracknum=1Z999AA10123456784")
_BIKE: Final = TrackedParcel(2, "City bikes", "4711", "")
_OPTIONS: Final = ("option_notice", "renewed_option_notice")
_MONEY: Final = ("charged", "refunded")


def samples(event: str, language: str) -> Iterator[NoticeFacts]:
    """Notices of an event in a language. Raises nothing: an event that is not known gets the plain ones."""
    if event in WITHOUT_ORDER:
        yield replace(_notice(event, language), order_ref="", said=(SaidLine(name=_STOVE, units=1),), order=())
        return
    for said in _said(event):
        yield _notice(event, language, said)
        yield replace(_notice(event, language, said), page_url="", preferences_url="", customer_name="", charge="order")
    said = next(iter(_said(event)))
    if event in TRACKED_EVENTS:
        yield replace(_notice(event, language, said), tracked=(_UPS,), arrives_on=_DAY)
        yield replace(_notice(event, language, said), tracked=(_UPS, _BIKE), parcels=2)
    yield replace(_notice(event, language, said), charge="by_line", by_law=True, parcels=2, arrives_on=_DAY)
    yield replace(
        _notice(event, language, said),
        by_customer=True,
        until_on=_LATER,
        due_on=_LATER,
        ship_to=("Ann Lee", "1 Hill Rd"),
    )


def _said(event: str) -> Iterator[tuple[SaidLine, ...]]:
    if event in _MONEY:
        yield (SaidLine(amount=Decimal("80.0000"), currency="EUR"),)
        yield tuple(SaidLine(amount=Decimal(amount), currency="EUR") for amount in ("80", "40.5"))
        return
    if event in _OPTIONS:
        yield from _options(event)
        return
    if event == "answer_received":
        agreed = SaidLine("LAMP", _LAMP, 3, by_on=_LATER)
        yield (agreed,)
        yield (agreed, SaidLine("STOVE", _STOVE, 1))
        yield (SaidLine("STOVE", _STOVE, 1),)
        return
    lamp = SaidLine("LAMP", _LAMP, 3, 1, 2, 0, _LATER, _DAY, Decimal(40), why="Lantern Moss", by_on=_LATER)
    stove = SaidLine("STOVE", _STOVE, 1, 0, 0, 1, None, _DAY, Decimal("89.50"), why="Lantern Moss")
    yield (lamp,)
    yield (replace(lamp, units=1, on=None, was_on=None, by_on=None, reserved_units=0, waiting_units=1),)
    yield (lamp, stove)
    if event in ("date_expected", "brought_forward"):
        yield (replace(lamp, stage="answer_needed", ships_on=_LATER, by_on=_DAY),)
    if event in ("payment_failed", "address_changed", "link_sent"):
        yield ()


def _options(event: str) -> Iterator[tuple[SaidLine, ...]]:
    """Every stage of the consent that silence can lead to."""
    lamp = SaidLine("LAMP", _LAMP, 3, on=_LATER, was_on=_DAY, ships_on=_LATER, by_on=_LATER)
    nowhere = SaidLine("STOVE", _STOVE, 1, was_on=_DAY, by_on=_DAY, stage="answer_needed", why="no_date")
    yield (replace(lamp, stage="silence_consents"),)
    yield (replace(lamp, stage="answer_needed"),)
    yield (replace(nowhere, was_on=None),)
    yield (replace(lamp, stage="silence_consents", further_on=_LATER + timedelta(days=30)), nowhere)
    yield (replace(lamp, stage="consented"),)
    if event == "option_notice":
        yield (replace(lamp, stage="passed", ships_on=None),)
        yield (replace(lamp, stage="passed", ships_on=None, on_the_way=True),)


def _tracked(event: str) -> tuple[TrackedParcel, ...]:
    return (_UPS,) if event == "tracking_changed" else ()


def _notice(event: str, language: str, said: tuple[SaidLine, ...] = ()) -> NoticeFacts:
    lines: Mapping[str, SaidLine] = {line.sku: line for line in said if line.sku}
    order = tuple(
        LineNow(
            line.sku, line.name, line.units + 1, line.units, 0, 0, 0, 1, Decimal(40), line.on, "up_to:2", Decimal("0.9")
        )
        for line in lines.values()
    ) or (LineNow("LAMP", _LAMP, 3, 2, 0, 0, 0, 1, Decimal(40), None, "complete"),)
    return NoticeFacts(
        id=1,
        at=datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC),
        today=TODAY,
        event=event,
        address="ann@example.com",
        attempts=0,
        order_ref="SO-2026-104217",
        ordered_on=TODAY - timedelta(days=3),
        charge="shipment",
        customer_name="Ann Lee",
        customer_country={"de": "DE", "es": "ES"}.get(language, "US"),
        company_name="Field & Hearth Outfitters",
        currency="EUR",
        said=said,
        parcels=1,
        arrives_on=None,
        by_customer=False,
        by_law=False,
        order=order,
        language=language,
        page_url=PAGE,
        preferences_url=f"{PAGE}/preferences",
        tracked=_tracked(event),
        sender=Sender("hello@example.com", "+1 555 0100", "1 Hill Road\nSpringfield"),
    )

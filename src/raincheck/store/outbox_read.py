"""What a message needs to be put into words: the notice, its order as it stands now, and the company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from raincheck.core.settings import DEFAULT_BRAND_COLOUR, Settings
from raincheck.store.carriers import TRACKED_EVENTS, TrackedParcel, parcels_of, tracked
from raincheck.store.company import parsed_settings
from raincheck.store.customer_language import language_for
from raincheck.store.db import row
from raincheck.store.message_templates import OwnWords, words_in_force
from raincheck.store.order_links import path_of, public_url
from raincheck.store.ship_to import read_address

UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line of what happened, as the notice recorded it. What an event says nothing of is 0 or None."""

    sku: str = ""
    name: str = ""
    units: int = 0
    reserved_units: int = 0
    waiting_units: int = 0
    refused_units: int = 0
    on: date | None = None
    was_on: date | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    ships_on: date | None = None
    by_on: date | None = None
    stage: str = ""
    why: str = ""
    on_the_way: bool = False
    further_on: date | None = None
    seller: str = ""


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line of the order as it stands when the message is written.

    `confidence`: how often dates made like this line's are kept, 0 to 1; None where that is not on record. Of its open
    units `stopping_units` are on the floor and being stopped, because a cancel asks for it.
    """

    sku: str
    name: str
    ordered_units: int
    open_units: int
    preordered_units: int
    refused_units: int
    cancelled_units: int
    shipped_units: int
    unit_price: Decimal
    promise_on: date | None
    ship: str
    confidence: Decimal | None = None
    stopping_units: int = 0

    @property
    def ships_complete(self) -> bool:
        """Whether it leaves with its whole group or not at all."""
        return self.ship == "complete"


@dataclass(frozen=True, slots=True)
class Sender:
    """What a message shows of the company beside its name. Empty where the company said nothing."""

    email: str = ""
    phone: str = ""
    postal_address: str = ""
    brand_colour: str = DEFAULT_BRAND_COLOUR


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Everything that a message can speak of. `today` is the day at the instant of the event in the company's `zone`.

    `page_url` is the customer's own page of the order, empty where there is none. `words` are the company's own, which
    stand in for the shipped ones. `detail` is what the event recorded, for what only one event speaks of. `tracked` are
    the parcels of the message that can be followed, as that stands now.
    """

    id: int
    at: datetime
    today: date
    event: str
    address: str
    attempts: int
    order_ref: str
    ordered_on: date
    charge: str
    customer_name: str
    customer_country: str
    company_name: str
    currency: str
    said: tuple[SaidLine, ...]
    parcels: int
    arrives_on: date | None
    by_customer: bool
    by_law: bool
    order: tuple[LineNow, ...]
    language: str = "en"
    page_url: str = ""
    preferences_url: str = ""
    ship_to: tuple[str, ...] = ()
    until_on: date | None = None
    due_on: date | None = None
    zone: ZoneInfo = UTC
    sender: Sender = Sender()
    words: tuple[OwnWords, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    tracked: tuple[TrackedParcel, ...] = ()


SHARED_WORDS: Final = ("shared", "digest")
"""What all messages of a language have in common, and the frame of several in one: worded like events."""

_FACTS: Final = """
    SELECT n.id, n.at, n.event, n.address, n.attempts, n.detail::text, o.ref, o.placed_at, o.charge,
           coalesce(c.name, ''), coalesce(nullif(o.country, ''), c.country, ''),
           coalesce((SELECT language FROM customer_preference w WHERE w.customer_id = n.customer_id), ''),
           coalesce((SELECT name FROM company WHERE id = 1), 'My company'),
           (SELECT settings::text FROM company WHERE id = 1), o.id, o.link_generation,
           (SELECT jsonb_agg(jsonb_build_array(p.sku, p.name, l.ordered, l.reserved + l.backordered + l.preordered,
                                               l.preordered, l.refused, l.cancelled, l.shipped, l.unit_price::text,
                                               l.promise_on, l.ship,
                                               (SELECT CASE WHEN bool_and(i.expected_on = i.dated_on
                                                                          AND i.confidence IS NOT NULL)
                                                       THEN min(i.confidence)::text END
                                                FROM peg g LEFT JOIN inbound_line i ON i.id = g.inbound_line_id
                                                WHERE g.line_id = l.id AND g.kind <> 'stock'),
                                               l.cancel_requested_units) ORDER BY l.id)::text
            FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = o.id)
    FROM notice n JOIN sales_order o ON o.id = n.order_id LEFT JOIN customer c ON c.id = n.customer_id
    WHERE {which}"""

_ONE: Final = _FACTS.format(which="n.id = %s")


def notice_facts(notice: int) -> NoticeFacts | None:
    """Any message, with its order as it stands now."""
    found = row(_ONE, [notice])
    return _facts(found) if found else None


def _facts(found: Sequence[Any]) -> NoticeFacts:
    id_, at, event, address, attempts, detail_text, ref, placed_at, charge, name, country, *more = found
    preferred, company, settings_text, order_id, link_generation, lines_text = more
    settings = parsed_settings(settings_text or "{}")
    language = language_for(preferred, country, settings.language)
    page_url = _page_url(order_id, link_generation, at)
    zone = ZoneInfo(settings.timezone)
    detail = orjson.loads(detail_text)
    order = tuple(_line_now(line) for line in orjson.loads(lines_text or "[]"))
    names = {line.sku: line.name for line in order}
    said = tuple(_said(line, names) for line in detail.get("lines", []))
    parcels = parcels_of(detail.get("lines", []))
    return NoticeFacts(
        id=id_,
        at=at,
        today=at.astimezone(zone).date(),
        event=event,
        address=address,
        attempts=attempts,
        order_ref=ref,
        ordered_on=placed_at.astimezone(zone).date(),
        charge=charge,
        customer_name=name,
        customer_country=country,
        company_name=company,
        currency=settings.currency,
        said=said,
        parcels=len(parcels) or 1,
        arrives_on=_day(detail.get("arrives_on")),
        by_customer=detail.get("by") == "customer",
        by_law=detail.get("by") == "law",
        order=order,
        language=language,
        page_url=page_url,
        preferences_url=f"{page_url}/preferences" if page_url else "",
        ship_to=_ship_to(order_id) if event == "address_changed" else (),
        until_on=_day(detail.get("until_on")),
        due_on=_day(detail.get("due_on")),
        zone=zone,
        sender=sender_of(settings),
        words=words_in_force((event, *SHARED_WORDS), language),
        detail=detail,
        tracked=tracked(parcels) if event in TRACKED_EVENTS else (),
    )


def _page_url(order: int, link_generation: int, at: datetime) -> str:
    base = public_url()
    return base + path_of(order, link_generation, at) if base else ""


def _ship_to(order: int) -> tuple[str, ...]:
    address = read_address(order)
    town = f"{address.postcode} {address.city}".strip()
    lines = (address.name, address.street, address.street_2, town, address.region, address.country)
    return tuple(filter(None, lines))


def sender_of(settings: Settings) -> Sender:
    """What messages show of a company with these settings."""
    return Sender(settings.contact_email, settings.contact_phone, settings.postal_address, settings.brand_colour)


def _line_now(line: list[Any]) -> LineNow:
    sku, name, ordered, open_units, preordered, refused, cancelled, shipped, unit_price, promise_on, *terms = line
    ship, confidence, stopping = terms
    return LineNow(
        sku=sku,
        name=name or sku,
        ordered_units=ordered,
        open_units=open_units,
        preordered_units=preordered,
        refused_units=refused,
        cancelled_units=cancelled,
        shipped_units=shipped,
        unit_price=Decimal(unit_price),
        promise_on=_day(promise_on),
        ship=ship,
        confidence=_decimal(confidence),
        stopping_units=stopping,
    )


def _said(line: dict[str, Any], names: dict[str, str]) -> SaidLine:
    sku = line.get("sku", "")
    return SaidLine(
        sku=sku,
        name=line.get("name") or names.get(sku) or sku,
        units=line.get("units", 0),
        reserved_units=line.get("reserved", 0),
        waiting_units=line.get("waiting", 0),
        refused_units=line.get("refused", 0),
        on=_day(line.get("on")),
        was_on=_day(line.get("was_on")),
        unit_price=_decimal(line.get("unit_price")),
        amount=_decimal(line.get("amount")),
        currency=line.get("currency", ""),
        ships_on=_day(line.get("ships_on")),
        by_on=_day(line.get("by_on")),
        stage=line.get("stage", ""),
        why=line.get("why", ""),
        on_the_way=line.get("on_the_way", False),
        further_on=_day(line.get("further_on")),
        seller=line.get("seller", ""),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None

"""A drill as a story: instant by instant, what was done and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from raincheck.drill.document import Document
from raincheck.drill.scenario import Scenario
from raincheck.drill.wording import (
    date_sentence,
    event_sentence,
    notice_sentence,
    parcel_sentence,
    payment_sentence,
    refusal_sentence,
)
from raincheck.store.reads.outcome import OutcomeDate


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that came of it. ``kind``: shipment, notice, date, payment or refused."""

    kind: str
    sentence: str


@dataclass(slots=True)
class Moment:
    """One instant, in the company's time. Without ``events`` something fell due by itself."""

    at: datetime
    events: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


_SOURCES: tuple[tuple[str, str, Callable[[Mapping[str, Any]], str]], ...] = (
    ("refused_events", "refused", refusal_sentence),
    ("shipments", "shipment", parcel_sentence),
    ("payments", "payment", payment_sentence),
    ("notices", "notice", notice_sentence),
)


def timeline(scenario: Scenario, document: Document, dates_told: Sequence[OutcomeDate]) -> list[Moment]:
    """Every instant at which something was done or came about, in order."""
    zone = ZoneInfo(scenario.settings.timezone)
    moments: dict[datetime, Moment] = {}

    def moment(at: datetime) -> Moment:
        return moments.setdefault(at, Moment(at.astimezone(zone)))

    for event in scenario.events:
        moment(event.at.replace(microsecond=0)).events.append(event_sentence(event))
    for part, kind, sentence in _SOURCES:
        for printed in document[part]:
            at = datetime.fromisoformat(printed["at"])
            moment(at).effects.append(Effect(kind, sentence(printed)))
    for told in dates_told:
        moment(told.at).effects.append(Effect("date", date_sentence(told.order_ref, told.sku, told.told_on)))
    return [moments[at] for at in sorted(moments)]

"""Why each line of an order is where it is: rule, peg, date, who is ahead (contract: `raincheck explain`)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from raincheck.store.company import read_settings
from raincheck.store.reads.order import LineView, OneAhead, OrderView, order_view, who_is_ahead
from raincheck.store.reads.order_history import order_history
from raincheck.store.reads.reasons import given_words
from raincheck.store.reads.remedies import what_would_change
from raincheck.store.reads.sentences import line_sentence


@dataclass(frozen=True, slots=True)
class PieceExplained:
    """Units of a line that are tied to one source. `on` is the day on which they ship, None without a date.

    `part` is the part of a kit that they are; `given` says who gave them, where the queue did not.
    """

    units: int
    kind: str
    source: str
    on: date | None
    part: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class DateTold:
    """A date that was told in place of another, and why."""

    at: str
    previous_on: date | None
    told_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class LineExplained:
    """One line: in a sentence for the telephone, and in full for a planner.

    `orders_ahead` and `units_ahead` stand before it in its product's queue. `policy` says for each setting which rule
    won, as of placing, and which lost. `ahead` names the first of them; `would_change` says what would bring it sooner.
    """

    sku: str
    sentence: str
    reason: str
    first_promise_on: date | None
    promise_on: date | None
    expected_on: date | None
    orders_ahead: int
    units_ahead: int
    pieces: list[PieceExplained]
    told: list[DateTold]
    policy: dict[str, Any]
    ahead: list[OneAhead] = field(default_factory=list)
    would_change: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OrderExplained:
    """The explanation of an order."""

    ref: str
    state: str
    lines: list[LineExplained]


def explain(ref: str, today: date, sku: str | None = None) -> OrderExplained | None:
    """Explains an order, or one line of it; None if there is no such order."""
    order = order_view(ref)
    if order is None:
        return None
    told: dict[str, list[DateTold]] = {}
    for change in order_history(order.id, order.ref).told:
        entry = DateTold(change.at.isoformat(), change.previous_on, change.told_on, change.reason)
        told.setdefault(change.sku, []).append(entry)
    zone = read_settings().calendar.zone
    lines = [_line(order, line, told.get(line.sku, []), today, zone) for line in order.lines if sku in (None, line.sku)]
    return OrderExplained(order.ref, order.state, lines)


def _line(order: OrderView, line: LineView, told: list[DateTold], today: date, zone: ZoneInfo) -> LineExplained:
    return LineExplained(
        sku=line.sku,
        sentence=line_sentence(order, line, today, zone),
        reason=line.reason,
        first_promise_on=line.first_promise_on,
        promise_on=line.promise_on,
        expected_on=line.expected_on,
        orders_ahead=line.ahead.claims if line.ahead else 0,
        units_ahead=line.ahead.units if line.ahead else 0,
        pieces=[
            PieceExplained(peg.units, peg.kind, peg.source, peg.ships_on, peg.part, given_words(peg, today, zone))
            for peg in line.pegs
        ],
        told=told,
        policy=line.policy,
        ahead=who_is_ahead(line.id) if line.ahead is not None and line.ahead.claims else [],
        would_change=what_would_change(order, line),
    )

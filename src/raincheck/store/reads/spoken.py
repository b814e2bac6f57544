"""What one can read out to a customer about their order: without references of ours, without a planner's words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from raincheck.core.calendar import Road
from raincheck.core.reason import Reason
from raincheck.store.reads.named import named_rows
from raincheck.store.reads.order import LinePeg, LineView, OrderView
from raincheck.store.reads.reasons import why_refused, why_stock_stays
from raincheck.words.moments import day_text, distance_text

FEW: Final = 3
"""Fewer deliveries tell nothing."""
CERTAIN: Final = "on the shelf"
CONFIRMED: Final = "confirmed"
OFTEN_LATE: Final = "confirmed, often late"
ESTIMATED: Final = "an estimate"
UNKNOWN: Final = "not known"


@dataclass(frozen=True, slots=True)
class Record:
    """How a supplier kept its dates: `on_time` of so many `deliveries` on record."""

    ref: str
    supplier: str
    deliveries: int
    on_time: int

    @property
    def is_poor(self) -> bool:
        """Whether fewer than half of a few deliveries were on time."""
        return self.deliveries >= FEW and 2 * self.on_time < self.deliveries


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line in words for the customer. `sure` is how sure its last day is, `because` why."""

    text: str
    sure: str
    because: str


def spoken_order(order: OrderView, today: date, zone: ZoneInfo) -> str:
    """The whole order in one sentence: what is the matter with it, and by when it is over."""
    placed = f"The order of {day_text(order.placed_at.astimezone(zone).date(), today)}"
    open_lines = [line for line in order.lines if line.to_send_units]
    if not open_lines:
        return f"{placed} {_ended(order)}."
    if order.state == "held":
        return f"{placed} is on hold: nothing leaves until we release it."
    if order.declined_at is not None:
        return f"{placed} waits for its payment: the card was declined."
    waiting = [line for line in open_lines if line.waiting_units]
    if not waiting:
        return f"{placed} is complete here and about to leave."
    names = (
        _joined([line.name or line.sku for line in waiting]) if len(waiting) <= _MOST_NAMED else f"{len(waiting)} items"
    )
    last = [line.expected_on for line in waiting]
    days = [day for day in last if day is not None]
    if len(days) < len(last):
        return f"{placed} waits for {names}, and for some of it there is no day yet."
    what = "all that we could take" if any(line.refused for line in order.lines) else "all of it"
    return f"{placed} waits for {names}; {what} should be with you by {_when(max(days), today)}."


def spoken_lines(order: OrderView, road: Road, today: date, zone: ZoneInfo) -> dict[int, Spoken]:
    """Each line in words for the customer, by line. One statement for the suppliers' records."""
    refs = sorted({peg.source for line in order.lines for peg in line.pegs if peg.kind == "inbound"})
    records = {record.ref: record for record in _records(refs)} if refs else {}
    return {line.id: _line(order, line, road, today, zone, records) for line in order.lines}


def _line(
    order: OrderView, line: LineView, road: Road, today: date, zone: ZoneInfo, records: dict[str, Record]
) -> Spoken:
    pieces = [*_gone(order, line, today, zone), *_here(order, line), *_coming(line, road, today), *_refused(line)]
    text = f"{line.name or line.sku}: {'; '.join(pieces) or 'nothing is open'}."
    if promise := _promise(line, today):
        text += f" {promise}"
    return Spoken(text, *_sureness(line, records))


def _gone(order: OrderView, line: LineView, today: date, zone: ZoneInfo) -> list[str]:
    if not line.shipped:
        return []
    days = sorted(
        {
            parcel.shipped_at.astimezone(zone).date()
            for parcel in order.parcels
            if parcel.shipped_at is not None and any(content.sku == line.sku for content in parcel.lines)
        }
    )
    on = f" on {_joined([day_text(day, today) for day in days])}" if days else ""
    return [f"{_units(line, line.shipped)} {_verb(line.shipped, 'was', 'were')} sent{on}"]


def _here(order: OrderView, line: LineView) -> list[str]:
    pieces = []
    stopping = line.cancel_requested_units
    here = line.reserved - stopping
    if here:
        stays = _STAYS.get(why_stock_stays(order, line), "about to leave")
        on_floor = sum(peg.units for peg in line.pegs if peg.shipment_id is not None) - stopping
        if on_floor == here:
            stays = "being packed"
        pieces.append(f"{_units(line, here)} {_verb(here, 'is', 'are')} here for you, {stays}")
    if stopping:
        pieces.append(f"{_units(line, stopping)} {_verb(stopping, 'is', 'are')} being cancelled")
    return pieces


def _coming(line: LineView, road: Road, today: date) -> list[str]:
    by_day: dict[date | None, int] = defaultdict(int)
    if any(peg.part for peg in line.pegs):
        by_day[line.expected_on] = line.waiting_units
    else:
        for peg in line.pegs:
            if peg.kind != "stock" or peg.is_preorder:
                by_day[_delivered(line, peg, road)] += peg.units
    pieces = []
    for on, units in sorted(by_day.items(), key=lambda one: one[0] or date.max):
        if not units:
            continue
        if on is None:
            pieces.append(f"for {_units(line, units)} nobody knows the day yet")
        else:
            pieces.append(f"{_units(line, units)} should reach you {_when(on, today)}")
    return pieces


def _delivered(line: LineView, peg: LinePeg, road: Road) -> date | None:
    """When a piece is at the customer; where the order leaves as a whole, when the last of it is."""
    if peg.ships_on is None:
        return None
    return line.expected_on if line.ship == "complete" else road.delivers_on(peg.ships_on)


def _refused(line: LineView) -> list[str]:
    pieces = []
    if line.cancelled:
        pieces.append(f"{_units(line, line.cancelled)} {_verb(line.cancelled, 'was', 'were')} cancelled")
    if line.refused:
        reason = why_refused(line)
        because = f" because {reason}" if reason else ""
        pieces.append(f"we could not take {_units(line, line.refused)}{because}")
    return pieces


def _promise(line: LineView, today: date) -> str:
    """What was said before, beside what holds now."""
    if not line.waiting_units:
        return ""
    if line.told_on is None or line.expected_on is None:
        lost = line.told_on or line.first_promise_on
        no_more = "that day no longer holds, and we are sorry"
        return f"We had told you {day_text(lost, today)}; {no_more}." if lost is not None else ""
    told = day_text(line.told_on, today)
    days = (line.expected_on - line.told_on).days
    if days > 0:
        return f"We had told you {told}; it is {_count(days, 'day')} later now, and we are sorry."
    if line.first_promise_on is not None and line.first_promise_on < line.told_on:
        first = day_text(line.first_promise_on, today)
        return f"At first we had told you {first}, then {told}; that stands, and we are sorry."
    return f"We told you {told}, and that stands."


def _sureness(line: LineView, records: dict[str, Record]) -> tuple[str, str]:
    """How sure the last day is: the least sure of its pieces speaks."""
    waiting = [peg for peg in line.pegs if peg.kind != "stock" or peg.is_preorder]
    if not line.to_send_units:
        return "", ""
    if not waiting:
        return CERTAIN, "It lies here."
    if any(peg.ships_on is None for peg in waiting):
        overdue = [peg.source for peg in waiting if peg.kind == "inbound" and peg.ships_on is None]
        return UNKNOWN, f"{overdue[0]} is overdue and has no new date." if overdue else "Nothing confirmed covers it."
    if any(peg.kind == "lead_time" for peg in waiting):
        return ESTIMATED, "It is not bought yet: the day is the supplier's usual time."
    sources = sorted({peg.source for peg in waiting if peg.kind == "inbound"})
    known = [records[source] for source in sources if source in records]
    sure = OFTEN_LATE if any(record.is_poor for record in known) else CONFIRMED
    return sure, " ".join(dict.fromkeys(map(_record, known))) or "It is confirmed and on its way."


def _record(record: Record) -> str:
    if not record.deliveries:
        return f"{record.supplier} has confirmed it; no delivery of theirs is on record yet."
    return f"{record.supplier} has confirmed it, and kept its day {record.on_time} of {record.deliveries} times."


def _records(refs: list[str]) -> list[Record]:
    return named_rows(
        Record,
        """SELECT i.ref, coalesce(nullif(s.name, ''), s.code) AS supplier, count(t.id) AS deliveries,
                  count(t.id) FILTER (WHERE t.lateness_days <= 0) AS on_time
           FROM inbound i JOIN supplier s ON s.id = i.supplier_id
           LEFT JOIN supplier_lateness t ON t.supplier_id = s.id
           WHERE i.kind = 'purchase' AND i.ref = ANY(%(refs)s) GROUP BY i.ref, s.name, s.code ORDER BY i.ref""",
        {"refs": refs},
    )


_MOST_NAMED: Final = 3
_STAYS: Final = {
    Reason.HELD.value: "on hold with the order",
    Reason.PAYMENT_FAILED.value: "to leave once it is paid",
    Reason.WAITS_FOR_ORDER.value: "to leave together with the rest",
    Reason.WAITS_FOR_SHIPMENT.value: "to leave with the next parcel",
    Reason.BELOW_MINIMUM_SHIPMENT.value: "to leave with what comes next",
    Reason.MERGING.value: "to leave with your other order",
    Reason.NOT_YET_WANTED.value: "to leave in time for the day you asked for",
}


def _ended(order: OrderView) -> str:
    if order.state == "refused":
        return "could not be taken"
    if any(line.cancel_requested_units for line in order.lines):
        return "is being cancelled: our floor stops what it has in hand"
    if order.state == "cancelled":
        return "is cancelled"
    if all(parcel.delivered_at is not None for parcel in order.parcels):
        return "has been delivered"
    return "is on its way to you"


def _when(day: date, today: date) -> str:
    return f"{day_text(day, today)} ({distance_text(day, today)})"


def _units(line: LineView, units: int) -> str:
    if line.ordered == 1:
        return "it"
    if units == line.ordered:
        return "both" if units == 2 else f"all {units:,}"
    return f"{units:,}"


def _verb(units: int, one: str, many: str) -> str:
    return one if units == 1 else many


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def _joined(pieces: list[str]) -> str:
    if len(pieces) <= 1:
        return "".join(pieces)
    return f"{', '.join(pieces[:-1])} and {pieces[-1]}"

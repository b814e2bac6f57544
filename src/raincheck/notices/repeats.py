"""What of several notices of one order is still worth saying when they are read together.

A customer who reads them at once never saw what happened in between: of a day that moved twice, only where it was
before and where it is now counts; a parcel that has arrived need not leave. Options that a law wants given stand as
they are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from raincheck.notices.said import merged
from raincheck.store.outbox_read import NoticeFacts, SaidLine

DATES: Final = ("backordered", "date_expected", "delayed", "brought_forward")
# Of these, one message with all that was said is as good as several.
_ADDED: Final = ("charged", "refunded", "shipped", "delivered", "tracking_changed")
# Of these, the last says all: the order as it stands.
_LAST: Final = ("order_changed", "payment_failed", "address_changed", "feedback_asked")


def without_repeats(notices: Sequence[NoticeFacts]) -> list[NoticeFacts]:
    """The notices that still have something to say, in the order given."""
    kept = _last_only(_added(_arrived(list(notices))))
    return _days_as_they_moved(kept)


def _arrived(notices: list[NoticeFacts]) -> list[NoticeFacts]:
    """Without parcels that left and have arrived since, and without numbers that stand with a parcel that left."""
    arrived = _shipments(facts for facts in notices if facts.event == "delivered")
    left = arrived | _shipments(facts for facts in notices if facts.event == "shipped")
    said = {"shipped": arrived, "tracking_changed": left}
    return [
        facts
        for facts in notices
        if facts.event not in said or not _shipments([facts]) or not said[facts.event].issuperset(_shipments([facts]))
    ]


def _shipments(notices: Iterable[NoticeFacts]) -> set[object]:
    return {line["shipment"] for facts in notices for line in facts.detail.get("lines", ()) if "shipment" in line}


def _added(notices: list[NoticeFacts]) -> list[NoticeFacts]:
    """Money and parcels of one kind together, where the last of them stood."""
    found: list[NoticeFacts] = []
    for facts in notices:
        earlier = [one for one in found if one.event == facts.event] if facts.event in _ADDED else []
        cancels = [one for one in found if one.event == facts.event == "cancelled" and _by(one) == _by(facts)]
        together = facts
        for one in earlier or cancels:
            found.remove(one)
            together = _both(one, together)
        found.append(together)
    return found


def _both(one: NoticeFacts, later: NoticeFacts) -> NoticeFacts:
    arrives_on = None
    if one.arrives_on is not None and later.arrives_on is not None:
        arrives_on = max(one.arrives_on, later.arrives_on)
    return replace(
        later,
        said=(*one.said, *later.said),
        parcels=one.parcels + later.parcels,
        arrives_on=arrives_on,
        tracked=(*one.tracked, *later.tracked),
    )


def _by(facts: NoticeFacts) -> tuple[bool, bool]:
    return facts.by_customer, facts.by_law


def _last_only(notices: list[NoticeFacts]) -> list[NoticeFacts]:
    last = {facts.event: facts.id for facts in notices}
    return [facts for facts in notices if facts.event not in _LAST or last[facts.event] == facts.id]


def _days_as_they_moved(notices: list[NoticeFacts]) -> list[NoticeFacts]:
    """Each product's days once: from the day told before all this to the last one, where its last notice stood.

    Nothing is said of days of products that are not open any more, that are back where they were, that the
    confirmation names in this very message, or that an option speaks of.
    """
    confirmed = {line.sku: line.on for facts in notices if facts.event == "order_confirmed" for line in facts.said}
    asked = {line.sku for facts in notices if facts.event.endswith("option_notice") for line in facts.said}
    open_units = Counter[str]()
    for line_now in notices[-1].order if notices else ():
        open_units[line_now.sku] += line_now.open_units
    first: dict[str, SaidLine] = {}
    last: dict[str, tuple[int, SaidLine]] = {}
    for facts in notices:
        for line in merged(facts.said) if facts.event in DATES else ():
            first.setdefault(line.sku, line)
            before = last.get(line.sku)
            last[line.sku] = facts.id, _both_days(before[1], line, open_units[line.sku]) if before else line
    told: list[NoticeFacts] = []
    for facts in notices:
        if facts.event not in DATES:
            told.append(facts)
            continue
        by_event: dict[str, list[SaidLine]] = {}
        for sku in dict.fromkeys(line.sku for line in facts.said):
            stands_at, line = last[sku]
            if stands_at != facts.id or sku in asked or not open_units[sku]:
                continue
            moved = replace(line, was_on=confirmed.get(sku, first[sku].was_on))
            if sku in confirmed and moved.on == moved.was_on:
                continue
            if event := _event(facts.event, moved):
                by_event.setdefault(event, []).append(moved)
        told.extend(replace(facts, event=event, said=tuple(lines)) for event, lines in by_event.items())
    return told


def _both_days(before: SaidLine, line: SaidLine, open_units: int) -> SaidLine:
    """A product's day that is told again, maybe of other or of fewer units: the later of two days counts."""
    units = min(before.units, open_units)
    if line.was_on != before.on:
        units = max(line.units, min(units + line.units, open_units))
    elif line.units >= units:
        return line
    later = max((before, line), key=lambda told: told.on or date.max)
    return replace(line, units=units, on=later.on)


def _event(event: str, line: SaidLine) -> str:
    """Which event a day's whole way is; empty for none."""
    if line.was_on is None:
        return event if event == "backordered" else "backordered" if line.on is None else "date_expected"
    if line.on == line.was_on:
        return ""
    return "delayed" if (line.on or date.max) > line.was_on else "brought_forward"

"""A notice's facts as the values that templates speak of: which products now, which days, how much of the order.

Ready-made sentences come from the language's shared words, and what a law wants said from its own; both are put into
words here, so that a template finds them finished.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from raincheck.core.policy import releases_allowed
from raincheck.notices.law_words import law_values, revised
from raincheck.notices.said import merged, stays, units_of
from raincheck.notices.values import Item, Offer, Order, Tracked, day_of, the_day
from raincheck.notices.voice import Voice, one_line, short
from raincheck.store.outbox_read import LineNow, NoticeFacts, SaidLine

NAME: Final = 200
Words = Mapping[str, str]
Render = Callable[[str, Mapping[str, Any]], str]
_PARCELS: Final = frozenset({"shipped", "delivered", "tracking_changed"})
_WITH_REST: Final = frozenset({"shipped", "delivered"})
_AS_SAID: Final = frozenset({"order_confirmed", "answer_received", "withdrawal_received"})


@dataclass(frozen=True, slots=True)
class Told:
    """All that one message is made of: the values, and its lists."""

    values: Mapping[str, Any]
    items: Sequence[Item] = ()
    rest: Sequence[Item] = ()
    total: str = ""


def told(facts: NoticeFacts, voice: Voice, phrases: Words, law: Words, render: Render) -> Told:
    """The values for a notice. `phrases` and `law` are templates too, put into words by `render`."""
    lines = _lines(facts, voice)
    values = _plain(facts, voice, lines)

    def say(phrase: str, **more: Any) -> str:
        return one_line(render(phrases[phrase], {**values, **more}))

    for phrase in ("money_back", "ways_out", "how_sure"):
        values[phrase] = say(phrase)
    values |= law_values(facts, voice, values, law, render)

    def finished(item: Item, line: SaidLine | None) -> Item:
        note = revised(line, voice, law, render) if line is not None else ""
        return replace(item, expected=say("expected", item=item), revised=note)

    items = [finished(item, line) for item, line in lines]
    rest = [finished(item, None) for item in _rest(facts, voice)]
    values |= {"items": tuple(items), "rest": tuple(rest)}
    return Told(values, items, rest if facts.event in _WITH_REST else (), str(values["total"]))


def _lines(facts: NoticeFacts, voice: Voice) -> list[tuple[Item, SaidLine | None]]:
    """What the message lists, each with what was said of it."""
    if facts.event == "order_changed":
        return [(_item_now(line, voice), None) for line in facts.order if stays(line) or line.refused_units]
    if facts.event in ("charged", "refunded", "payment_failed", "address_changed", "link_sent"):
        return []
    said = list(facts.said) if facts.event in _AS_SAID else merged(facts.said)
    if facts.event in ("substitute_offered", "answer_received"):
        days = {line.sku: line.promise_on for line in facts.order}
        return [(_item(line, voice, on=days.get(line.sku)), line) for line in said]
    return [(_item(line, voice, on=line.on), line) for line in said]


def _item(line: SaidLine, voice: Voice, on: date | None) -> Item:
    amount = (line.unit_price or Decimal(0)) * (line.units - line.refused_units)
    return Item(
        units=line.units,
        name=short(line.name, NAME),
        price=voice.money(amount) if amount else "",
        day=day_of(on, voice),
        was_day=day_of(line.was_on, voice),
        ready_units=line.reserved_units,
        waiting_units=line.waiting_units,
        refused_units=line.refused_units,
        until=day_of(line.by_on, voice),
    )


def _item_now(line: LineNow, voice: Voice) -> Item:
    amount = line.unit_price * stays(line)
    return Item(
        units=stays(line) + line.refused_units,
        name=short(line.name, NAME),
        price=voice.money(amount) if amount else "",
        day=day_of(line.promise_on, voice),
        waiting_units=line.open_units,
        refused_units=line.refused_units,
        sent_units=line.shipped_units,
    )


def _rest(facts: NoticeFacts, voice: Voice) -> Iterable[Item]:
    """What of the order has not left yet."""
    for line in facts.order:
        if line.open_units:
            yield Item(
                units=line.open_units,
                name=short(line.name, NAME),
                day=day_of(line.promise_on, voice),
                waiting_units=line.open_units,
            )


def _plain(facts: NoticeFacts, voice: Voice, lines: Sequence[tuple[Item, SaidLine | None]]) -> dict[str, Any]:
    """Every value that needs no words of ours."""
    items = [item for item, _ in lines]
    days = {item.day for item in items}
    day = days.pop() if len(days) == 1 else None
    waiting = sum(line.waiting_units for line in facts.said)
    kept = _kept(facts)
    tenth = kept / 10
    return {
        "event": facts.event,
        "company": one_line(facts.company_name),
        "customer": one_line(facts.customer_name),
        "order": _order(facts, voice),
        "item": items[0] if items else None,
        "units": units_of(facts.said) if facts.said else sum(item.units for item in items),
        "ready_units": sum(line.reserved_units for line in facts.said),
        "waiting_units": waiting,
        "refused_units": sum(line.refused_units for line in facts.said),
        "not_on_sale": waiting > 0 and waiting == sum(line.preordered_units for line in facts.order),
        "several": len({line.sku for line in facts.said}) > 1,
        "all_dated": all(item.day is not None for item in items),
        "scope": _scope(facts),
        "charge": facts.charge,
        "by": "customer" if facts.by_customer else "law" if facts.by_law else "seller",
        "amounts": tuple(_amounts(facts, voice)),
        "amount": _sum(facts, voice),
        "total": _total(facts, voice),
        "parcels": facts.parcels,
        "arrives": day_of(facts.arrives_on, voice),
        "until": day_of(facts.until_on, voice),
        "until_differs": len({line.by_on for line in facts.said}) > 1,
        "due": day_of(facts.due_on, voice),
        "time": voice.time(facts.at, facts.zone),
        "today": the_day(voice.today, voice),
        "day": day,
        "kept_of_hundred": int(kept),
        "kept_of_ten": int(tenth) if tenth == int(tenth) else 0,
        "page_url": facts.page_url,
        "contact": voice.joined([part for part in (facts.sender.email, facts.sender.phone) if part]),
        "address": tuple(one_line(line) for line in facts.ship_to),
        "tracking": tuple(tracked_parcels(facts)),
        "offer": _offer(facts, voice),
        "undated": all(line.was_on is None and line.ships_on is None for line in facts.said),
        "passed": any(line.stage == "passed" for line in facts.said),
    }


def _order(facts: NoticeFacts, voice: Voice) -> Order:
    allowed = {releases_allowed(line.ship) for line in facts.order}
    return Order(
        ref=one_line(facts.order_ref),
        day=the_day(facts.ordered_on, voice),
        open_units=sum(line.open_units for line in facts.order),
        stopping_units=sum(line.stopping_units for line in facts.order),
        is_together=any(line.ships_complete for line in facts.order),
        most_parcels=(allowed.pop() or 0) if len(allowed) == 1 else 0,
    )


def _offer(facts: NoticeFacts, voice: Voice) -> Offer | None:
    if facts.event != "substitute_offered" or not facts.said:
        return None
    line = facts.said[0]
    price = voice.money(line.unit_price) if line.unit_price else ""
    return Offer(short(line.why, NAME), line.units, price, day_of(line.on, voice), day_of(line.by_on, voice))


def tracked_parcels(facts: NoticeFacts) -> list[Tracked]:
    """The parcels that can be followed, each number once: two parcels of ours may be one of the carrier's."""
    found = [Tracked(one_line(parcel.carrier), parcel.number, parcel.url) for parcel in facts.tracked]
    return list(dict.fromkeys(found))


def _scope(facts: NoticeFacts) -> str:
    """Whether it is about the whole order, a part of it, or its rest."""
    units = units_of(facts.said)
    is_open = any(line.open_units for line in facts.order)
    if facts.event == "cancelled":
        return "part" if any(stays(line) for line in facts.order) else "all"
    if facts.event in _PARCELS:
        whole = units >= sum(stays(line) for line in facts.order)
        return "all" if whole else "part" if is_open else "rest"
    if facts.event == "backordered":
        return "all" if units >= sum(stays(line) for line in facts.order) else "part"
    if units < sum(line.open_units for line in facts.order):
        return "part"
    return "rest" if any(line.shipped_units for line in facts.order) else "all"


def _kept(facts: NoticeFacts) -> Decimal:
    """Of a hundred dates like those that are said, how many are kept; 0 unless that is on record for each."""
    dated = {line.sku for line in facts.said if line.on is not None}
    known = [line.confidence for line in facts.order if line.sku in dated and line.open_units]
    sure = [confidence for confidence in known if confidence is not None]
    return min(sure) * 100 if sure and len(sure) == len(known) else Decimal(0)


def _amounts(facts: NoticeFacts, voice: Voice) -> list[str]:
    return [voice.money(line.amount, line.currency) for line in facts.said if line.amount is not None]


def _sum(facts: NoticeFacts, voice: Voice) -> str:
    """All amounts together; those in different currencies side by side."""
    sums: dict[str, Decimal] = {}
    for line in facts.said:
        if line.amount is not None:
            sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.amount
    return voice.joined([voice.money(amount, currency) for currency, amount in sums.items()])


def _total(facts: NoticeFacts, voice: Voice) -> str:
    if facts.event == "order_confirmed":
        total = sum((line.unit_price or Decimal(0)) * (line.units - line.refused_units) for line in facts.said)
    elif facts.event == "order_changed":
        total = sum((line.unit_price * stays(line) for line in facts.order), Decimal(0))
    else:
        return ""
    return voice.money(Decimal(total)) if total else ""

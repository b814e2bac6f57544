"""What can be done for a customer who waits, the best first, each with its consequence in units, days and money.

Every remedy is measured alike. It brings so many **unit-days** (units times the days by which they come sooner; what
had no date counts from `Situation.undated_on`), costs the company **money**, and may cost other customers unit-days.

    worth = unit-days x price x waiting_percent x weight(tier)  -  money  -  what the others' unit-days are worth

`weight` is 2 for gold, 1.5 for silver, else 1. Remedies come in bands: first what blocks the order or was asked, then
what brings goods sooner and is worth it, then what somebody else has to be asked for, then what costs nothing and
changes no date, then what costs more than it brings, and at last giving up. Within a band the worthier comes first.
These are estimates from the facts given; what exactly follows is played before it is done (actions.try_out).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Final

from raincheck.core.money import rounded
from raincheck.core.situation import OpenLine, Situation


class Choice(StrEnum):
    """What can be done. The order is that of equals."""

    RELEASE = "release"
    RETRY_PAYMENT = "retry_payment"
    WAIT = "wait"
    SHIP_NOW = "ship_now"
    SUBSTITUTE = "substitute"
    MOVE_UNITS = "move_units"
    SHIP_TOGETHER = "ship_together"
    EXPEDITE = "expedite"
    GOODWILL = "goodwill"
    CALL_BACK = "call_back"
    SEND_LINK = "send_link"
    CHANGE_ADDRESS = "change_address"
    HOLD = "hold"
    CANCEL_LINE = "cancel_line"
    CANCEL_ORDER = "cancel_order"


class Band(IntEnum):
    """How pressing a remedy is, the most pressing first."""

    FIRST = 0
    HELPS = 1
    ASK = 2
    KEEP = 3
    COSTLY = 4
    GIVE_UP = 5


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that can be done.

    Of a line it names the `sku`; `other` is the product taken instead, the order that lends, or the purchase order.
    `unit_days` are saved (negative: lost) by this customer, `others_unit_days` lost by others. `days` is by how many
    days the last of its units comes sooner, None where it had no date. `cost` is the company's money (lost margin
    included; negative: saved), `refund` what the customer gets back; `freed` units go to whoever is next.
    """

    choice: Choice
    band: Band
    sku: str = ""
    name: str = ""
    other: str = ""
    units: int = 0
    days: int | None = None
    comes_on: date | None = None
    unit_days: int = 0
    others_unit_days: int = 0
    cost: Decimal = Decimal(0)
    refund: Decimal = Decimal(0)
    freed: int = 0
    worth: Decimal = Decimal(0)
    answer_by: date | None = None

    @property
    def key(self) -> str:
        """Names it among the remedies of one order."""
        return f"{self.choice.value}|{self.sku}|{self.other}"


_WEIGHTS: Final = {"gold": Decimal(2), "silver": Decimal("1.5")}
_CHOICES: Final = tuple(Choice)
MOST_LENDERS: Final = 3
MOST_INSTEAD: Final = 3


def remedies(situation: Situation) -> tuple[Remedy, ...]:
    """All that can be done now, the best first."""
    if not situation.open_units:
        return (*_goodwill(situation), Remedy(Choice.CALL_BACK, Band.KEEP))
    found = [*_blocked(situation), *_for_order(situation), *_goodwill(situation)]
    for line in situation.lines:
        if line.open_units:
            found += _for_line(situation, line)
    found += _always(situation)
    return tuple(sorted(found, key=lambda one: (one.band, -one.worth, _CHOICES.index(one.choice), one.sku, one.other)))


def day_worth(situation: Situation, line: OpenLine, tier: str | None = None) -> Decimal:
    """What a unit of a line gains a day, in the company's currency."""
    weight = _WEIGHTS.get(situation.tier if tier is None else tier, Decimal(1))
    return line.price * situation.rates.waiting_percent / 100 * weight


def goodwill_of(situation: Situation) -> Decimal:
    """What a broken promise suggests to give back: what the days of lateness are worth, at most what is paid.

    Days that nobody knows yet are not paid for beforehand. Never more than the margin of the late units where the cost
    is known. In whole coins; 0 where nothing is late.
    """
    owed = Decimal(0)
    for line in situation.lines:
        late = situation.known_late_days(line) * line.waiting_units * day_worth(situation, line)
        margin = line.price if line.cost is None else max(Decimal(0), line.price - line.cost)
        owed += min(late, margin * line.waiting_units)
    return rounded(min(owed, situation.paid), situation.rates.decimals)


def _blocked(situation: Situation) -> Iterator[Remedy]:
    """What nothing leaves without, and what the customer was asked."""
    here = sum(line.kept_back + line.moving for line in situation.lines)
    if situation.state == "held":
        yield Remedy(Choice.RELEASE, Band.FIRST, units=here)
    if situation.is_unpaid:
        yield Remedy(Choice.RETRY_PAYMENT, Band.FIRST, units=here)
    if situation.answer_by is not None:
        units = sum(line.waiting_units for line in situation.lines)
        offered_on, answer_by = situation.offered_on, situation.answer_by
        yield Remedy(Choice.WAIT, Band.FIRST, units=units, comes_on=offered_on, answer_by=answer_by)


def _for_order(situation: Situation) -> Iterator[Remedy]:
    if situation.state in ("open", "held"):
        yield from _ship_now(situation)
        yield from _ship_together(situation)


def _goodwill(situation: Situation) -> Iterator[Remedy]:
    """A part of what they paid for what they have; how much a broken promise suggests."""
    if situation.paid > 0:
        amount = goodwill_of(situation)
        band = Band.ASK if amount else Band.COSTLY
        yield Remedy(Choice.GOODWILL, band, cost=amount, refund=amount, worth=-amount)


def _ship_now(situation: Situation) -> Iterator[Remedy]:
    """What lies here and waits for the rest goes now: one more parcel."""
    kept = [line for line in situation.lines if line.kept_back]
    if not kept or not any(line.waiting for line in situation.lines):
        return
    goes_else = _last_of(situation) or situation.undated_on
    days = max(0, (goes_else - situation.goes_on).days)
    units = sum(line.kept_back for line in kept)
    gained = sum((line.kept_back * days * day_worth(situation, line) for line in kept), Decimal(0))
    cost = situation.rates.parcel_cost
    yield Remedy(
        Choice.SHIP_NOW,
        _band(gained - cost),
        sku=kept[0].sku if len(kept) == 1 else "",
        name=kept[0].name if len(kept) == 1 else "",
        units=units,
        days=days if _last_of(situation) else None,
        comes_on=situation.goes_on,
        unit_days=units * days,
        cost=cost,
        worth=gained - cost,
    )


def _ship_together(situation: Situation) -> Iterator[Remedy]:
    """All of it in one parcel with the last of it: fewer parcels, and what would come sooner waits."""
    last = _last_of(situation)
    if last is None:
        return
    arrivals = [(piece.delivers_on, piece.units, line) for line in situation.lines for piece in line.waiting]
    arrivals += [(situation.goes_on, line.moving, line) for line in situation.lines if line.moving]
    days = {on for on, _, _ in arrivals}
    if len(days) < 2 or any(line.kept_back for line in situation.lines) or situation.on_floor:
        return
    lost = sum(units * (last - on).days for on, units, _ in arrivals if on is not None)
    pain = sum(
        (units * (last - on).days * day_worth(situation, line) for on, units, line in arrivals if on is not None),
        Decimal(0),
    )
    saved = situation.rates.parcel_cost * (len(days) - 1)
    yield Remedy(
        Choice.SHIP_TOGETHER,
        Band.KEEP if saved > pain else Band.COSTLY,
        units=sum(units for _, units, _ in arrivals),
        comes_on=last,
        unit_days=-lost,
        cost=-saved,
        worth=saved - pain,
    )


def _for_line(situation: Situation, line: OpenLine) -> Iterator[Remedy]:
    if line.waiting:
        yield from _instead(situation, line)
        yield from _lent(situation, line)
        band = Band.ASK if line.is_undated or situation.late_days(line) else Band.KEEP
        for source in line.coming:
            yield Remedy(Choice.EXPEDITE, band, line.sku, line.name, other=source, units=line.waiting_units)
        if line.to_buy:
            yield Remedy(Choice.EXPEDITE, band, line.sku, line.name, units=line.to_buy)
    if len(situation.lines) > 1:
        yield _cancel(Choice.CANCEL_LINE, (line,), line.comes_back)


def _instead(situation: Situation, line: OpenLine) -> Iterator[Remedy]:
    """Another product at the agreed price: sooner, for the difference in what it costs the company."""
    if situation.on_floor:
        return
    for other in line.instead[:MOST_INSTEAD]:
        comes_on = other.delivers_on or situation.undated_on
        saved = line.days_saved(comes_on, situation.undated_on)
        if saved <= 0:
            continue
        cost = _margin_lost(line, other.cost, other.price) * line.open_units
        worth = saved * day_worth(situation, line) - cost
        yield Remedy(
            Choice.SUBSTITUTE,
            _band(worth),
            sku=line.sku,
            name=line.name,
            other=other.sku,
            units=line.open_units,
            days=(line.last_on - comes_on).days if line.last_on else None,
            comes_on=other.delivers_on,
            unit_days=saved,
            cost=cost,
            freed=line.open_units,
            worth=worth,
        )


def _margin_lost(line: OpenLine, cost: Decimal | None, price: Decimal | None) -> Decimal:
    """Per unit: what it costs more to buy; where that is not known, what it is sold for more."""
    if cost is not None and line.cost is not None:
        return cost - line.cost
    return price - line.price if price is not None else Decimal(0)


def _lent(situation: Situation, line: OpenLine) -> Iterator[Remedy]:
    """Units of somebody who stands behind in the queue: they then wait for what would have come here."""
    for lender in line.lenders[:MOST_LENDERS]:
        units = min(lender.units, line.waiting_units)
        worst = line.latest(units, situation.undated_on)
        saved = sum(count * (day - lender.delivers_on).days for count, day in worst if day > lender.delivers_on)
        if saved <= 0:
            continue
        rate, theirs = day_worth(situation, line), day_worth(situation, line, lender.tier)
        worth = saved * (rate - theirs)
        yield Remedy(
            Choice.MOVE_UNITS,
            _band(worth),
            sku=line.sku,
            name=line.name,
            other=lender.order,
            units=units,
            days=(line.last_on - lender.delivers_on).days if line.last_on else None,
            comes_on=lender.delivers_on,
            unit_days=saved,
            others_unit_days=saved,
            worth=worth,
        )


def _cancel(choice: Choice, lines: tuple[OpenLine, ...], refund: Decimal) -> Remedy:
    """What is open ends: the margin is lost, what was paid for it is given back, what it held goes to others."""
    margin = sum(((line.price - line.cost) * line.open_units for line in lines if line.cost is not None), Decimal(0))
    only = lines[0] if choice is Choice.CANCEL_LINE else None
    return Remedy(
        choice,
        Band.GIVE_UP,
        sku=only.sku if only else "",
        name=only.name if only else "",
        units=sum(line.open_units for line in lines),
        cost=margin,
        refund=refund,
        freed=sum(line.kept_back + line.moving for line in lines),
        worth=-margin,
    )


def _always(situation: Situation) -> Iterator[Remedy]:
    """What can be done whatever the facts are."""
    waiting = sum(line.waiting_units for line in situation.lines)
    if waiting and situation.answer_by is None and any(situation.late_days(line) for line in situation.lines):
        yield Remedy(Choice.WAIT, Band.ASK, units=waiting, comes_on=_last_of(situation))
    yield Remedy(Choice.CALL_BACK, Band.KEEP)
    if situation.can_write:
        yield Remedy(Choice.SEND_LINK, Band.KEEP)
    if not situation.on_floor:
        yield Remedy(Choice.CHANGE_ADDRESS, Band.KEEP)
    if situation.state == "open":
        yield Remedy(Choice.HOLD, Band.KEEP, units=situation.open_units)
    open_lines = tuple(line for line in situation.lines if line.open_units)
    yield _cancel(Choice.CANCEL_ORDER, open_lines, situation.comes_back)


def _last_of(situation: Situation) -> date | None:
    """The day of the last unit of all that waits; None where one of them has none."""
    waiting = [line for line in situation.lines if line.waiting]
    days = [line.last_on for line in waiting if line.last_on is not None]
    return max(days) if days and len(days) == len(waiting) else None


def _band(worth: Decimal) -> Band:
    return Band.HELPS if worth > 0 else Band.COSTLY

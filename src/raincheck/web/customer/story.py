"""Where each unit of a line is, why, and when it comes: one sentence a group, in the customer's language.

The words are for customers: they name no supplier, no purchase order and no other customer. The reasons behind them are
those of `core.reason`, as `store.reads.order_outcome` gives them for each piece.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from raincheck.core.reason import Reason
from raincheck.store.reads.customer_page import LineExtra
from raincheck.store.reads.order_outcome import LineOutcome, PieceOutcome
from raincheck.web.customer.visit import Visit
from raincheck.web.customer.why import sentence, why_refused

NOWHERE = frozenset({"none", "lead_time"})


@dataclass(frozen=True, slots=True)
class Group:
    """Units of a line that share a state. `tone`: ok, going, wait, off. `sure`: how often such dates are kept."""

    units: int
    tone: str
    label: str
    text: str
    when: str = ""
    sure: str = ""


@dataclass(frozen=True, slots=True)
class LineStory:
    """A line and its groups, in the order in which they reach the customer."""

    line: LineOutcome
    name: str
    groups: tuple[Group, ...]


def stories(visit: Visit) -> list[LineStory]:
    """Every line of the order."""
    return [
        LineStory(line, visit.order.extras[line.id].name, tuple(_groups(visit, line)))
        for line in visit.order.outcome.lines
    ]


def _groups(visit: Visit, line: LineOutcome) -> Iterator[Group]:
    extra = visit.order.extras[line.id]
    yield from _gone(visit, line)
    on_floor = max(0, extra.floor_units - line.cancel_requested)
    if line.cancel_requested:
        yield Group(
            line.cancel_requested,
            "wait",
            _("Cancelling"),
            _("You asked to cancel this after we had begun to pack it. Our warehouse confirms it shortly."),
        )
    if on_floor:
        yield Group(on_floor, "ok", _("Being packed"), _("We are packing this for you now."), _told(visit, extra))
    taken = on_floor + line.cancel_requested
    for piece in _open_pieces(line, taken):
        yield _open(visit, line, extra, piece)
    if line.refused:
        yield Group(line.refused, "off", _("Not accepted"), why_refused(_refusal(line)))
    if line.cancelled:
        yield Group(line.cancelled, "off", _("Cancelled"), _why_cancelled(line))


def _gone(visit: Visit, line: LineOutcome) -> Iterator[Group]:
    parcels = [(parcel, part.units) for parcel in visit.order.outcome.parcels for part in parcel.lines
               if part.sku == line.sku and parcel.state in ("shipped", "delivered")]  # fmt: skip
    delivered = min(line.shipped, sum(units for parcel, units in parcels if parcel.state == "delivered"))
    going = line.shipped - delivered
    if delivered:
        days = [parcel.delivered_at for parcel, _units in parcels if parcel.delivered_at is not None]
        when = _on(visit, max(days).astimezone(visit.zone).date()) if days else ""
        text = _("This has reached you.") if not line.returned else ngettext(
            "This has reached you; %(units)d came back to us.",
            "This has reached you; %(units)d came back to us.",
            line.returned,
        ) % {"units": line.returned}  # fmt: skip
        yield Group(delivered, "ok", _("Delivered"), text, when)
    if going:
        due = [parcel.delivers_at for parcel, _units in parcels if parcel.state == "shipped" and parcel.delivers_at]
        when = (
            _("should arrive %(day)s") % {"day": visit.voice.day(max(due).astimezone(visit.zone).date())} if due else ""
        )
        yield Group(going, "going", _("On its way"), _("The carrier has this and brings it to you."), when)


def _open_pieces(line: LineOutcome, taken: int) -> Iterator[PieceOutcome]:
    """Pieces that have not left, without so many units of the first that lie here and are spoken of already."""
    for piece in line.pieces:
        if piece.reason == Reason.SHIPPED.value or piece.source == "refused":
            continue
        units = piece.units
        if piece.source == "on_hand" and taken:
            spoken_of = min(units, taken)
            taken -= spoken_of
            units -= spoken_of
        if units:
            yield replace(piece, units=units)


def _open(visit: Visit, line: LineOutcome, extra: LineExtra, piece: PieceOutcome) -> Group:
    order = visit.order
    reason = piece.reason or Reason.NO_DATE.value
    if order.paying.declined_at is not None and line.reason == Reason.PAYMENT_FAILED.value:
        reason = Reason.PAYMENT_FAILED.value
    here = piece.source == "on_hand"
    if line.preordered and not here and extra.available_from and extra.available_from > visit.voice.today:
        reason = Reason.NOT_YET_AVAILABLE.value
    ahead = reason == Reason.NOT_YET_AVAILABLE.value
    label = _("Set aside for you") if here else _("Pre-ordered") if ahead else _("To come")
    overdue = reason == Reason.NO_DATE.value and piece.source not in NOWHERE and not here
    text = sentence(reason, line.ship, visit.voice, extra.available_from, extra.lead_time_days, overdue=overdue)
    when, firm = _when(visit, extra, _estimate(visit, line, piece), is_here=here)
    sure = order.sure.get(piece.source) if firm else None
    return Group(piece.units, "ok" if here else "wait", label, text, when, _sure(sure))


def _estimate(visit: Visit, line: LineOutcome, piece: PieceOutcome) -> date | None:
    """The day on which a piece is expected now. What lies here and has not left by its day has that of its line."""
    if piece.on is None or piece.on >= visit.voice.today:
        return piece.on
    still = line.expected_on is not None and line.expected_on >= visit.voice.today
    return line.expected_on if still else None


def _when(visit: Visit, extra: LineExtra, on: date | None, *, is_here: bool) -> tuple[str, bool]:
    """When a piece comes, and whether that is a date that holds as things stand.

    What was told binds; an estimate that is later has not been told yet and is no date for anybody. Nor is one where
    no day holds, because none was told or it was lost: until its message goes only what lies here has a day.
    """
    day, told_on = visit.voice.day, extra.told_on
    if told_on is None or (on is None and not extra.is_told):
        if on is None or not is_here:
            return ("" if is_here else _("no date yet")), False
        return _("expected %(day)s") % {"day": day(on)}, True
    if told_on < visit.voice.today:
        promised = _("promised for %(day)s and late, for which we are sorry") % {"day": day(told_on)}
        if on is None:
            return _("%(promised)s; we have no new date yet") % {"promised": promised}, False
        return _("%(promised)s; now expected %(day)s") % {"promised": promised, "day": day(on)}, False
    if on is None or on > told_on:
        return _("promised for %(day)s; it may take longer, and we write to you as soon as we know") % {
            "day": day(told_on)
        }, False
    if on < told_on:
        return _("expected %(day)s, promised for %(told)s") % {"day": day(on), "told": day(told_on)}, True
    return _("promised for %(day)s") % {"day": day(told_on)}, True


def _told(visit: Visit, extra: LineExtra) -> str:
    if extra.told_on is None or extra.told_on < visit.voice.today:
        return ""
    return _("promised for %(day)s") % {"day": visit.voice.day(extra.told_on)}


def _on(visit: Visit, day: date) -> str:
    return _("on %(day)s") % {"day": visit.voice.day(day)}


def _sure(confidence: Decimal | None) -> str:
    if confidence is None:
        return ""
    tenths = confidence * 10
    if tenths == int(tenths):
        return _("Dates like this are kept %(times)d times in 10.") % {"times": int(tenths)}
    return _("Dates like this are kept %(times)d times in 100.") % {"times": int(confidence * 100)}


def _refusal(line: LineOutcome) -> str:
    return next((piece.reason or "" for piece in line.pieces if piece.source == "refused"), "")


def _why_cancelled(line: LineOutcome) -> str:
    if line.reason == Reason.CANCELLED_BY_LAW.value:
        return _("We could not send this in time, so the law ended the order for it.")
    if line.reason == Reason.CANCELLED_BY_SELLER.value:
        return _("We are sorry: we could not supply this.")
    if line.reason == Reason.CANCELLED_BY_CUSTOMER.value:
        return _("Cancelled as you asked.")
    return _("This was cancelled.")

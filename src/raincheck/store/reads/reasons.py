"""Why units are where they are, in whole sentences that may be read out to a customer: one for every reason."""

from collections.abc import Callable
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from raincheck.core.money import plain
from raincheck.core.reason import Reason
from raincheck.store.reads.order import LinePeg, LineView, OrderView
from raincheck.words.moments import day_text

REFUSALS: Final = (Reason.BACKORDERS_DENIED.value, Reason.OVER_LIMIT.value, Reason.TOO_LATE.value)


def why_stock_stays(order: OrderView, line: LineView) -> str:
    """The reason why reserved units have not left; empty where nothing keeps them but the floor."""
    if order.state in ("held", "cancel_requested"):
        return Reason.HELD.value
    if line.reason in _STAYS:
        return line.reason
    if line.waiting_units or _waiting_elsewhere(order, line):
        if line.ship == "complete":
            return Reason.WAITS_FOR_ORDER.value
        if line.ship.startswith("up_to:"):
            return Reason.WAITS_FOR_SHIPMENT.value
    return ""


def why(order: OrderView, line: LineView, today: date) -> list[str]:
    """What holds a line's open units up, or ended them; the most telling first. Supply itself is said elsewhere."""
    if not line.open_units:
        return [_ENDED[line.reason]] if line.cancelled and line.reason in _ENDED else []
    reasons = [line.reason]
    if line.reserved and (stays := why_stock_stays(order, line)):
        reasons.append(stays)
    if order.state == "held":
        reasons.append(Reason.HELD.value)
    said = [_of(reason, order, line, today) for reason in dict.fromkeys(reasons)]
    return [sentence for sentence in said if sentence]


def why_refused(line: LineView) -> str:
    """Which rule refused units: the line's own reason, or the only one that can have; empty where it is not known."""
    reason = line.reason if line.reason in REFUSALS else _only_refusal(line)
    if reason == Reason.BACKORDERS_DENIED.value:
        return "it may not be backordered"
    if reason == Reason.OVER_LIMIT.value:
        limit = _setting(line, "backorder_limit")
        return f"no more than {limit} may wait at a time" if limit is not None else "too many wait already"
    if reason == Reason.TOO_LATE.value:
        days = _setting(line, "latest_days")
        return f"it could not be there within {_days(days)}" if days is not None else "it could not be there in time"
    return ""


def given_words(peg: LinePeg, today: date, zone: ZoneInfo) -> str:
    """Who gave these units, when and why; empty where the queue did."""
    if peg.given_at is None:
        return ""
    how = _GIVEN.get(peg.given_verb, "by hand")
    who = f" by {peg.given_actor}" if peg.given_actor else ""
    reason = f": {peg.given_why}" if peg.given_why else ""
    return f"given {how}{who} on {day_text(peg.given_at.astimezone(zone).date(), today)}{reason}"


_GIVEN: Final = {"rebalanced": "by a rebalance", "shortage_shared": "as a share of a shortage"}


def _of(reason: str, order: OrderView, line: LineView, today: date) -> str:
    """The sentence of a reason, for this line; empty where its supply says it all."""
    words = _SENTENCES.get(reason)
    return words(order, line, today) if words else ""


def _held(order: OrderView, _line: LineView, _today: date) -> str:
    if order.state == "cancel_requested":
        return "A cancellation was asked for; nothing leaves until the floor has given its units back."
    return "The order is on hold: it keeps its place and its stock, and nothing leaves until it is released."


def _waits_for_order(order: OrderView, line: LineView, _today: date) -> str:
    return f"The order leaves all at once{_for_what(order, line)}."


def _waits_for_shipment(order: OrderView, line: LineView, _today: date) -> str:
    parcels = line.ship.partition(":")[2]
    at_most = "one parcel" if parcels == "1" else f"at most {parcels} parcels"
    return f"The order leaves in {at_most}, so these wait for what is still to come{_for_what(order, line)}."


def _below_minimum(_order: OrderView, line: LineView, _today: date) -> str:
    parts = [f"{line.minimum_units} units"] if line.minimum_units > 1 else []
    parts += [f"goods for {plain(line.minimum_value)}"] if line.minimum_value else []
    least = f" (it takes {' and '.join(parts)})" if parts else ""
    return f"They are too few for a parcel of their own{least}, so they leave with what comes next."


def _merging(_order: OrderView, line: LineView, _today: date) -> str:
    hours = "an hour" if line.merge_hours == 1 else f"{line.merge_hours} hours"
    window = f"up to {hours}" if line.merge_hours else "a while"
    return f"They wait {window} to share a parcel with other orders to the same address."


def _not_yet_wanted(order: OrderView, _line: LineView, today: date) -> str:
    wanted = f"on {day_text(order.wanted_on, today)}" if order.wanted_on else "later"
    return f"It is wanted {wanted}, so it leaves in time for that and not before."


def _not_yet_available(_order: OrderView, line: LineView, today: date) -> str:
    return f"It goes on sale {f'on {day_text(line.available_from, today)}' if line.available_from else 'later'}."


def _lead_time(_order: OrderView, line: LineView, _today: date) -> str:
    if line.lead_time_days is None:
        return ""
    supplier = line.supplier or "The supplier"
    return f"{supplier} takes {_days(line.lead_time_days)} from a purchase order to the day it comes."


def _days(count: int | str) -> str:
    return "one day" if str(count) == "1" else f"{count} days"


_SENTENCES: Final[dict[str, Callable[[OrderView, LineView, date], str]]] = {
    Reason.HELD.value: _held,
    Reason.PAYMENT_FAILED.value: lambda *_: "The payment was declined; nothing leaves until another card is given.",
    Reason.WAITS_FOR_ORDER.value: _waits_for_order,
    Reason.WAITS_FOR_SHIPMENT.value: _waits_for_shipment,
    Reason.BELOW_MINIMUM_SHIPMENT.value: _below_minimum,
    Reason.MERGING.value: _merging,
    Reason.PROTECTED.value: lambda *_: "What lies on the shelf is kept for other customers.",
    Reason.NOT_YET_WANTED.value: _not_yet_wanted,
    Reason.NOT_YET_AVAILABLE.value: _not_yet_available,
    Reason.LEAD_TIME.value: _lead_time,
}
_STAYS: Final = frozenset(
    reason.value
    for reason in (
        Reason.WAITS_FOR_ORDER,
        Reason.WAITS_FOR_SHIPMENT,
        Reason.BELOW_MINIMUM_SHIPMENT,
        Reason.MERGING,
        Reason.HELD,
        Reason.PAYMENT_FAILED,
        Reason.NOT_YET_WANTED,
    )
)
_ENDED: Final = {
    Reason.CANCELLED_BY_CUSTOMER.value: "The customer asked for that.",
    Reason.CANCELLED_BY_SELLER.value: "We could not supply it.",
    Reason.CANCELLED_BY_LAW.value: "The law ended the order because it could not be delivered in time.",
}


def _for_what(order: OrderView, line: LineView) -> str:
    """The lines of the order that are not here yet, of those that leave with this one."""
    others = [f"{other.waiting_units:,} × {other.name or other.sku}" for other in _waiting_elsewhere(order, line)]
    if not others:
        return ""
    return (
        f" and waits for {' and '.join(others)}" if len(others) < _MOST_NAMED else f" and waits for {len(others)} lines"
    )


_MOST_NAMED: Final = 4


def _waiting_elsewhere(order: OrderView, line: LineView) -> list[LineView]:
    return [other for other in order.lines if other.id != line.id and other.ship == line.ship and other.waiting_units]


def _only_refusal(line: LineView) -> str:
    if _setting(line, "backorders") == "deny":
        return Reason.BACKORDERS_DENIED.value
    limited, timed = _setting(line, "backorder_limit") is not None, _setting(line, "latest_days") is not None
    if limited != timed:
        return Reason.OVER_LIMIT.value if limited else Reason.TOO_LATE.value
    return ""


def _setting(line: LineView, name: str) -> int | str | None:
    value: int | str | None = line.policy.get(name, {}).get("value")
    return value

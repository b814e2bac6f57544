"""What would change a line's state: for a planner, by the reason that holds its units up."""

from raincheck.core.reason import Reason
from raincheck.store.reads.order import LineView, OrderView
from raincheck.store.reads.reasons import why_stock_stays


def what_would_change(order: OrderView, line: LineView) -> list[str]:
    """What somebody could do so that units come or leave sooner, the nearest first; empty where nothing is open."""
    if not line.open_units:
        return [_REFUSED[line.reason]] if line.reason in _REFUSED else []
    reasons = [why_stock_stays(order, line) if line.reserved else "", line.reason]
    found = [_of(reason, line) for reason in dict.fromkeys(reasons) if reason]
    found += [f"An earlier date for {source}." for source in _dated_sources(line)]
    found += [f"A new date for {source}." for source in _undated_sources(line)]
    if line.waiting_units and line.ahead is not None and line.ahead.claims:
        found.append("Units given by hand, or a better place in the queue.")
    return [remedy for remedy in found if remedy]


def _of(reason: str, line: LineView) -> str:
    waiting = line.waiting_units
    match reason:
        case Reason.NO_DATE.value:
            units = sum(peg.units for peg in line.pegs if peg.kind == "none")
            more = "1 more unit" if units == 1 else f"{units:,} more units"
            return f"A confirmed purchase order or a transfer for {more}." if units else ""
        case Reason.LEAD_TIME.value:
            asked = "1 unit" if waiting == 1 else f"{waiting:,} units"
            return f"A purchase order for {asked}, confirmed for an earlier day."
        case _:
            return _REMEDIES.get(reason, "")


def _dated_sources(line: LineView) -> list[str]:
    return list(dict.fromkeys(peg.source for peg in line.pegs if peg.kind == "inbound" and peg.arrives_on))


def _undated_sources(line: LineView) -> list[str]:
    return list(dict.fromkeys(peg.source for peg in line.pegs if peg.kind == "inbound" and not peg.arrives_on))


_REMEDIES = {
    Reason.ON_HAND.value: "The floor: it can be picked now.",
    Reason.WAITS_FOR_ORDER.value: "The customer's word to ship what is there, or the missing lines cancelled.",
    Reason.WAITS_FOR_SHIPMENT.value: "The customer's word to ship what is there, or more parcels allowed.",
    Reason.BELOW_MINIMUM_SHIPMENT.value: "A lower minimum for a shipment, or more for the same order.",
    Reason.MERGING.value: "The end of the merge window, or a shorter one.",
    Reason.HELD.value: "The order's release.",
    Reason.PAYMENT_FAILED.value: "Another card.",
    Reason.PROTECTED.value: "A lower protection for the group that it is kept for.",
    Reason.NOT_YET_WANTED.value: "An earlier wanted day.",
    Reason.NOT_YET_AVAILABLE.value: "An earlier first day of sale.",
}
_REFUSED = {
    Reason.BACKORDERS_DENIED.value: "A rule that allows backorders, or stock; then a new order.",
    Reason.OVER_LIMIT.value: "A higher backorder limit, or fewer who wait; then a new order.",
    Reason.TOO_LATE.value: "An earlier supply, or a rule that allows later promises; then a new order.",
}

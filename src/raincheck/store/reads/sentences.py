"""A line's whole story in one readable sentence: where its units are, why, and when they come."""

from datetime import date
from zoneinfo import ZoneInfo

from raincheck.store.reads.order import LinePeg, LineView, OrderView
from raincheck.store.reads.reasons import given_words, why, why_refused, why_stock_stays
from raincheck.words.moments import day_text, distance_text, late_text

FLOOR_WORDS = {"released": "being prepared", "picked": "picked", "packed": "packed"}
STILL = {
    "waits_for_order": ", waiting for the rest of the order",
    "waits_for_shipment": ", waiting for the next parcel",
}


def line_sentence(order: OrderView, line: LineView, today: date, zone: ZoneInfo) -> str:
    """A few short sentences: the units, what holds them up, the queue, the dates. Days are those of a zone."""
    pieces = _pieces(order, line, today, zone)
    of = f"Of {line.ordered:,} units " if len(pieces) > 1 else ""
    said = [f"{of}{_joined(pieces)}."]
    said += why(order, line, today)
    if line.ahead is not None:
        said.append(_ahead(line.ahead.claims, line.ahead.units))
    if dates := _dates(line, today):
        said.append(dates)
    return " ".join(said)


def _pieces(order: OrderView, line: LineView, today: date, zone: ZoneInfo) -> list[str]:
    pieces: list[str] = []
    if line.shipped:
        back = f" ({line.returned:,} came back)" if line.returned else ""
        when = _shipped_on(order, line, today, zone)
        verb = "shipped" if when else f"{_have(line.shipped)} shipped"
        pieces.append(f"{_units(line, line.shipped)} {verb}{when}{back}")
    stays = why_stock_stays(order, line)
    pieces += [_peg(line, peg, stays, today, zone) for peg in line.pegs]
    if line.cancelled:
        pieces.append(f"{_units(line, line.cancelled)} {_are(line.cancelled)} cancelled")
    if line.refused:
        because = f" because {reason}" if (reason := why_refused(line)) else ""
        pieces.append(f"{_units(line, line.refused)} {_was(line.refused)} refused{because}")
    return pieces or ["Nothing is open"]


def _shipped_on(order: OrderView, line: LineView, today: date, zone: ZoneInfo) -> str:
    """The days on which units left, as far as one parcel each says so."""
    days = sorted(
        {
            parcel.shipped_at.astimezone(zone).date()
            for parcel in order.parcels
            if parcel.shipped_at is not None and any(content.sku == line.sku for content in parcel.lines)
        }
    )
    return f" on {_joined([day_text(day, today) for day in days])}" if days else ""


def _peg(line: LineView, peg: LinePeg, stays: str, today: date, zone: ZoneInfo) -> str:
    given = given_words(peg, today, zone)
    return f"{_tie(line, peg, stays, today)} ({given})" if given else _tie(line, peg, stays, today)


def _tie(line: LineView, peg: LinePeg, stays: str, today: date) -> str:
    units = f"{peg.units:,} × {peg.part}" if peg.part else _units(line, peg.units)
    one = peg.units == 1
    if peg.is_preorder:
        ships = (
            f"ship{'s' if one else ''} {day_text(peg.ships_on, today)}"
            if peg.ships_on
            else f"{_have(peg.units)} no date yet"
        )
        return f"{units} {_are(peg.units)} pre-ordered and {ships}"
    if peg.shipment_id is not None:
        return f"{units} {_are(peg.units)} {FLOOR_WORDS[peg.shipment_state]} at {peg.source}"
    if peg.kind == "stock":
        return f"{units} {'lies' if one else 'lie'} reserved at {peg.source}{STILL.get(stays, '')}"
    if peg.kind == "lead_time":
        ships = (
            f": the lead time would ship {'it' if one else 'them'} {day_text(peg.ships_on, today)}"
            if peg.ships_on
            else ""
        )
        return f"{units} still {'has' if one else 'have'} to be bought{ships}"
    if peg.kind == "none":
        return f"{units} {_have(peg.units)} no supply in sight"
    source = f"transfer {peg.source}" if peg.source_kind == "transfer" else peg.source
    come = f"{units} {'comes' if one else 'come'} with {source}"
    if peg.arrives_on is None:
        return f"{come}, which is overdue and has no new date"
    return f"{come}, due {day_text(peg.arrives_on, today)}"


def _ahead(claims: int, units: int) -> str:
    if claims == 0:
        return "Nobody is ahead in the queue."
    orders = "order is" if claims == 1 else "orders are"
    return f"{claims:,} {orders} ahead with {units:,} {'unit' if units == 1 else 'units'}."


def _dates(line: LineView, today: date) -> str:
    if not line.open_units:
        return ""
    told, expected = line.told_on, line.expected_on
    if told is None and line.first_promise_on is not None:
        lost = f"Promised for {day_text(line.first_promise_on, today)} at first, but that date was lost"
        return f"{lost}; now expected {_when(expected, today)}." if expected else f"{lost} and there is none now."
    if told is None:
        return f"Expected {_when(expected, today)}." if expected else "No date was told."
    promised = f"Promised for {day_text(told, today)}"
    late = late_text(told, today)
    if late:
        now = f"now expected {_when(expected, today)}" if expected else "and nobody knows when it comes"
        return f"{promised}, {late}, {now}."
    if expected is None:
        return f"{promised}, but it has no date any more."
    if expected > told:
        return f"{promised}, but expected {_when(expected, today)}."
    return f"{promised}, {distance_text(told, today)}."


def _when(day: date, today: date) -> str:
    return f"{day_text(day, today)}, {distance_text(day, today)}"


def _units(line: LineView, units: int) -> str:
    if line.ordered == 1:
        return "The unit"
    if units == line.ordered:
        return "Both units" if units == 2 else f"All {units:,} units"
    return f"{units:,}"


def _have(units: int) -> str:
    return "has" if units == 1 else "have"


def _are(units: int) -> str:
    return "is" if units == 1 else "are"


def _was(units: int) -> str:
    return "was" if units == 1 else "were"


def _joined(pieces: list[str]) -> str:
    if len(pieces) == 1:
        return pieces[0]
    return f"{', '.join(pieces[:-1])} and {pieces[-1]}"

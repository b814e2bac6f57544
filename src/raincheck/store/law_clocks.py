"""The rows of the law's clocks: started with an order's lines, read, moved on, with everything on record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from raincheck.core.consent import Clock, Stage, Window, needs_option, start
from raincheck.core.law_rules import REGIMES
from raincheck.core.settings import Settings
from raincheck.store.db import columns, rows, run
from raincheck.store.law_days import ALL, OFF_THE_FLOOR, told_units
from raincheck.store.law_orders import lines_on_seller_credit
from raincheck.store.outbox import Outbox
from raincheck.store.sellers import sellers_of, settle_sellers
from raincheck.store.ship_to_zone import ship_to_zone
from raincheck.store.timers import TimerKind, drop_timers, set_timers


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A line's clock as it is stored, with what is needed to act on it."""

    id: int
    line: int
    order: int
    order_ref: str
    product: int
    sku: str
    name: str
    open_units: int
    zone: ZoneInfo
    clock: Clock
    asks_at: datetime | None
    vested_at: datetime | None
    reason: str
    fitting_until: date | None = None
    seller: str = ""
    is_held: bool = False

    def day_of(self, at: datetime) -> date:
        """The ship-to place's date at an instant."""
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The first instant of a day at the ship-to place."""
        return start_of(self.zone, day)

    @property
    def counts_delivery(self) -> bool:
        """Whether its law counts delivery, and cancels nothing by itself."""
        return not REGIMES[self.clock.regime].cancels_by_silence


def window_of(zone: ZoneInfo, clock: Clock) -> Window | None:
    """The day on which an option must be given at the latest; None where there is none."""
    if clock.by_on is None:
        return None
    return Window(start_of(zone, clock.by_on), start_of(zone, clock.by_on + timedelta(days=1)))


def start_of(zone: ZoneInfo, day: date) -> datetime:
    """00:00 of a day in a zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def start_clocks(settings: Settings, lines: Sequence[int], outbox: Outbox, since: datetime | None = None) -> None:
    """Starts the clocks of open lines that have none, from placing (or from `since`, for added lines).

    Nothing without a law, nor for what is exempt. A line that was taken over after its time had passed is left to a
    person: what its customer was told before is not known.
    """
    if settings.law == "none" or not lines:
        return
    settle_sellers(lines)
    begun: list[tuple[int, datetime, ZoneInfo]] = [
        (line, since or placed_at, ship_to_zone(country, postcode, settings.timezone))
        for line, placed_at, country, postcode in rows(
            """SELECT l.id, o.placed_at, o.country, o.postcode FROM order_line l JOIN sales_order o ON o.id = l.order_id
               WHERE l.id = ANY(%s) AND l.reserved + l.backordered + l.preordered > 0
                 AND NOT EXISTS (SELECT 1 FROM law_clock k WHERE k.line_id = l.id AND k.ended_at IS NULL)
                 AND NOT EXISTS (SELECT 1 FROM law_exemption e WHERE e.ended_at IS NULL
                                 AND (e.product_id = l.product_id OR e.order_id = l.order_id))
               ORDER BY l.id""",
            [list(lines)],
        )
    ]
    ids = [line for line, _, _ in begun]
    sellers = sellers_of(settings, ids) if begun else {}
    laws = {line: sellers[line].law if line in sellers else settings.law for line in ids}
    begun = [entry for entry in begun if laws[entry[0]] != "none"]
    goes_on = told_days(settings, [line for line, _, _ in begun], laws) if begun else {}
    on_credit = lines_on_seller_credit(ids) if begun else set()
    records: list[tuple[object, ...]] = []
    for line, started_at, zone in begun:
        told_on, regime = goes_on.get(line), REGIMES[laws[line]]
        clock = start(regime, started_at.astimezone(zone).date(), told_on, seller_credit=line in on_credit)
        if clock.due_on < outbox.at.astimezone(zone).date():
            _leave_to_a_person(line, clock.due_on, outbox)
            continue
        asks_at = _asks_at(settings, zone, clock, told_on, outbox.at)
        cancels_at = None if clock.cancels_on is None else start_of(zone, clock.cancels_on)
        due_from = "promise" if told_on is not None else "credit" if line in on_credit else "default"
        seller = sellers[line].id if line in sellers else None
        records.append((line, regime.name, started_at, zone.key, clock.due_on, clock.by_on, due_from, asks_at,
                        cancels_at, seller))  # fmt: skip
    if records:
        _insert(settings, records, goes_on, outbox)


def _insert(
    settings: Settings, records: list[tuple[object, ...]], goes_on: Mapping[int, date | None], outbox: Outbox
) -> None:
    inserted = rows(
        """INSERT INTO law_clock (line_id, regime, started_at, zone, due_on, by_on, due_from, asks_at, cancels_at,
                                  seller_id)
           SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::date[], %s::date[],
                                %s::text[], %s::timestamptz[], %s::timestamptz[], %s::bigint[])
           RETURNING id, line_id, due_on, least(asks_at, cancels_at),
                     (SELECT reason FROM order_line WHERE id = line_id)""",
        columns(records, 10),
    )
    basis = supply_of([line for _, line, _, _, _ in inserted])
    started = [
        (clock, "started", {"due_on": due_on, "told_on": goes_on.get(line), "reason": reason,
                            "supply": basis.get(line, [])})
        for clock, line, due_on, _, reason in inserted
    ]  # fmt: skip
    record_events(outbox, started)
    set_timers((due_at, TimerKind.LAW, clock) for clock, _, _, due_at, _ in inserted)
    reconsider_unpaid(settings, outbox.at, lines=[line for _, line, _, _, _ in inserted])


def supply_of(lines: Sequence[int]) -> dict[int, list[Any]]:
    """The supply behind the days told: what the units of lines are tied to."""
    found = rows(
        """SELECT g.line_id, json_agg(json_build_array(g.units, g.kind, i.ref, il.due_on) ORDER BY g.id)::text
           FROM peg g LEFT JOIN inbound_line il ON il.id = g.inbound_line_id LEFT JOIN inbound i ON i.id = il.inbound_id
           WHERE g.line_id = ANY(%s) GROUP BY g.line_id""",
        [list(lines)],
    )
    return {line: orjson.loads(pegs) for line, pegs in found}


def _leave_to_a_person(line: int, due_on: date, outbox: Outbox) -> None:
    run(
        """INSERT INTO task (kind, text, order_id, product_id, opened_at, closed_by)
           SELECT 'law', 'The legal time of ' || p.sku || ' passed on ' || %s::text
                         || ', before the order was taken over: check what the customer was told',
                  l.order_id, l.product_id, %s, ''
           FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.id = %s""",
        [f"{due_on.day} {due_on:%b %Y}", outbox.at, line],
    )


def told_days(
    settings: Settings, lines: Sequence[int], laws: Mapping[int, str] | None = None
) -> dict[int, date | None]:
    """The day on which lines are told to go (ship or arrive, as the law counts); None while a part has no day.

    `laws` by line, for lines that have no clock yet.
    """
    units_by_day = told_units(settings, lines, laws or {})
    return {line: None if None in units else max(day for day in units if day) for line, units in units_by_day.items()}


def goes_on(settings: Settings, row: ClockRow, at: datetime) -> date | None:
    """The day on which a line is told to go; None without one, and for a held order on the last day that it has."""
    return None if _is_held_back(row, at) else told_days(settings, [row.line]).get(row.line)


def _is_held_back(row: ClockRow, at: datetime) -> bool:
    return row.is_held and row.clock.by_on is not None and row.day_of(at) >= row.clock.by_on


def units_beyond(settings: Settings, row: ClockRow, at: datetime) -> int:
    """Open units of a line that will not go by the last day that holds; what is on the floor is on its way."""
    by_on = row.clock.by_on
    if _is_held_back(row, at):
        return row.open_units
    for units in (OFF_THE_FLOOR, ALL):  # Where all that is late is on the floor, it does not leave in time either.
        by_day = told_units(settings, [row.line], {}, units).get(row.line, {})
        late = sum(count for day, count in by_day.items() if day is None or (by_on is not None and day > by_on))
        if late:
            return late
    return 0


_CLOCK = """
    SELECT k.id, k.line_id, l.order_id, o.ref, l.product_id, p.sku, p.name, l.reserved + l.backordered + l.preordered,
           k.zone, k.regime, k.due_on, k.by_on, k.stage, k.offered_on, k.asks_at, k.vested_at, l.reason, k.further_on,
           k.fitting_until, k.is_agreed, coalesce(nullif(s.name, ''), s.code, ''), o.state = 'held'
    FROM law_clock k JOIN order_line l ON l.id = k.line_id JOIN sales_order o ON o.id = l.order_id
    JOIN product p ON p.id = l.product_id LEFT JOIN seller s ON s.id = k.seller_id
    WHERE k.ended_at IS NULL AND {which} ORDER BY o.ref, p.sku"""


def read_clocks(lines: Iterable[int]) -> list[ClockRow]:
    """The clocks of some lines, by order and SKU."""
    return _clock_rows(rows(_CLOCK.format(which="k.line_id = ANY(%s)"), [list(lines)]))


def asking_now(orders: Iterable[int], lines: Iterable[int], at: datetime) -> list[ClockRow]:
    """The clocks of those of some lines that belong to some orders and of which an option is due."""
    which = """l.order_id = ANY(%s) AND l.id = ANY(%s) AND k.asks_at <= %s AND k.vested_at IS NULL
               AND l.reserved + l.backordered + l.preordered > 0"""
    found = _clock_rows(rows(_CLOCK.format(which=which), [sorted(orders), sorted(lines), at]))
    return [row for row in found if not row.counts_delivery]


def clocks_by_id(clocks: Iterable[int]) -> list[ClockRow]:
    """Clocks by their rows, by order and SKU."""
    return _clock_rows(rows(_CLOCK.format(which="k.id = ANY(%s)"), [list(clocks)]))


def _clock_rows(found: Iterable[Sequence[Any]]) -> list[ClockRow]:
    return [
        ClockRow(
            id=id_,
            line=line,
            order=order,
            order_ref=ref,
            product=product,
            sku=sku,
            name=name,
            open_units=open_units,
            zone=ZoneInfo(zone),
            clock=Clock(regime, due_on, by_on, Stage(stage), offered_on, further_on, is_agreed),
            asks_at=asks_at,
            vested_at=vested_at,
            reason=reason,
            fitting_until=fitting_until,
            seller=seller,
            is_held=is_held,
        )
        for (
            id_, line, order, ref, product, sku, name, open_units, zone, regime, due_on, by_on, stage, offered_on,
            asks_at, vested_at, reason, further_on, fitting_until, is_agreed, seller, is_held,
        ) in found
    ]  # fmt: skip


def move(row: ClockRow, clock: Clock, asks_at: datetime | None) -> ClockRow:
    """Gives a clock its next state, and sets or drops its timer."""
    cancels_at = row.start_of(clock.cancels_on) if clock.cancels_on is not None else None
    state = [clock.stage.value, clock.by_on, clock.offered_on, clock.further_on, clock.is_agreed, asks_at, cancels_at]
    run(
        """UPDATE law_clock
           SET stage = %s, by_on = %s, offered_on = %s, further_on = %s, is_agreed = %s, asks_at = %s, cancels_at = %s
           WHERE id = %s AND (stage, by_on, offered_on, further_on, is_agreed, asks_at, cancels_at) IS DISTINCT FROM
                (%s, %s::date, %s::date, %s::date, %s, %s::timestamptz, %s::timestamptz)""",
        [*state, row.id, *state],
    )
    due = [instant for instant in (asks_at, cancels_at) if instant is not None]
    if due:
        set_timers([(min(due), TimerKind.LAW, row.id)])
    else:
        drop_timers(TimerKind.LAW, [row.id])
    return replace(row, clock=clock, asks_at=asks_at)


def reconsider(settings: Settings, lines: Iterable[int], at: datetime) -> None:
    """Looks whether options are due for lines of which the told day or the units changed without a delay."""
    _reconsider(settings, read_clocks(lines), at)


def reconsider_unpaid(
    settings: Settings, at: datetime, *, orders: Sequence[int] = (), lines: Sequence[int] = ()
) -> None:
    """Looks whether options are due for lines, given or of some orders, of which a charge was declined."""
    which = """(l.order_id = ANY(%s) OR l.id = ANY(%s)) AND EXISTS (
                   SELECT 1 FROM claim c WHERE c.order_id = l.order_id AND c.line_id = l.id
                                         AND c.declined_at IS NOT NULL AND c.units > 0)"""
    _reconsider(settings, _clock_rows(rows(_CLOCK.format(which=which), [list(orders), list(lines)])), at)


def _reconsider(settings: Settings, found: Sequence[ClockRow], at: datetime) -> None:
    goes_on = told_days(settings, [row.line for row in found]) if found else {}
    for row in found:
        if not row.counts_delivery and row.vested_at is None:
            move(row, row.clock, asks_at(settings, row, goes_on.get(row.line), at))


def asks_at(settings: Settings, row: ClockRow, goes_on: date | None, at: datetime) -> datetime | None:
    """When an option is due to be given for the day that a line is told now; one that is due already stays due.

    A held order may be released in time: it is asked at noon of its last day.
    """
    due_at = _asks_at(settings, row.zone, row.clock, goes_on, at)
    window = window_of(row.zone, row.clock) if row.is_held and needs_option(row.clock, None) else None
    if due_at is None and window is not None:
        due_at = window.held_until(at)
    return row.asks_at if due_at is not None and row.asks_at is not None else due_at


def _asks_at(settings: Settings, zone: ZoneInfo, clock: Clock, goes_on: date | None, at: datetime) -> datetime | None:
    """Once settled, at the latest on the last day; where delivery counts, when the agreed day has passed."""
    if not REGIMES[clock.regime].cancels_by_silence:
        return start_of(zone, clock.due_on + timedelta(days=1)) if clock.stage is Stage.RUNNING else None
    if not needs_option(clock, goes_on):
        return None
    settled_at = at + timedelta(minutes=settings.settle_minutes)
    window = window_of(zone, clock)
    return settled_at if window is None else window.settled_at(at, settled_at)


def record_events(outbox: Outbox, events: Sequence[tuple[int, str, Mapping[str, Any]]]) -> None:
    """Puts on record what happened to clocks: (clock, kind, detail)."""
    if events:
        clocks, kinds, details = columns(
            [(clock, kind, orjson.dumps(detail, default=str).decode()) for clock, kind, detail in events], 3
        )
        run(
            """INSERT INTO law_event (clock_id, at, kind, fact_id, detail)
               SELECT clock, %s, kind, %s, detail::jsonb
               FROM unnest(%s::bigint[], %s::text[], %b::text[]) WITH ORDINALITY AS v (clock, kind, detail, nr)
               ORDER BY nr""",
            [outbox.at, outbox.fact, clocks, kinds, details],
        )


def hand_clock_on(settings: Settings, outbox: Outbox, from_line: int, to_line: int) -> None:
    """A line that stands in for another goes on under its clock; taking it is consent to the day that it has.

    A line that has a clock of its own already keeps that. What stands in for something exempt gets its own from now on.
    """
    given, standing = read_clocks([from_line]), read_clocks([to_line])
    if not given and not standing:
        start_clocks(settings, [to_line], outbox, since=outbox.at)
    if not given or standing:
        return
    (from_row,) = given
    inserted = rows(
        """INSERT INTO law_clock (line_id, regime, started_at, zone, due_on, due_from, by_on, stage, offered_on,
                                  further_on, is_agreed, seller_id, fitting_until)
           SELECT %s, regime, started_at, zone, due_on, due_from, by_on, stage, offered_on, further_on, is_agreed,
                  seller_id, fitting_until
           FROM law_clock WHERE id = %s RETURNING id""",
        [to_line, from_row.id],
    )
    (row,) = clocks_by_id(id_ for (id_,) in inserted)
    goes_on = told_days(settings, [to_line]).get(to_line)
    clock = row.clock
    if clock.by_on is not None and goes_on is not None and (clock.is_asked or goes_on > clock.by_on):
        by_on = max(clock.by_on, goes_on)
        clock = replace(clock, by_on=by_on, stage=Stage.CONSENTED, offered_on=goes_on, is_agreed=True)
    detail = {"from": from_row.sku, "to": row.sku, "goes_on": goes_on, "by_on": clock.by_on}
    taken_over = {**detail, "stage": clock.stage.value, "offered_on": clock.offered_on, "is_agreed": clock.is_agreed}
    record_events(outbox, [(from_row.id, "substituted", detail), (row.id, "substituted", taken_over)])
    moved = replace(row, clock=clock)
    if row.fitting_until is not None and row.fitting_until >= row.day_of(outbox.at):
        move(moved, clock, row.start_of(row.fitting_until + timedelta(days=1)))
    else:
        move(moved, clock, asks_at(settings, moved, goes_on, outbox.at))


def stop(clocks: Sequence[int]) -> None:
    """Nothing falls due for these clocks any more: their lines have gone, or are cancelled."""
    run("UPDATE law_clock SET asks_at = NULL, cancels_at = NULL WHERE id = ANY(%s)", [list(clocks)])
    drop_timers(TimerKind.LAW, clocks)


def vest(clocks: Sequence[ClockRow], rule: str, at: datetime, refund_due_on: date) -> None:
    """The right to a refund has arisen: the lines do not ship any more."""
    run(
        """UPDATE law_clock SET vested_at = %s, vested_by = %s, refund_due_on = %s
           WHERE id = ANY(%s) AND vested_at IS NULL""",
        [at, rule, refund_due_on, [row.id for row in clocks]],
    )
    stop([row.id for row in clocks])


def end_clocks(lines: Sequence[int], at: datetime) -> None:
    """Closes the clocks of lines of which nothing is open: what is ordered anew on them gets its own."""
    ended = rows(
        "UPDATE law_clock SET ended_at = %s WHERE line_id = ANY(%s) AND ended_at IS NULL RETURNING id",
        [at, list(lines)],
    )
    drop_timers(TimerKind.LAW, [id_ for (id_,) in ended])

"""A decision on many claims (`core.batch.many`) to rows: only differences, by COPY into temporary tables.

The rows are those that `store.apply` writes for the same decision, where nobody is told anything and nothing leaves.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from raincheck.core.batch.changes import LEAD_TIME, NOTHING
from raincheck.core.batch.columns import NO_DAY, Flags, Ints
from raincheck.core.batch.many import Many
from raincheck.core.batch.quiet import Ends
from raincheck.core.book import Book
from raincheck.core.reason import Reason
from raincheck.core.settings import Settings
from raincheck.store.bulk.columns import copy_columns, day_of, drop
from raincheck.store.bulk.open_book import KINDS, REASONS, Columns
from raincheck.store.db import run
from raincheck.store.timers import TimerKind

_REASON_OF = {
    Ends.ON_HAND: Reason.ON_HAND,
    Ends.WAITS_FOR_ORDER: Reason.WAITS_FOR_ORDER,
    Ends.PEGGED_TO_INBOUND: Reason.PEGGED_TO_INBOUND,
    Ends.PEGGED_TO_TRANSFER: Reason.PEGGED_TO_TRANSFER,
    Ends.LEAD_TIME: Reason.LEAD_TIME,
    Ends.NO_DATE: Reason.NO_DATE,
}
# As `array_position` counts them.
_REASON_NUMBER = np.array([REASONS.index(_REASON_OF[ends].value) + 1 for ends in Ends], np.int64)


def write_many(settings: Settings, book: Book, claims: Columns, old_pegs: Columns, many: Many) -> None:
    """Writes pegs, counters, claims, lines and timers. `claims` and `old_pegs` are those that were decided on."""
    _write_pegs(book, claims, old_pegs, many)
    _write_counters(book, old_pegs, many)
    _write_claims(claims, many)
    _write_lines(claims, many)
    _set_timers(settings, book, claims, many)


def _write_pegs(book: Book, claims: Columns, old_pegs: Columns, many: Many) -> None:
    new, differs = many.pegs, many.changes
    source = np.array([supply.id for supply in book.supplies] or [0], np.int64)
    is_inbound = np.array([not supply.is_stock for supply in book.supplies] or [False], np.bool_)
    row = np.maximum(new.target, 0)
    kind = np.where(new.target == LEAD_TIME, 2, np.where(new.target == NOTHING, 3, is_inbound[row].astype(np.int64)))
    stock, inbound = (np.where(kind == wanted, source[row], 0) for wanted in (0, 1))
    columns = {"units": new.units, "kind": kind + 1, "stock": stock, "inbound": inbound, "ships": _stored(new.ships)}
    kinds = "ARRAY['" + "', '".join(KINDS) + "']"
    if len(differs.gone):
        _with_table(
            "gone_peg", {"id": old_pegs["peg"][differs.gone]}, "DELETE FROM peg p USING gone_peg v WHERE p.id = v.id"
        )
    if len(differs.changed):
        _with_table(
            "changed_peg",
            {"id": old_pegs["peg"][differs.changed], **_rows(columns, differs.into)},
            f"""UPDATE peg p SET units = v.units, kind = ({kinds})[v.kind], stock_level_id = nullif(v.stock, 0),
                       inbound_line_id = nullif(v.inbound, 0), ships_on = {day_of("v.ships")}
                FROM changed_peg v WHERE p.id = v.id""",  # noqa: S608
        )
    if len(differs.added):
        own = new.claim[differs.added]
        _with_table(
            "added_peg",
            {
                **_rows({name: claims[name] for name in ("claim", "line", "product")}, own),
                **_rows(columns, differs.added),
            },
            f"""INSERT INTO peg (claim_id, line_id, product_id, units, kind, stock_level_id, inbound_line_id,
                                 is_preorder, ships_on)
                SELECT claim, line, product, units, ({kinds})[kind], nullif(stock, 0), nullif(inbound, 0), false,
                       {day_of("ships")} FROM added_peg""",  # noqa: S608
        )


def _write_counters(book: Book, old_pegs: Columns, many: Many) -> None:
    """What is reserved of each stock level and pegged of each inbound line."""
    new = many.pegs
    to_supply = new.target >= 0
    held = np.bincount(new.target[to_supply], new.units[to_supply], len(book.supplies)).astype(np.int64).tolist()
    for table, counter, kind in (("stock_level", "reserved", 0), ("inbound_line", "pegged", 1)):
        counts = dict.fromkeys(old_pegs["source"][old_pegs["kind"] == kind].tolist(), 0)
        counts |= {
            supply.id: units
            for supply, units in zip(book.supplies, held, strict=True)
            if supply.is_stock == (kind == 0)
        }
        run(
            f"""UPDATE {table} t SET {counter} = v.units FROM unnest(%s::bigint[], %s::bigint[]) AS v (id, units)
                WHERE t.id = v.id AND t.{counter} <> v.units""",  # noqa: S608
            [list(counts), list(counts.values())],
        )


def _write_claims(claims: Columns, many: Many) -> None:
    first_dated = _stored(many.first_dated)
    differs = (
        (many.told_units != claims["told_units"])
        | (many.told_by_lead_time != claims["told_by_lead_time"])
        | (first_dated != claims["lead_from"])
        | (claims["is_pending"] > 0)
    )
    if not differs.any():
        return
    columns = {
        "id": claims["claim"],
        "told_units": many.told_units,
        "told_by_lead_time": many.told_by_lead_time,
        "lead_from": first_dated,
    }
    _with_table(
        "changed_claim",
        _rows(columns, differs),
        f"""UPDATE claim c SET told_units = v.told_units, told_by_lead_time = v.told_by_lead_time,
                   lead_time_from = {day_of("v.lead_from")}, pending_on = NULL, pending_since = NULL
            FROM changed_claim v WHERE c.id = v.id""",  # noqa: S608
    )


def _write_lines(claims: Columns, many: Many) -> None:
    dated, told = many.dated, claims["told"]
    expected = _stored(dated.delivers)
    columns = {
        "line": claims["line"],
        "reserved": dated.reserved,
        "backordered": claims["units"] - dated.reserved,
        "reason": _REASON_NUMBER[dated.ends],
        "promise": np.where(expected == 0, 0, told),
        "expected": expected,
        "first_promise": np.where(claims["first_promise"] == 0, told, claims["first_promise"]),
    }
    differs = np.zeros(len(expected), np.bool_)
    for name, values in columns.items():
        differs |= values != claims[name]
    differs &= many.claims
    if differs.any():
        reasons = "ARRAY['" + "', '".join(REASONS) + "']"
        _with_table(
            "changed_line",
            _rows(columns, differs),
            f"""UPDATE order_line l SET reserved = v.reserved, backordered = v.backordered,
                       reason = ({reasons})[v.reason], promise_on = {day_of("v.promise")},
                       expected_on = {day_of("v.expected")}, first_promise_on = {day_of("v.first_promise")}
                FROM changed_line v WHERE l.id = v.line""",  # noqa: S608
        )


def _set_timers(settings: Settings, book: Book, claims: Columns, many: Many) -> None:
    """When to look again at groups that changed: they begin to hold, or stop lending."""
    at = np.flatnonzero(many.claims & (claims["is_complete"] > 0))
    if not len(at):
        return
    orders, which = np.unique(claims["order_id"][at], return_inverse=True)
    joined = np.full(len(orders), NO_DAY, np.int64)
    np.minimum.at(joined, which, claims["joined"][at])
    there = np.zeros(len(orders), np.int64)
    there[which] = np.maximum(many.dated.there[at], book.today.toordinal())
    look_again = np.where(there == NO_DAY, joined + book.lend_days, there - book.hold_days)
    later = look_again > book.today.toordinal()
    if not later.any():
        return
    days = np.unique(look_again[later]).tolist()
    # Most are set already: a conflict would lock their rows.
    _with_table(
        "look_again",
        {"order_id": orders[later], "day": look_again[later]},
        """INSERT INTO timer (due_at, kind, subject_id)
           SELECT d.due_at, %s, v.order_id
           FROM look_again v JOIN unnest(%s::bigint[], %s::timestamptz[]) AS d (day, due_at) ON d.day = v.day
           WHERE NOT EXISTS (SELECT 1 FROM timer t
                             WHERE t.kind = %s AND t.subject_id = v.order_id AND t.due_at = d.due_at)
           ON CONFLICT (kind, subject_id) DO UPDATE SET due_at = excluded.due_at""",
        [
            int(TimerKind.GROUP),
            days,
            [settings.calendar.start_of(date.fromordinal(day)) for day in days],
            int(TimerKind.GROUP),
        ],
    )


def _with_table(table: str, columns: Mapping[str, Ints], statement: str, params: Sequence[Any] = ()) -> None:
    """Runs a statement over columns laid down in a temporary table."""
    copy_columns(table, columns)
    run(statement, params)
    drop(table)


def _rows(columns: Mapping[str, Ints], rows: Ints | Flags) -> dict[str, Ints]:
    return {name: values[rows] for name, values in columns.items()}


def _stored(days: Ints) -> Ints:
    """Days as they are stored: 0 for none."""
    return np.where(days == NO_DAY, 0, days)

"""The figures of one run (`words.comparison` says what each means), from what became of its lines and its parcels."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from raincheck.core.money import decimals_of
from raincheck.core.settings import Settings
from raincheck.core.supply import lateness_quantile
from raincheck.store.reads.line_fates import LineFate, dates_moved, line_fates
from raincheck.store.reads.outcome import OutcomeParcelLine, parcel_lines

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class OrderMeasures:
    """One order of a run. `last_on`: the day of delivery of its last unit, known or expected; None while it has none.

    `unit_days`: over the units that were delivered or have a date, the days from placing to delivery.
    """

    customer: str
    units: int
    refused: int
    undated: int
    unit_days: int
    last_on: date | None
    parcels: int

    @property
    def burden(self) -> tuple[int, int, int]:
        """Smaller is better for the customer: fewer units refused or undated, then sooner, then fewer parcels."""
        return (self.refused + self.undated, self.unit_days, self.parcels)


@dataclass(frozen=True, slots=True)
class Run:
    """What the figures of a run are counted from. Days are the company's."""

    settings: Settings
    starts_at: datetime
    ends_at: datetime
    lines: Sequence[LineFate]
    parcels: Sequence[OutcomeParcelLine]
    dates_moved: int

    def day_of(self, at: datetime) -> date:
        """The company's day at an instant."""
        return self.settings.calendar.day_of(at)

    def delivered_on(self, parcel: OutcomeParcelLine) -> date:
        """The end of transit, whether or not the run goes on so long."""
        return self.settings.road.delivers_on(self.day_of(parcel.at))


def read_run(settings: Settings, starts_at: datetime, ends_at: datetime, since: datetime) -> Run:
    """Reads a run from the database on which it was played."""
    return Run(settings, starts_at, ends_at, line_fates(since), parcel_lines(since), dates_moved(since))


def measures_of(run: Run) -> dict[str, Any]:
    """The figures by their keys; None where there was nothing to count. Money is a decimal string."""
    placed = [line for line in run.lines if line.placed_at >= run.starts_at]
    late_days = _late_days(run)
    orders = {parcel.order_ref for parcel in run.parcels}
    shipments = {parcel.shipment for parcel in run.parcels}
    open_since = [line.placed_at for line in run.lines if line.open_units]
    return {
        "fill_units": _share(sum(line.filled for line in placed), sum(line.ordered for line in placed)),
        "fill_lines": _share(sum(0 < line.ordered == line.filled for line in placed), len(placed)),
        "on_time": _share(sum(days == 0 for days in late_days), len(late_days)),
        "late_days_mean": round(sum(late_days) / len(late_days), 2) if late_days else None,
        "late_days_p90": lateness_quantile(late_days, Decimal("0.9")) if late_days else None,
        "late_days_worst": max(late_days, default=None),
        "parcels_per_order": round(len(shipments) / len(orders), 3) if orders else None,
        "money_waiting": str(_money_waiting(run)),
        "promises_broken": sum(days > 0 for days in late_days),
        "dates_moved": run.dates_moved,
        "units_refused": sum(line.refused for line in placed),
        "oldest_waiting_days": round(_days(min(open_since, default=run.ends_at), run.ends_at), 1),
    }


def orders_of(run: Run) -> dict[str, OrderMeasures]:
    """Each order by its reference, in the order of placing."""
    lines: dict[str, list[LineFate]] = defaultdict(list)
    for line in run.lines:
        lines[line.order_ref].append(line)
    parcels: dict[str, list[OutcomeParcelLine]] = defaultdict(list)
    for parcel in run.parcels:
        parcels[parcel.order_ref].append(parcel)
    return {ref: _order(run, own, parcels[ref]) for ref, own in lines.items()}


def carried_by_day(run: Run) -> dict[str, int]:
    """How many units the carrier had in all at the end of each day on which it took some."""
    by_day: dict[date, int] = defaultdict(int)
    for parcel in run.parcels:
        by_day[run.day_of(parcel.at)] += parcel.units
    total, carried = 0, {}
    for day in sorted(by_day):
        total += by_day[day]
        carried[day.isoformat()] = total
    return carried


def _order(run: Run, lines: list[LineFate], parcels: list[OutcomeParcelLine]) -> OrderMeasures:
    placed_on = run.day_of(lines[0].placed_at)
    delivered = [(run.delivered_on(parcel), parcel.units) for parcel in parcels]
    delivered += [(line.expected_on, line.open_units) for line in lines if line.expected_on and line.open_units]
    undated = sum(line.open_units for line in lines if line.expected_on is None)
    return OrderMeasures(
        customer=lines[0].customer,
        units=sum(line.ordered for line in lines),
        refused=sum(line.refused for line in lines),
        undated=undated,
        unit_days=sum((day - placed_on).days * units for day, units in delivered),
        last_on=None if undated else max((day for day, _ in delivered), default=None),
        parcels=len({parcel.shipment for parcel in parcels}),
    )


def _late_days(run: Run) -> list[int]:
    """Of each line that was delivered, or whose first promise has passed, the days by which it was late."""
    last: dict[tuple[str, str], date] = {}
    for parcel in run.parcels:
        line = (parcel.order_ref, parcel.sku)
        last[line] = max(last.get(line, date.min), run.delivered_on(parcel))
    end = run.day_of(run.ends_at)
    found: list[int] = []
    for fate in run.lines:
        promised_on = fate.first_promise_on
        delivered_on = last.get((fate.order_ref, fate.sku))
        if promised_on is None:
            continue
        if fate.open_units:
            if promised_on < end:
                found.append((end - promised_on).days)
        elif delivered_on is not None:
            found.append(max(0, (delivered_on - promised_on).days))
    return found


def _money_waiting(run: Run) -> Decimal:
    """Price x days, from placing (or the start of the run, if that is later) to the carrier or the end."""
    line_of = {(line.order_ref, line.sku): line for line in run.lines}
    total = Decimal(0)
    for parcel in run.parcels:
        line = line_of.get((parcel.order_ref, parcel.sku))
        if line is not None:
            total += line.unit_price * parcel.units * _decimal_days(max(line.placed_at, run.starts_at), parcel.at)
    for line in run.lines:
        total += line.unit_price * line.open_units * _decimal_days(max(line.placed_at, run.starts_at), run.ends_at)
    return total.quantize(Decimal(1).scaleb(-decimals_of(run.settings.currency)))


def _days(since: datetime, until: datetime) -> float:
    return (until - since) / timedelta(days=1)


def _decimal_days(since: datetime, until: datetime) -> Decimal:
    return Decimal(int((until - since).total_seconds())) / SECONDS_A_DAY


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def verdicts(first: OrderMeasures | None, others: Iterable[OrderMeasures | None]) -> list[str]:
    """What each other variant does to an order, against the first: gains, loses, same, or only there."""
    found: list[str] = []
    for other in others:
        if first is None or other is None:
            found.append("missing")
        elif other.burden == first.burden:
            found.append("same")
        else:
            found.append("gains" if other.burden < first.burden else "loses")
    return found

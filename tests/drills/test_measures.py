"""The figures of a run, counted by hand from a few lines and parcels."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from raincheck.core.settings import Settings
from raincheck.drill.measures import OrderMeasures, Run, carried_by_day, measures_of, orders_of, verdicts
from raincheck.store.reads.line_fates import LineFate
from raincheck.store.reads.outcome import OutcomeParcelLine

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def line(ref: str, units: int = 1, **facts: object) -> LineFate:
    """A line of one order, promised for the 4th and shipped whole, unless said otherwise."""
    fate = LineFate(ref, "ann", "lamp", START, Decimal(10), units, 0, units, 0, 0, date(2026, 3, 4), None)
    return replace(fate, **facts)  # type: ignore[arg-type]


def parcel(ref: str, days: int, units: int = 1, shipment: int = 0) -> OutcomeParcelLine:
    """Units that the carrier took so many days after the start."""
    return OutcomeParcelLine(shipment or 100 * int(ref[1:]) + days, START + days * DAY, "east", ref, "lamp", units)


def run_of(lines: list[LineFate], parcels: list[OutcomeParcelLine], days: int = 10, transit_days: int = 0) -> Run:
    """A run of so many days."""
    return Run(Settings(transit_days=transit_days), START, START + days * DAY, lines, parcels, 0)


def test_of_ten_lines_one_late_by_six_days_nine_in_ten_were_on_time() -> None:
    lines = [line(f"O{number}") for number in range(10)]
    parcels = [parcel(f"O{number}", 1) for number in range(9)] + [parcel("O9", 8)]
    found = measures_of(run_of(lines, parcels))
    assert (found["on_time"], found["promises_broken"]) == (0.9, 1)
    assert (found["late_days_mean"], found["late_days_p90"], found["late_days_worst"]) == (0.6, 0, 6)
    parcels[0] = parcel("O0", 5)
    found = measures_of(run_of(lines, parcels))
    assert (found["late_days_p90"], found["late_days_worst"]) == (3, 6)


def test_transit_is_part_of_the_way_even_if_the_run_ends_before_it() -> None:
    lines, parcels = [line("O1")], [parcel("O1", 2)]
    assert measures_of(run_of(lines, parcels, days=2))["on_time"] == 1.0
    assert measures_of(run_of(lines, parcels, days=2, transit_days=3))["late_days_worst"] == 3


def test_a_line_counts_as_late_only_once_its_day_has_passed() -> None:
    waits = [line("O1", shipped=0, open_units=1)]
    assert measures_of(run_of(waits, [], days=2))["on_time"] is None
    late = measures_of(run_of(waits, [], days=5))
    assert (late["on_time"], late["late_days_worst"], late["oldest_waiting_days"]) == (0.0, 3, 5.0)


def test_a_line_of_which_only_a_part_came_waits_still() -> None:
    part = [line("O1", 2, shipped=1, open_units=1)]
    assert measures_of(run_of(part, [parcel("O1", 1)], days=5))["promises_broken"] == 1


def test_what_was_cancelled_whole_is_neither_on_time_nor_late() -> None:
    assert measures_of(run_of([line("O1", shipped=0)], []))["on_time"] is None


def test_orders_that_share_a_parcel_halve_it() -> None:
    shared = [parcel("O1", 1, shipment=7), parcel("O2", 1, shipment=7)]
    assert measures_of(run_of([line("O1"), line("O2")], shared))["parcels_per_order"] == 0.5


def test_money_waits_from_placing_to_the_carrier_or_to_the_end() -> None:
    lines = [line("O1", 3, shipped=2, open_units=1)]
    found = measures_of(run_of(lines, [parcel("O1", 2, units=2)], days=10))
    assert found["money_waiting"] == "140.00"  # 2 x 10.00 x 2 days + 1 x 10.00 x 10 days


def test_orders_of_before_the_run_wait_from_its_start_and_are_not_in_its_fill() -> None:
    old = line("O0", placed_at=START - 30 * DAY, shipped=0, open_units=1, first_promise_on=None)
    found = measures_of(run_of([old, line("O1", 4, filled=3, refused=1)], [], days=1))
    assert (found["fill_units"], found["fill_lines"], found["units_refused"]) == (0.75, 0.0, 1)
    assert found["money_waiting"] == "10.00"
    assert found["oldest_waiting_days"] == 31.0


def test_units_with_the_carrier_add_up_day_by_day() -> None:
    run = run_of([line("O1", 5)], [parcel("O1", 3, units=4), parcel("O1", 1, units=1)])
    assert carried_by_day(run) == {"2026-03-03": 1, "2026-03-05": 5}


def test_an_order_s_days_count_what_came_and_what_is_expected() -> None:
    lines = [line("O1", 3, shipped=1, open_units=2, expected_on=date(2026, 3, 12))]
    assert orders_of(run_of(lines, [parcel("O1", 1)], transit_days=1))["O1"] == OrderMeasures(
        customer="ann", units=3, refused=0, undated=0, unit_days=2 + 2 * 10, last_on=date(2026, 3, 12), parcels=1
    )
    undated = orders_of(run_of([replace(lines[0], expected_on=None)], [parcel("O1", 1)]))["O1"]
    assert (undated.undated, undated.unit_days, undated.last_on) == (2, 1, None)


def test_a_refused_unit_weighs_more_than_any_wait_and_any_wait_more_than_a_parcel() -> None:
    base = OrderMeasures("ann", 3, 0, 0, 10, date(2026, 3, 5), 2)
    others = [
        replace(base, refused=1, unit_days=0, parcels=1),
        replace(base, undated=1, unit_days=0, parcels=1),
        replace(base, unit_days=11, parcels=1),
        replace(base, parcels=3),
        replace(base, unit_days=9, parcels=3),
        replace(base, parcels=1),
        base,
        None,
    ]
    assert verdicts(base, others) == ["loses"] * 4 + ["gains"] * 2 + ["same", "missing"]

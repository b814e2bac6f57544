"""What a cell may hold: every value in one form, and a reason for everything else."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.feeds.columns.choices import Choice, Country, Currency, Timezone, Weekdays
from raincheck.feeds.columns.numbers import Amount, Degrees, WholeNumber
from raincheck.feeds.columns.parts import Kit, Ship
from raincheck.feeds.columns.texts import Code, Email, Gtin, Text
from raincheck.feeds.columns.times import Day, Instant, TimeOfDay
from raincheck.feeds.kinds import KINDS
from raincheck.feeds.refusal import CellError

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "reason", "nearest"),
    [
        ("0", "at least 1", None),
        ("-1", "at least 1", None),
        ("1.5", "no fractions", None),
        ("1000000000000", "over the most", None),
        ("9" * 5000, "over the most", None),
        ("1,000", "thousands separators", "1000"),
        ("1 000", "thousands separators", "1000"),
        ("1.000.000", "thousands separators", "1000000"),
        ("12.0", "no fractions", "12"),
        ("+3", "without a sign", "3"),
        ("NaN", "leave the cell empty", None),
        ("1e3", "not a whole number", None),
        ("٣", "not a whole number", None),
        ("two", "not a whole number", None),
    ],
)
def test_a_quantity_that_is_no_plain_whole_number_is_refused_with_the_way_out(
    text: str, reason: str, nearest: str | None
) -> None:
    with pytest.raises(CellError) as refused:
        WholeNumber(1).read(text, LONDON)
    assert reason in refused.value.reason
    assert refused.value.nearest == nearest


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("2,55", "2.55"),
        ("£2.55", "2.55"),
        ("GBP 2.55", "2.55"),
        ("1,234.50", "1234.50"),
        ("1.234,50", None),
        ("(2.55)", None),
        ("2.5e3", None),
        ("-1", None),
        ("0.00001", "0.0000"),
        ("NaN", None),
        ("Infinity", None),
        ("9" * 400, None),
    ],
)
def test_an_amount_is_digits_and_a_point(text: str, nearest: str | None) -> None:
    with pytest.raises(CellError) as refused:
        Amount().read(text, LONDON)
    assert refused.value.nearest == nearest


def test_an_amount_keeps_its_decimals_to_the_last() -> None:
    assert Amount().read("1234.5600", LONDON) == Decimal("1234.56")
    assert Amount().write(Decimal("0.0001"), LONDON) == "0.0001"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("25/12/2026", "2026-12-25"),
        ("12.25.2026", "2026-12-25"),
        ("03/04/2026", None),  # two days in two countries
        ("05/05/2026", "2026-05-05"),
        ("20260403", "2026-04-03"),
        ("2026-02-30", None),
        ("2026-W10-1", None),
        ("0026-01-01", None),
        ("9999-12-31", None),
        ("March 3rd", None),
        ("45678", None),
        ("2026-03-02T09:00:00", "2026-03-02"),
    ],
)
def test_a_day_in_any_other_form_is_refused_and_only_the_unmistakable_is_suggested(
    text: str, nearest: str | None
) -> None:
    with pytest.raises(CellError) as refused:
        Day().read(text, LONDON)
    assert refused.value.nearest == nearest


def test_a_day_may_come_with_midnight_as_exports_of_other_systems_write_it() -> None:
    assert Day().read("2026-03-02 00:00:00", LONDON) == dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01", "2026-06-30T23:00:00"),
        ("2026-07-01 08:26", "2026-07-01T07:26:00"),
        ("2026-07-01T08:26:30", "2026-07-01T07:26:30"),
        ("2026-07-01T08:26:30Z", "2026-07-01T08:26:30"),
        ("2026-07-01T08:26:30+02:00", "2026-07-01T06:26:30"),
        ("2026-07-01 08:26:30.250+0200", "2026-07-01T06:26:30.250000"),
        ("2026-01-01 08:26", "2026-01-01T08:26:00"),
    ],
)
def test_an_instant_without_a_zone_is_company_time(text: str, utc: str) -> None:
    assert Instant().read(text, LONDON) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("text", ["12/1/2010 8:26", "2010-12-01T25:00", "2010-02-29 08:00", "1291191960", "now"])
def test_an_instant_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        Instant().read(text, LONDON)


def test_a_cut_off_is_a_time_of_day() -> None:
    assert TimeOfDay().read("14:30", LONDON) == dt.time(14, 30)
    assert TimeOfDay().read("14:30:00", LONDON) == dt.time(14, 30)
    for text in ("2:30pm", "24:00", "14.30", "14"):
        with pytest.raises(CellError):
            TimeOfDay().read(text, LONDON)


def test_a_country_is_an_iso_code_or_an_english_name() -> None:
    assert Country().read("gb", LONDON) == "GB"
    assert Country().read("United Kingdom", LONDON) == "GB"
    assert Country().read("USA", LONDON) == "US"
    with pytest.raises(CellError) as refused:
        Country().read("Germny", LONDON)
    assert refused.value.nearest == "DE"
    for text in ("EU", "XX", "Unspecified", "England and Wales of old"):
        with pytest.raises(CellError):
            Country().read(text, LONDON)


def test_words_out_of_a_list_name_the_nearest() -> None:
    assert Choice(("A", "B", "C")).read("b", LONDON) == "B"
    assert Currency().read("gbp", LONDON) == "GBP"
    for column, text, nearest in [
        (Choice(("gold", "silver", "standard")), "sliver", "silver"),
        (Currency(), "GBPP", "GBP"),
        (Currency(), "GPB", "GBP"),
        (Timezone(), "Europe/Lodnon", "Europe/London"),
        (Weekdays(), "mon tues", "tue"),
        (Ship(), "complet", "complete"),
    ]:
        with pytest.raises(CellError) as refused:
            column.read(text, LONDON)
        assert refused.value.nearest == nearest


def test_weekdays_are_kept_in_the_order_of_the_week() -> None:
    assert Weekdays().read("fri, Mon wed", LONDON) == ("mon", "wed", "fri")


def test_a_shipping_policy_names_at_least_one_shipment() -> None:
    assert Ship().read("up_to:2", LONDON) == "up_to:2"
    assert Ship().read("Complete", LONDON) == "complete"
    for text in ("up_to:0", "up_to:1001", "up_to:-1", "up_to", "up_to:2.5"):
        with pytest.raises(CellError):
            Ship().read(text, LONDON)


def test_a_kit_names_each_part_once_with_whole_units() -> None:
    assert Kit().read("LAMP:2 BASE:1", LONDON) == (("LAMP", 2), ("BASE", 1))
    assert Kit().read("A:B:2", LONDON) == (("A:B", 2),)
    for text in ("LAMP", "LAMP:", ":2", "LAMP:0", "LAMP:1.5", "LAMP:1 LAMP:2", " ".join(f"P{i}:1" for i in range(201))):
        with pytest.raises(CellError):
            Kit().read(text, LONDON)


def test_a_barcode_with_a_wrong_check_digit_is_a_misread_one() -> None:
    assert Gtin().read("4006381333931", LONDON) == "4006381333931"
    with pytest.raises(CellError) as refused:
        Gtin().read("4006381333932", LONDON)
    assert refused.value.nearest == "4006381333931"
    with pytest.raises(CellError):
        Gtin().read("40063813339", LONDON)


def test_an_address_on_the_globe_lies_on_the_globe() -> None:
    assert Degrees(90).read("-51.4545", LONDON) == -51.4545
    with pytest.raises(CellError):
        Degrees(90).read("90.1", LONDON)
    with pytest.raises(CellError) as refused:
        Degrees(180).read("12,5", LONDON)
    assert refused.value.nearest == "12.5"


def test_a_text_holds_no_line_breaks_or_control_signs() -> None:
    assert Text().read("Größe „L“ – naïve 日本", LONDON) == "Größe „L“ – naïve 日本"
    for text in ("two\nlines", "bell\x07", "esc\x1b[31m", "x" * 201):
        with pytest.raises(CellError):
            Text().read(text, LONDON)
    with pytest.raises(CellError):
        Code().read("x" * 101, LONDON)
    with pytest.raises(CellError):
        Email().read("not at all", LONDON)


def test_a_name_that_a_sheet_would_run_as_a_formula_comes_back_unharmed() -> None:
    written = Text().write("=HYPERLINK(1)", LONDON)
    assert written == "'=HYPERLINK(1)"
    assert Text().read(written, LONDON) == "=HYPERLINK(1)"


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip() == text))
def test_no_text_whatever_makes_a_column_fail_other_than_by_refusing_it(text: str) -> None:
    for kind in KINDS.values():
        for column in kind.columns:
            with contextlib.suppress(CellError):
                value = column.type.read(text, LONDON)
                assert column.type.read(column.type.write(value, LONDON), LONDON) == value


@given(
    st.integers(0, 10**9),
    st.decimals(0, 10**8, places=4, allow_nan=False),
    st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31)),
    st.integers(31_536_000, 7_000_000_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)),
    st.floats(-180, 180, allow_nan=False).map(lambda degrees: round(degrees, 7)),
)
def test_what_is_written_is_read_as_the_same_value(
    number: int, amount: Decimal, day: dt.date, at: dt.datetime, degrees: float
) -> None:
    for column, value in [
        (WholeNumber(), number),
        (Amount(), amount),
        (Day(), day),
        (Instant(), at),
        (Degrees(180), degrees),
    ]:
        assert column.read(column.write(value, LONDON), LONDON) == value

"""Settings that no company can run under are refused, each by its name; those at the very edge are not."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from raincheck.core.errors import Malformed
from raincheck.core.settings import Settings, Weights, check_settings

ZERO_OR_MORE_DAYS = ("handling_days", "transit_days", "receiving_days", "hold_days", "lend_days", "margin_days")
EDGES: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    **dict.fromkeys((*ZERO_OR_MORE_DAYS, "reminder_days"), ((0, 3_650), (-1, 3_651))),
    "link_days": ((1, 3_650), (0, 3_651)),
    "latest_days": ((None, 0, 3_650), (-1, 3_651)),
    "advance_consent_days": ((None, 1, 3_650), (0, 3_651)),
    "feedback_days": ((None, 0, 3_650), (-1, 3_651)),
    "merge_hours": ((0, 8_760), (-1, 8_761)),
    "minimum_shipment_units": ((0, 1_000_000), (-1, 1_000_001)),
    "minimum_shipment_value": ((Decimal(0), Decimal("999999999999.99")), (Decimal("-0.01"), Decimal(10) ** 12)),
    "settle_minutes": ((0,), (-1,)),
    "inbound_share": ((Decimal(0), Decimal(1)), (Decimal("-0.1"), Decimal("1.1"))),
    "promise_confidence": ((None, Decimal("0.01"), Decimal(1)), (Decimal(0), Decimal("1.01"))),
    "capture_variance": ((Decimal(0), Decimal(1)), (Decimal("-0.1"), Decimal("1.1"))),
    "parcel_cost": ((Decimal(0), Decimal("999999999.99")), (Decimal("-0.01"), Decimal(10) ** 9)),
    "waiting_percent": ((Decimal(0), Decimal(100)), (Decimal("-0.1"), Decimal("100.1"))),
    "timezone": (("UTC", "Europe/Paris"), ("Mars/Base", "../etc/passwd", "")),
    "working_days": ((("sun",), ("mon", "fri")), ((), ("mon", "someday"))),
    "backorders": (("allow", "deny"), ("maybe",)),
    "warehouse": (("automatic", "manual"), ("robot",)),
    "told_dates": (("keep", "by_rank"), ("",)),
    "replenish": (("review", "order", "pack", "ship"), ("never",)),
    "law": (("none", "us-ftc-435", "eu-2011-83"), ("eu",)),
    "site_choice": (("most_lines", "fewest_parcels", "cheapest", "nearest"), ("dearest",)),
    "language": (("en", "de", "es"), ("fr",)),
    "charge": (("shipment", "order", "deposit:0.2"), ("later", "deposit:", "deposit:1", "deposit:0.12345")),
    "contact_email": (("x" * 200,), ("x" * 201,)),
    "contact_phone": (("x" * 200,), ("x" * 201,)),
    "postal_address": (("x" * 400,), ("x" * 401,)),
    "authorisation_days": (
        ((("visa", 1),), (("visa", 365), ("amex_merchant", 2))),
        ((("visa", 0),), (("visa", 366),), (("visit", 7),)),
    ),
}  # fmt: skip
"""By setting: values that are taken, and values that are not."""


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (taken, _) in EDGES.items() for value in taken])
def test_a_value_at_the_edge_is_taken(name: str, value: Any) -> None:
    check_settings(replace(Settings(), **{name: value}))


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, out) in EDGES.items() for value in out])
def test_a_value_beyond_it_is_refused_by_the_name_of_the_setting(name: str, value: Any) -> None:
    named = name.removesuffix("_units").removesuffix("_value") if name.startswith("minimum") else name
    with pytest.raises(Malformed, match=r"deposit|charge" if name == "charge" else named):
        check_settings(replace(Settings(), **{name: value}))


@pytest.mark.parametrize("weight", [field.name for field in fields(Weights)])
def test_no_weight_is_negative_nor_beyond_a_thousand(weight: str) -> None:
    for value in (0, 1_000):
        check_settings(Settings(weights=Weights(**{weight: Decimal(value)})))
    for value in (-1, 1_001):
        with pytest.raises(Malformed, match=weight):
            check_settings(Settings(weights=Weights(**{weight: Decimal(value)})))


@pytest.mark.parametrize(("begins", "ends"), [("", ""), ("22:00", "07:00"), ("13:00", "14:30")])
def test_quiet_hours_have_a_beginning_and_an_end_or_neither(begins: str, ends: str) -> None:
    check_settings(Settings(quiet_from=begins, quiet_until=ends))


@pytest.mark.parametrize(
    ("begins", "ends", "named"),
    [
        ("22:00", "", "quiet_until"), ("", "07:00", "quiet_from"), ("late", "07:00", "quiet_from"),
        ("22:00", "07:00+01:00", "quiet_until"), ("22:00", "22:00", "two times of day"),
    ],
)  # fmt: skip
def test_quiet_hours_that_nobody_can_keep_are_refused(begins: str, ends: str, named: str) -> None:
    with pytest.raises(Malformed, match=named):
        check_settings(Settings(quiet_from=begins, quiet_until=ends))


def test_the_calendar_and_the_road_are_those_of_the_settings() -> None:
    settings = Settings(
        timezone="America/New_York", working_days=("tue", "sun"), holidays=(date(2026, 3, 3),),
        receiving_days=1, handling_days=2, transit_days=3,
    )  # fmt: skip
    road = settings.road
    assert (road.receiving_days, road.handling_days, road.transit_days) == (1, 2, 3)
    assert road.calendar == settings.calendar
    assert str(road.calendar.zone) == "America/New_York"
    assert [road.calendar.is_working_day(date(2026, 3, day)) for day in (2, 3, 8, 10)] == [False, False, True, True]

"""The figures of the Money page, counted by hand: each is the sum of what stands behind it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.gateways.card_shop import open_shop, order, pay

from raincheck.actions.move_stock import return_goods
from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.runner import play
from raincheck.store.reads.company import CompanyFace, company_face
from raincheck.store.reads.money_fees import fee_rows, fees_by_month
from raincheck.store.reads.money_late import late_by_month, late_open, late_rows
from raincheck.store.reads.money_prepaid import prepaid_by_age, prepaid_rows
from raincheck.store.reads.money_waiting import (
    WaitingFilter,
    waiting_by_product,
    waiting_by_supplier,
    waiting_by_week,
    waiting_in_all,
    waiting_rows,
)

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 9, tzinfo=UTC)

# P1 brings nothing until the 20th although the 5th was told; Ann gives up, Bob waits, Cay has no date at all.
LATE = """\
drill: 1
starts: 2026-03-02T09:00:00Z
settings: {charge: order, settle_minutes: 0}
sites: {east: {}}
suppliers: {acme: {name: Acme}, zen: {}}
products:
  lamp: {price: "40.00", supplier: acme}
  vase: {price: "15.00"}
stock: {east: {lamp: 1}}
customers: {ann: {}, bob: {}, cay: {}}
purchase_orders:
  P1: {supplier: acme, site: east, due: 3d, state: confirmed, lines: {lamp: 9}}
events:
  - {at: 0h, order: {ref: O1, customer: ann, lines: {lamp: 3}}}
  - {at: 1h, order: {ref: O2, customer: bob, lines: {lamp: 2}}}
  - {at: 2h, order: {ref: O3, customer: cay, lines: {vase: 4}}}
  - {at: 2d, reschedule: {po: P1, due: 18d}}
  - {at: 3d, cancel: {order: O1}}
"""


@pytest.fixture
def late(tmp_path: Path) -> CompanyFace:
    """A company whose truck is late."""
    return _played(tmp_path, LATE)


def _played(folder: Path, text: str) -> CompanyFace:
    file = folder / "drill.yaml"
    file.write_text(text)
    play(read_drill(file))
    return company_face()


def test_fees_are_counted_by_month_of_the_company() -> None:
    open_shop(MARCH, lamps=20)
    order("O1", 1, MARCH)
    order("O2", 2, MARCH)
    order("O3", 1, APRIL)
    pay(APRIL)
    return_goods("O2", {"lamp": 1}, at=APRIL)
    pay(APRIL)
    april, march = fees_by_month(company_face(), 12)
    assert (march.month, march.captures, march.captured, march.fees) == (
        date(2026, 3, 1), 2, Decimal(120), Decimal("1.46") + Decimal("2.62"),
    )  # fmt: skip
    assert (april.captured, april.refunded, april.fees, april.unknown) == (
        Decimal(40), Decimal(40), Decimal("1.46"), 0,
    )  # fmt: skip
    assert march.share == Decimal("3.40")
    behind = fee_rows(company_face(), date(2026, 3, 1), None)
    assert sum(row.fee or 0 for row in behind) == march.fees
    assert [row.order_ref for row in fee_rows(company_face(), None, 1)] == ["O2"], "the refund is the latest"


def test_what_was_paid_and_is_not_with_the_customer_is_owed(late: CompanyFace) -> None:
    """Ann had one lamp and got two thirds back; Bob has paid for two that have not come, Cay for four vases."""
    found = prepaid_by_age(late, date(2026, 3, 5))
    assert [(one.age, one.orders, one.owed) for one in found] == [("0", 2, Decimal(140))]
    rows = prepaid_rows(late, date(2026, 3, 20), "8", None)
    assert [(row.order_ref, row.paid, row.earned, row.owed) for row in rows] == [
        ("O2", Decimal(80), Decimal(0), Decimal(80)),
        ("O3", Decimal(60), Decimal(0), Decimal(60)),
    ]
    assert prepaid_rows(late, date(2026, 3, 20), "91", None) == []


def test_a_shipping_fee_and_tax_are_earned_with_the_goods() -> None:
    """One lamp of two is there: its tax and the shipping fee are earned with it, the rest is owed."""
    from raincheck.actions.place_order import place_order
    from raincheck.actions.terms import AskedLine, OrderRequest

    open_shop(MARCH, lamps=1, charge="order")
    place_order(
        OrderRequest("O1", (AskedLine("lamp", 2),), customer="ann", shipping_fee=Decimal(6), tax=Decimal(8)), MARCH
    )
    (row,) = prepaid_rows(company_face(), date(2026, 3, 2), "", None)
    assert (row.paid, row.earned, row.owed) == (Decimal(94), Decimal(50), Decimal(44))


def test_money_waits_by_week_product_and_supplier(late: CompanyFace) -> None:
    assert (waiting_in_all().orders, waiting_in_all().units, waiting_in_all().value) == (2, 6, Decimal(140))
    assert [(one.key, one.value) for one in waiting_by_week()] == [("2026-03-16", Decimal(80)), ("", Decimal(60))]
    assert [(one.label, one.units) for one in waiting_by_product()] == [("lamp", 2), ("vase", 4)]
    assert [(one.label, one.value) for one in waiting_by_supplier()] == [("Acme", Decimal(80)), ("", Decimal(60))]
    for wanted, orders in (
        (WaitingFilter(), ["O2", "O3"]),
        (WaitingFilter(week=date(2026, 3, 16)), ["O2"]),
        (WaitingFilter(is_undated=True), ["O3"]),
        (WaitingFilter(sku="vase"), ["O3"]),
        (WaitingFilter(supplier="acme"), ["O2"]),
        (WaitingFilter(supplier="zen"), []),
    ):
        assert [row.order_ref for row in waiting_rows(wanted, None)] == orders


def test_what_a_delay_made_customers_cancel_is_counted_with_its_refund(late: CompanyFace) -> None:
    (march,) = late_by_month(late, date(2026, 3, 5), 12)
    assert (march.cancelled_units, march.cancelled_value, march.refunded) == (2, Decimal(80), Decimal(80))
    assert (march.law_units, march.arrived_units) == (0, 0)
    (row,) = late_rows(late, date(2026, 3, 5), date(2026, 3, 1), "cancelled", None)
    assert row.days_late is None, "cancelled before the day that was told first"


def test_what_is_late_and_open_counts_until_it_goes(late: CompanyFace) -> None:
    today = date(2026, 3, 10)
    assert (late_open(late, today).orders, late_open(late, today).value) == (1, Decimal(80))
    (row,) = late_rows(late, today, None, "open", None)
    assert (row.order_ref, row.units, row.first_promise_on, row.days_late) == ("O2", 2, date(2026, 3, 5), 5)
    assert late_open(late, date(2026, 3, 5)).units == 0, "on the day itself nothing is late"


def test_what_came_late_is_counted_in_the_month_in_which_it_came(tmp_path: Path) -> None:
    text = LATE.replace("settle_minutes: 0", "settle_minutes: 0, transit_days: 2").replace(
        "  - {at: 3d, cancel",
        "  - {at: 18d, receive: {po: P1, lines: {lamp: 9}}}\n  - {at: 25d, wait: {}}\n  - {at: 25d, cancel",
    )
    company = _played(tmp_path, text.replace("cancel: {order: O1}", "cancel: {order: O3}"))
    (march,) = late_by_month(company, date(2026, 4, 1), 12)
    assert (march.arrived_units, march.arrived_value) == (4, Decimal(160))
    assert march.cancelled_units == 0, "nobody had told Cay a day"
    rows = late_rows(company, date(2026, 4, 1), date(2026, 3, 1), "arrived", None)
    assert sorted((row.order_ref, row.units, row.days_late) for row in rows) == [("O1", 2, 15), ("O2", 2, 15)]


def test_what_the_law_cancels_is_counted_apart(tmp_path: Path) -> None:
    text = LATE.replace("settle_minutes: 0", "settle_minutes: 0, law: us-ftc-435").replace(
        "  - {at: 3d, cancel: {order: O1}}", "  - {at: 40d, wait: {}}"
    )
    company = _played(tmp_path, text)
    months = {one.month: one for one in late_by_month(company, date(2026, 4, 20), 12)}
    assert sum(one.law_units for one in months.values()) > 0
    for month, one in months.items():
        behind = late_rows(company, date(2026, 4, 20), month, "law", None)
        assert sum(row.units for row in behind) == one.law_units
        assert one.refunded == one.cancelled_value, "all of it had been paid"

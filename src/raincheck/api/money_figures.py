"""The figures of the company's money as of now. The orders behind each are lists (`money_behind`)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ninja import Router

from raincheck.api.answers import Answer, reads
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.shapes.money_figures import MoneyFiguresAnswer
from raincheck.core.money import plain
from raincheck.store.reads.company import CompanyFace, company_face
from raincheck.store.reads.company_day import company_today
from raincheck.store.reads.money_fees import FeesOfMonth
from raincheck.store.reads.money_figures import MoneyFigures, money_figures
from raincheck.store.reads.money_late import LateOfMonth
from raincheck.store.reads.money_processor import LastReconciliation
from raincheck.store.reads.money_waiting import Waiting
from raincheck.store.reads.paying import FailedRefund

router = Router(tags=["Money"], by_alias=True)


@router.get(
    "/money",
    auth=ApiKey("money.view"),
    response=MoneyFiguresAnswer,
    operation_id="getMoneyFigures",
    summary="What is paid in advance, waits, came late, and what cards cost",
)
@reads
def show(request: ApiRequest) -> Answer:  # noqa: ARG001 - a call takes its request
    """The figures of the page Money as of now, all of one instant. The orders behind each are lists of their own."""
    company = company_face()
    return Answer(_shown(company, money_figures(company, company_today())))


def compared(run: LastReconciliation) -> dict[str, Any]:
    """A comparison as it is answered (`Compared`)."""
    return {
        "at": run.at,
        "by": run.by,
        "file": run.file_name,
        "starts_at": run.starts_at,
        "ends_at": run.ends_at,
        "rows": run.rows,
        "matched": run.matched,
        "differences": run.differences,
        "left_aside": run.left_aside,
    }


def _shown(company: CompanyFace, found: MoneyFigures) -> dict[str, Any]:
    def money(amount: Decimal) -> str:
        return plain(amount, company.currency)

    def group(one: Waiting) -> dict[str, Any]:
        return {"orders": one.orders, "units": one.units, "value": money(one.value)}

    return {
        "as_of": found.as_of,
        "today": found.today,
        "timezone": company.timezone,
        "currency": company.currency,
        "prepaid": {
            "owed": money(found.owed),
            "orders": found.owed_orders,
            "by_age": [{"age": one.age, "orders": one.orders, "owed": money(one.owed)} for one in found.prepaid],
        },
        "waiting": {
            **group(found.waiting),
            "by_week": [{"week_from": one.key or None, **group(one)} for one in found.by_week],
            "by_product": [{"sku": one.key, "product": one.label, **group(one)} for one in found.by_product],
            "by_supplier": [
                {"supplier": one.key or None, "name": one.label, **group(one)} for one in found.by_supplier
            ],
        },
        "late": {
            "open": {
                "orders": found.late_open.orders,
                "units": found.late_open.units,
                "value": money(found.late_open.value),
            },
            "by_month": [_late_of_month(one, money) for one in found.late],
        },
        "fees": {"by_month": [_fees_of_month(one, money) for one in found.fees]},
        "refunds_to_pay": _to_pay_back(found.refunds),
        "last_comparison": compared(found.run) if found.run else None,
    }


def _late_of_month(one: LateOfMonth, money: Callable[[Decimal], str]) -> dict[str, Any]:
    return {
        "month": f"{one.month:%Y-%m}",
        "law_units": one.law_units,
        "cancelled_units": one.cancelled_units,
        "cancelled_value": money(one.cancelled_value),
        "refunded": money(one.refunded),
        "arrived_units": one.arrived_units,
        "arrived_value": money(one.arrived_value),
    }


def _fees_of_month(one: FeesOfMonth, money: Callable[[Decimal], str]) -> dict[str, Any]:
    return {
        "month": f"{one.month:%Y-%m}",
        "captures": one.captures,
        "captured": money(one.captured),
        "refunded": money(one.refunded),
        "fees": money(one.fees),
        "unknown": one.unknown,
    }


def _to_pay_back(refunds: Sequence[FailedRefund]) -> list[dict[str, Any]]:
    """What is owed by another way, by currency."""
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for one in refunds:
        amounts[one.currency].append(one.amount)
    return [
        {"currency": currency, "refunds": len(found), "owed": plain(sum(found, Decimal(0)), currency)}
        for currency, found in sorted(amounts.items())
    ]

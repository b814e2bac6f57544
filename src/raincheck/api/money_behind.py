"""The orders behind each figure of the company's money, as lists to go through page by page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast

from django.utils import timezone
from ninja import Query, Router

from raincheck.api.answers import Answer, reads
from raincheck.api.cursor import cut, number_in, opened
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.money_figures import compared
from raincheck.api.shapes.money_behind import (
    DifferencesAnswer,
    FeesAnswer,
    LateAnswer,
    LateQuery,
    MoneyWaitingAnswer,
    MonthQuery,
    PageQuery,
    PrepaidAnswer,
    PrepaidQuery,
    RefundsAnswer,
    WaitingQuery,
)
from raincheck.core.money import plain
from raincheck.store.reads.company import company_face
from raincheck.store.reads.company_day import company_today
from raincheck.store.reads.money_fees import FeeRow, fee_rows
from raincheck.store.reads.money_late import START, LateRow, late_rows
from raincheck.store.reads.money_late import Place as LatePlace
from raincheck.store.reads.money_prepaid import PrepaidRow, prepaid_rows
from raincheck.store.reads.money_processor import DifferenceRow, differences, last_reconciliation, reconciliation
from raincheck.store.reads.money_processor import Place as DifferencePlace
from raincheck.store.reads.money_waiting import WaitingFilter, WaitingRow, waiting_rows
from raincheck.store.reads.paying import FailedRefund, refunds_to_pay

router = Router(tags=["Money"], by_alias=True)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DIFFERENCE: Final[DifferencePlace] = (0, 0)
"""Before the first of a comparison."""
_UNDATED: Final = {"": None, "true": True, "false": False}


@router.get(
    "/money/prepaid",
    auth=ApiKey("money.view"),
    response=PrepaidAnswer,
    operation_id="listPrepaid",
    summary="Orders that are paid and not delivered",
)
@reads
def prepaid(request: ApiRequest, asked: Query[PrepaidQuery]) -> Answer:  # noqa: ARG001
    """As of now, the oldest order first. Pages by cursor; each page is counted when it is asked for."""
    company, at = company_face(), timezone.now()
    found = prepaid_rows(company, company_today(), asked.age, asked.limit + 1, number_in(asked.cursor, "prepaid") or 0)
    rows, cursor = cut("prepaid", found, asked.limit, lambda row: (row.id,))
    return _list("prepaid", at, [_prepaid(row, company.currency) for row in rows], cursor)


@router.get(
    "/money/waiting",
    auth=ApiKey("money.view"),
    response=MoneyWaitingAnswer,
    operation_id="listMoneyThatWaits",
    summary="Lines whose units are sold and not on the shelf",
)
@reads
def waiting(request: ApiRequest, asked: Query[WaitingQuery]) -> Answer:  # noqa: ARG001
    """As of now, the line that was ordered first at the head. Pages by cursor; each page is counted when it is asked
    for.
    """
    company, at = company_face(), timezone.now()
    wanted = WaitingFilter(
        week=None if asked.week is None else asked.week - timedelta(days=asked.week.weekday()),
        is_undated=_UNDATED[asked.undated],
        sku=asked.sku or "",
        supplier=asked.supplier or "",
    )
    found = waiting_rows(wanted, asked.limit + 1, number_in(asked.cursor, "waiting") or 0)
    rows, cursor = cut("waiting", found, asked.limit, lambda row: (row.id,))
    return _list("waiting", at, [_waiting(row, company.currency) for row in rows], cursor)


@router.get(
    "/money/late",
    auth=ApiKey("money.view"),
    response=LateAnswer,
    operation_id="listLate",
    summary="What came late, was cancelled after a delay, or is late and open",
)
@reads
def late(request: ApiRequest, asked: Query[LateQuery]) -> Answer:  # noqa: ARG001
    """Order by order, the oldest first. Pages by cursor; each page is counted when it is asked for."""
    company, at = company_face(), timezone.now()
    after = cast("LatePlace", opened(asked.cursor, "late", int, str, int, str) or START)
    found = late_rows(company, company_today(), _first_day(asked.month), asked.kind, asked.limit + 1, after)
    rows, cursor = cut("late", found, asked.limit, lambda row: row.place)
    return _list("late", at, [_late(row, company.currency) for row in rows], cursor)


@router.get(
    "/money/fees",
    auth=ApiKey("money.view"),
    response=FeesAnswer,
    operation_id="listFees",
    summary="What each charge of a card cost",
)
@reads
def fees(request: ApiRequest, asked: Query[MonthQuery]) -> Answer:  # noqa: ARG001
    """Captures and refunds that the processor carried out, the one that was asked for first at the head. Pages by
    cursor.
    """
    company, at = company_face(), timezone.now()
    found = fee_rows(company, _first_day(asked.month), asked.limit + 1, number_in(asked.cursor, "fees") or 0)
    rows, cursor = cut("fees", found, asked.limit, lambda row: (row.id,))
    return _list("fees", at, [_fee(row, company.currency) for row in rows], cursor)


@router.get(
    "/money/refunds",
    auth=ApiKey("money.view"),
    response=RefundsAnswer,
    operation_id="listRefundsToPay",
    summary="Refunds that no card took",
)
@reads
def refunds(request: ApiRequest, asked: Query[PageQuery]) -> Answer:  # noqa: ARG001
    """Owed by another way, the earliest first, until that is on record. Pages by cursor."""
    at, after = timezone.now(), opened(asked.cursor, "refunds", int, int) or (-1, 0)
    found = [one for one in refunds_to_pay() if _place(one) > after]
    rows, cursor = cut("refunds", found, asked.limit, _place)
    return _list("refunds", at, [_refund(row) for row in rows], cursor)


@router.get(
    "/money/differences",
    auth=ApiKey("money.view"),
    response=DifferencesAnswer,
    operation_id="listDifferences",
    summary="Where the processor's file and the ledger disagree",
)
@reads
def show_differences(request: ApiRequest, asked: Query[PageQuery]) -> Answer:  # noqa: ARG001
    """Those of the latest comparison, in the order of its file; what only the ledger has comes last. Pages by cursor: a
    list that was begun is gone through to its end, whatever is compared meanwhile.
    """
    place = opened(asked.cursor, "differences", int, int, int)
    if place is not None:
        run, line, id_ = map(int, place)
        return Answer(differences_of(run, (line, id_), asked.limit))
    latest = last_reconciliation()
    return Answer(differences_of(latest.id if latest else 0, FIRST_DIFFERENCE, asked.limit))


def differences_of(run: int, after: DifferencePlace, limit: int) -> dict[str, Any]:
    """A page of the differences of a comparison as it is answered (`DifferencesAnswer`)."""
    kept = reconciliation(run)
    rows, cursor = cut("differences", differences(run, limit + 1, after), limit, lambda row: (run, *row.place))
    return {
        "comparison": compared(kept) if kept else None,
        "differences": [_difference(row) for row in rows],
        "next_cursor": cursor,
    }


def _difference(row: DifferenceRow) -> dict[str, Any]:
    return {
        "difference": row.difference,
        "line": row.line,
        "key": row.key or None,
        "reference": row.reference or None,
        "order": row.order_ref or None,
        "kind": row.kind,
        "currency": row.currency,
        "their_currency": row.their_currency,
        "ours": _amount(row.ours, row.currency),
        "theirs": _amount(row.theirs, row.their_currency),
    }


def _list(name: str, at: datetime, rows: list[dict[str, Any]], cursor: str | None) -> Answer:
    return Answer({"as_of": at, name: rows, "next_cursor": cursor})


def _first_day(month: str) -> date | None:
    return date.fromisoformat(f"{month}-01") if month else None


def _place(refund: FailedRefund) -> tuple[int, int]:
    """Where a refund stands in the list: its instant in microseconds, its order."""
    return (refund.at - _EPOCH) // timedelta(microseconds=1), refund.order


def _amount(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else plain(amount, currency)


def _prepaid(row: PrepaidRow, currency: str) -> dict[str, Any]:
    return {
        "order": row.order_ref,
        "customer": row.customer_code or None,
        "placed_at": row.placed_at,
        "days_old": row.days_old,
        "age": row.age,
        "state": row.state,
        "paid": plain(row.paid, currency),
        "earned": plain(row.earned, currency),
        "owed": plain(row.owed, currency),
        "currency": currency,
    }


def _waiting(row: WaitingRow, currency: str) -> dict[str, Any]:
    return {
        "order": row.order_ref,
        "customer": row.customer_code or None,
        "placed_at": row.placed_at,
        "sku": row.sku,
        "supplier": row.supplier or None,
        "units": row.units,
        "value": plain(row.value, currency),
        "currency": currency,
        "expected_on": row.expected_on,
        "week_from": row.week,
        "reason": row.reason,
    }


def _late(row: LateRow, currency: str) -> dict[str, Any]:
    return {
        "at": row.at,
        "month": f"{row.month:%Y-%m}",
        "order": row.order_ref,
        "sku": row.sku,
        "supplier": row.supplier or None,
        "kind": row.kind,
        "units": row.units,
        "value": plain(row.value, currency),
        "currency": currency,
        "first_promise_on": row.first_promise_on,
        "days_late": row.days_late,
    }


def _fee(row: FeeRow, currency: str) -> dict[str, Any]:
    return {
        "at": row.at,
        "month": f"{row.month:%Y-%m}",
        "order": row.order_ref,
        "kind": row.kind,
        "amount": plain(row.amount, currency),
        "fee": _amount(row.fee, currency),
        "currency": currency,
        "scheme": row.scheme or None,
        "reference": row.reference or None,
    }


def _refund(one: FailedRefund) -> dict[str, Any]:
    return {
        "order": one.order_ref,
        "at": one.at,
        "amount": plain(one.amount, one.currency),
        "currency": one.currency,
        "reason": one.reason or None,
        "bounced": one.bounced,
    }

"""The figures of the company's money as of one instant, as the Money page and the API show them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from raincheck.store.db import run
from raincheck.store.reads.company import CompanyFace
from raincheck.store.reads.money_fees import FeesOfMonth, fees_by_month
from raincheck.store.reads.money_late import LateOfMonth, LateOpen, late_by_month, late_open
from raincheck.store.reads.money_prepaid import PrepaidOfAge, prepaid_by_age
from raincheck.store.reads.money_processor import LastReconciliation, last_reconciliation
from raincheck.store.reads.money_waiting import (
    MOST,
    Waiting,
    waiting_by_product,
    waiting_by_supplier,
    waiting_by_week,
    waiting_in_all,
)
from raincheck.store.reads.paying import FailedRefund, refunds_to_pay

MONTHS: Final = 12
"""How many months are shown."""


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """All figures of one instant, in the company's currency: those that belong together add up.

    `by_product` and `by_supplier` are the `MOST` dearest. `refunds` is money that no card took back, and that is owed
    by another way.
    """

    as_of: datetime
    today: date
    prepaid: list[PrepaidOfAge]
    waiting: Waiting
    by_week: list[Waiting]
    by_product: list[Waiting]
    by_supplier: list[Waiting]
    late: list[LateOfMonth]
    late_open: LateOpen
    fees: list[FeesOfMonth]
    refunds: list[FailedRefund]
    run: LastReconciliation | None

    @property
    def owed(self) -> Decimal:
        """What customers have paid for and do not have."""
        return sum((one.owed for one in self.prepaid), Decimal(0))

    @property
    def owed_orders(self) -> int:
        """How many orders that is owed on."""
        return sum(one.orders for one in self.prepaid)


def money_figures(company: CompanyFace, today: date) -> MoneyFigures:
    """All of them, read from one snapshot: a sale meanwhile shows in all of them or in none."""
    with transaction.atomic():
        if not connection.savepoint_ids:  # Within another transaction its snapshot holds, and cannot be changed.
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return MoneyFigures(
            as_of=timezone.now(),
            today=today,
            prepaid=prepaid_by_age(company, today),
            waiting=waiting_in_all(),
            by_week=waiting_by_week(),
            by_product=waiting_by_product()[:MOST],
            by_supplier=waiting_by_supplier()[:MOST],
            late=late_by_month(company, today, MONTHS),
            late_open=late_open(company, today),
            fees=fees_by_month(company, MONTHS),
            refunds=refunds_to_pay(),
            run=last_reconciliation(),
        )

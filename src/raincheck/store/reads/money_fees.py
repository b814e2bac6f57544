"""What card payments cost: the processor's fees by month of the company's calendar, and the requests behind them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.store.reads.company import CompanyFace
from raincheck.store.reads.named import named_rows

_MOVED: Final = """
    SELECT r.id, coalesce(m.at, r.answered_at) AS at, o.ref AS order_ref, r.kind, r.amount, r.fee, r.scheme,
           r.reference, date_trunc('month', coalesce(m.at, r.answered_at) AT TIME ZONE %(zone)s)::date AS month
    FROM card_request r JOIN sales_order o ON o.id = r.order_id LEFT JOIN payment m ON m.request_id = r.id
    WHERE r.state = 'approved' AND r.kind IN ('capture', 'refund') AND r.currency = %(currency)s"""


@dataclass(frozen=True, slots=True)
class FeesOfMonth:
    """A month: what was captured and refunded by card, and what the processor took.

    `unknown` of the captures have no fee yet: the processor's file brings it (reconciliation).
    """

    month: date
    captures: int
    captured: Decimal
    refunded: Decimal
    fees: Decimal
    unknown: int

    @property
    def share(self) -> Decimal | None:
        """The fees in percent of what was captured."""
        return 100 * self.fees / self.captured if self.captured else None


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A capture or refund that the processor carried out. `fee` None: not known yet."""

    id: int
    at: datetime
    order_ref: str
    kind: str
    amount: Decimal
    fee: Decimal | None
    scheme: str
    reference: str
    month: date


def fees_by_month(company: CompanyFace, months: int) -> list[FeesOfMonth]:
    """The latest months in which cards were charged, the newest first."""
    return named_rows(
        FeesOfMonth,
        f"""SELECT month, (count(*) FILTER (WHERE kind = 'capture'))::int AS captures,
                   coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
                   coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded,
                   coalesce(sum(fee), 0) AS fees,
                   (count(*) FILTER (WHERE kind = 'capture' AND fee IS NULL))::int AS unknown
            FROM ({_MOVED}) v GROUP BY month ORDER BY month DESC LIMIT %(months)s""",
        {**_params(company), "months": months},
    )


def fee_rows(company: CompanyFace, month: date | None, limit: int | None, after: int | None = None) -> list[FeeRow]:
    """What is behind a month (None: all), the newest first; at most `limit`.

    With `after` by their ids, those behind that one alone: a list to go through page by page.
    """
    return named_rows(
        FeeRow,
        f"""SELECT * FROM ({_MOVED}) v
            WHERE (%(month)s::date IS NULL OR month = %(month)s) AND (%(after)s::bigint IS NULL OR id > %(after)s)
            ORDER BY {"at DESC, id DESC" if after is None else "id"} LIMIT %(limit)s""",
        {**_params(company), "month": month, "limit": limit, "after": after},
    )


def _params(company: CompanyFace) -> dict[str, Any]:
    return {"zone": company.timezone, "currency": company.currency}

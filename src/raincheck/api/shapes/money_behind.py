"""The orders behind the figures of the company's money, in and out."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from raincheck.api.shapes.fields import Code, Day, Shape, Sku
from raincheck.api.shapes.lists import EMPTY, Cursor, Limit, NextCursor, asked
from raincheck.api.shapes.money_figures import AGES, Age, Amount, Compared, Currency, Month
from raincheck.core.reason import Reason

LateKind = Literal["law", "cancelled", "arrived", "open"]
DifferenceKind = Literal["missing_here", "missing_there", "twice", "kind", "currency", "amount", "fee"]
MONTH_PATTERN = "^((19[7-9][0-9]|2[01][0-9][0-9])-(0[1-9]|1[0-2]))?$"
_KINDS = "law: cancelled by law. cancelled: after a delay. arrived: delivered late. open: late and still open."


class MonthQuery(Shape):
    """Which month. Empty filters ask nothing."""

    month: Annotated[str, Field(pattern=MONTH_PATTERN, description="Such as 2026-03, of the company's calendar.")] = ""
    limit: Limit = 100
    cursor: Cursor = ""


class LateQuery(MonthQuery):
    """Which lateness. Empty filters ask nothing."""

    month: Annotated[
        str,
        Field(
            pattern=MONTH_PATTERN,
            description="Such as 2026-03: what ended late in that month of the company's calendar; nothing open then.",
        ),
    ] = ""
    kind: Annotated[Literal["law", "cancelled", "arrived", "open", ""], Field(description=_KINDS)] = ""


class PrepaidQuery(Shape):
    """Orders of which age. Empty filters ask nothing."""

    age: Annotated[Literal["0", "8", "31", "61", "91", ""], Field(description=AGES)] = ""
    limit: Limit = 100
    cursor: Cursor = ""


class WaitingQuery(Shape):
    """Which of the money that waits. Empty filters ask nothing."""

    week: Annotated[
        Day | None,
        EMPTY,
        WithJsonSchema(
            {
                "type": "string",
                "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$",
                "description": "What is expected in the week of this day.",
            }
        ),
    ] = None
    undated: Annotated[
        Literal["true", "false", ""], Field(description="true: only what nobody can date. false: only what has a date.")
    ] = ""
    sku: Annotated[Sku | None, EMPTY, asked("This product.")] = None
    supplier: Annotated[Code | None, EMPTY, asked("Products of this supplier.")] = None
    limit: Limit = 100
    cursor: Cursor = ""


class PageQuery(Shape):
    """Which page."""

    limit: Limit = 100
    cursor: Cursor = ""


class FeeRow(BaseModel):
    """A capture or refund that the processor carried out."""

    at: datetime
    month: Month
    order: str
    kind: Literal["capture", "refund"]
    amount: Amount
    fee: Annotated[str | None, Field(description="What the processor took for it; null: not known yet.")]
    currency: Currency
    scheme: Annotated[str | None, Field(description="The card.", examples=["visa"])]
    reference: Annotated[str | None, Field(description="What the processor calls it.", examples=["ch_3Nk"])]


class PrepaidRow(BaseModel):
    """An order: paid = earned + owed."""

    order: str
    customer: str | None
    placed_at: datetime
    days_old: int
    age: Age
    state: str
    paid: Annotated[str, Field(description="Captured, less refunded.", examples=["120.00"])]
    earned: Annotated[str, Field(description="What of it was shipped and kept.", examples=["40.00"])]
    owed: Amount
    currency: Currency


class WaitingRow(BaseModel):
    """A line of which units wait."""

    order: str
    customer: str | None
    placed_at: datetime
    sku: str
    supplier: str | None
    units: int
    value: Annotated[str, Field(description="At the order's price.", examples=["120.00"])]
    currency: Currency
    expected_on: Annotated[date | None, Field(description="Of the last of its open units.")]
    week_from: date | None
    reason: Reason


class LateRow(BaseModel):
    """Late units of a line, by one cancel or parcel, or still open."""

    at: Annotated[datetime | None, Field(description="When they were cancelled or arrived; null: still open.")]
    month: Month
    order: str
    sku: str
    supplier: str | None
    kind: Annotated[LateKind, Field(description=_KINDS)]
    units: int
    value: Annotated[str, Field(description="At the order's price.", examples=["120.00"])]
    currency: Currency
    first_promise_on: date | None
    days_late: Annotated[int | None, Field(description="From the first promise; null: it had not come yet.")]


class RefundRow(BaseModel):
    """Money that a card did not take back, owed by another way."""

    order: str
    at: datetime
    amount: Amount
    currency: Currency
    reason: Annotated[str | None, Field(description="What the processor said.")]
    bounced: Annotated[bool, Field(description="The processor had said yes at first.")]


class DifferenceRow(BaseModel):
    """Where the processor's file and the ledger disagree."""

    difference: DifferenceKind
    line: Annotated[int | None, Field(description="Of the file; null: only the ledger has it.")]
    key: Annotated[str | None, Field(description="The request's, as the processor was sent it.")]
    reference: Annotated[str | None, Field(description="What the processor calls it.")]
    order: str | None
    kind: Literal["capture", "refund"]
    currency: Annotated[str, Field(description="The ledger's, where it has an entry.")]
    their_currency: Annotated[str, Field(description="The file's.")]
    ours: Annotated[str | None, Field(description="In `currency`; null: the ledger has none.")]
    theirs: Annotated[str | None, Field(description="In `their_currency`; null: the file has none.")]


class FeesAnswer(BaseModel):
    """A page of captures and refunds."""

    as_of: datetime
    fees: list[FeeRow]
    next_cursor: NextCursor


class PrepaidAnswer(BaseModel):
    """A page of orders that are paid and not delivered."""

    as_of: datetime
    prepaid: list[PrepaidRow]
    next_cursor: NextCursor


class MoneyWaitingAnswer(BaseModel):
    """A page of lines that wait."""

    as_of: datetime
    waiting: list[WaitingRow]
    next_cursor: NextCursor


class LateAnswer(BaseModel):
    """A page of what came late."""

    as_of: datetime
    late: list[LateRow]
    next_cursor: NextCursor


class RefundsAnswer(BaseModel):
    """A page of refunds that are owed by another way."""

    as_of: datetime
    refunds: list[RefundRow]
    next_cursor: NextCursor


class DifferencesAnswer(BaseModel):
    """A page of the differences of one comparison."""

    comparison: Annotated[Compared | None, Field(description="null: no processor's file was compared yet.")]
    differences: list[DifferenceRow]
    next_cursor: NextCursor

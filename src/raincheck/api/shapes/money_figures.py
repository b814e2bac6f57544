"""The figures of the company's money."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from raincheck.words import money as words

Amount = Annotated[str, Field(description="In `currency`.", examples=["40.00"])]
Currency = Annotated[str, Field(examples=["USD"])]
Month = Annotated[str, Field(description="A month of the company's calendar.", examples=["2026-03"])]
Age = Literal["0", "8", "31", "61", "91"]
AGES = "Days since the order was placed: 0 to 7, 8 to 30, 31 to 60, 61 to 90, 91 and more, by the first of them."


class PrepaidOfAge(BaseModel):
    """Orders of an age."""

    age: Annotated[Age, Field(description=AGES)]
    orders: int
    owed: Amount


class Prepaid(BaseModel):
    __doc__ = words.PREPAID

    owed: Amount
    orders: int
    by_age: list[PrepaidOfAge]


class WaitingOfWeek(BaseModel):
    """What is expected in a week."""

    week_from: Annotated[date | None, Field(description="Its Monday; null: nobody can date it.")]
    orders: int
    units: int
    value: Amount


class WaitingOfProduct(BaseModel):
    """What waits for a product."""

    sku: str
    product: Annotated[str, Field(description="Its name.")]
    orders: int
    units: int
    value: Amount


class WaitingOfSupplier(BaseModel):
    """What waits for a supplier's goods."""

    supplier: Annotated[str | None, Field(description="null: kits, and products that name none.")]
    name: str
    orders: int
    units: int
    value: Amount


class Waiting(BaseModel):
    __doc__ = words.WAITING

    value: Amount
    units: int
    orders: int
    by_week: list[WaitingOfWeek]
    by_product: Annotated[list[WaitingOfProduct], Field(description="The ten dearest.")]
    by_supplier: Annotated[list[WaitingOfSupplier], Field(description="The ten dearest.")]


class LateOpen(BaseModel):
    """What is late today and has not left."""

    orders: int
    units: int
    value: Amount


class LateOfMonth(BaseModel):
    """What ended late in a month. `refunded` went back with its cancels."""

    month: Month
    law_units: int
    cancelled_units: int
    cancelled_value: Amount
    refunded: Amount
    arrived_units: int
    arrived_value: Amount


class Late(BaseModel):
    __doc__ = words.LATE

    open: LateOpen
    by_month: Annotated[list[LateOfMonth], Field(description="The latest twelve in which anything was, newest first.")]


class FeesOfMonth(BaseModel):
    """Card payments of a month. `unknown` of its captures have no fee yet."""

    month: Month
    captures: int
    captured: Amount
    refunded: Amount
    fees: Amount
    unknown: int


class Fees(BaseModel):
    __doc__ = words.FEES

    by_month: Annotated[list[FeesOfMonth], Field(description="The latest twelve in which anything was, newest first.")]


class ToPayBack(BaseModel):
    """Refunds that no card took and that are owed by another way, by their currency."""

    currency: Currency
    refunds: int
    owed: Amount


class Compared(BaseModel):
    """The comparison of a processor's file with the ledger."""

    at: datetime
    by: Annotated[str, Field(description="Who compared them.")]
    file: str
    starts_at: datetime
    ends_at: Annotated[datetime, Field(description="The period covers all before this instant.")]
    rows: int
    matched: int
    differences: int
    left_aside: Annotated[
        dict[str, int],
        Field(description="Rows that are no captures or refunds, by kind; `rows` leaves them out.", examples=[{}]),
    ]


class MoneyFiguresAnswer(BaseModel):
    """All figures of one instant: those that belong together add up."""

    as_of: datetime
    today: Annotated[date, Field(description="The company's day at that instant.")]
    timezone: Annotated[str, Field(description="Whose months, weeks and days these are.", examples=["Europe/Berlin"])]
    currency: Annotated[str, Field(description="Of all amounts that name no other.", examples=["USD"])]
    prepaid: Prepaid
    waiting: Waiting
    late: Late
    fees: Fees
    refunds_to_pay: list[ToPayBack]
    last_comparison: Annotated[Compared | None, Field(description="null: no processor's file was compared yet.")]

"""Purchase orders, in and out."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from raincheck.api.shapes.fields import Code, Day, Money, Shape, Sku, Units, UnitsOrNone
from raincheck.api.shapes.order import MOST_LINES

Due = Annotated[Day | None, Field(description="The day of arrival at the site, by the supplier's word.")]


class PurchaseLineBody(Shape):
    """Units of one product that are bought."""

    sku: Sku
    quantity: Units
    unit_cost: Money | None = None


class PurchaseBody(Shape):
    """A purchase order to write. Only a confirmed one is supply with a date."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "po": "P1",
                    "supplier": "acme",
                    "site": "east",
                    "due_on": "2026-03-12",
                    "state": "confirmed",
                    "lines": [{"sku": "lamp", "quantity": 10, "unit_cost": "18.00"}],
                }
            ]
        }
    )

    po: Annotated[Code, Field(description="The purchase order's reference.", examples=["P1"])]
    supplier: Code
    site: Annotated[Code, Field(description="Where it is to arrive.", examples=["east"])]
    due_on: Due = None
    ordered_on: Annotated[Day | None, Field(description="None: today, unless it is a draft.")] = None
    state: Literal["draft", "sent", "confirmed"] = "sent"
    lines: Annotated[list[PurchaseLineBody], Field(min_length=1, max_length=MOST_LINES)]


class ConfirmLine(Shape):
    """Units of one product that the supplier confirms; 0 for none."""

    sku: Sku
    quantity: UnitsOrNone


class ConfirmBody(Shape):
    """The supplier's acknowledgement. The latest word wins, but never falls below what has come."""

    due_on: Due = None
    lines: Annotated[
        list[ConfirmLine] | None,
        Field(
            min_length=1,
            max_length=MOST_LINES,
            description="None: all that was ordered. What is not named is not confirmed and is no supply.",
        ),
    ] = None


class PurchaseLine(BaseModel):
    """A line of a purchase order."""

    sku: str
    ordered: int
    confirmed: Annotated[int, Field(description="What the supplier has said will come, what has come included.")]
    received: int
    damaged: Annotated[int, Field(description="Came broken; not in `received`.")]
    inbound: Annotated[int, Field(description="Confirmed and still to come.")]
    promised: Annotated[int, Field(description="Of these, promised to orders.")]
    unit_cost: str | None
    due_on: date | None
    expected_on: Annotated[date | None, Field(description="Today's estimate; null once overdue without a record.")]


class PurchaseAnswer(BaseModel):
    """A purchase order."""

    po: str
    supplier: str | None
    site: str
    state: Literal["draft", "sent", "confirmed", "part_received", "received", "closed_short", "cancelled"]
    ordered_on: date | None
    lines: list[PurchaseLine]

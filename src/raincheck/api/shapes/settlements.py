"""A card processor's file, row by row."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from raincheck.api.shapes.fields import Day, Instant, Money, Shape, printable, text_field

MOST_ROWS = 5_000
_FEE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")


def _fee(value: Any) -> Any:
    if not isinstance(value, str) or not _FEE.fullmatch(value):
        raise PydanticCustomError("money", 'must be an amount in quotation marks such as "1.46"')
    return Decimal(value)


def _above_nothing(amount: Decimal) -> Decimal:
    if not amount:
        raise PydanticCustomError("money", "must be above 0, a refund's too")
    return amount


_Key = Annotated[
    str, text_field(64, "The request's, as the processor was sent it.", "O1-capture-1"), AfterValidator(printable)
]
_Reference = Annotated[
    str,
    text_field(200, "What the processor calls it. It counts without a key, or where the key is not known.", "ch_3Nk"),
    AfterValidator(printable),
]
_Order = Annotated[str, text_field(100, "The order, if the processor was told.", "O1"), AfterValidator(printable)]


class SettledBody(Shape):
    """What the processor captured or gave back; `key` or `reference` must be there."""

    key: _Key | None = None
    reference: _Reference | None = None
    kind: Literal["capture", "refund"]
    order: _Order | None = None
    amount: Annotated[Money, AfterValidator(_above_nothing)]
    currency: Annotated[
        str, Field(strict=True, pattern="^[A-Z]{3}$", description="Of amount and fee (ISO 4217).", examples=["USD"])
    ]
    fee: Annotated[
        Decimal | None,
        BeforeValidator(lambda value: value if value is None else _fee(value)),
        WithJsonSchema(
            {
                "anyOf": [{"type": "string", "pattern": "^-?[0-9]{1,9}(\\.[0-9]{1,4})?$"}, {"type": "null"}],
                "description": "What the processor took for it; null: the file does not say.",
                "examples": ["1.46"],
            }
        ),
    ] = None
    at: Instant

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.key and not self.reference:
            raise PydanticCustomError("nameless", "needs a key or a reference: a row names what it is about")
        return self


class SettlementsBody(Shape):
    """A processor's file, or a part of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "file": "activity-2026-03.csv",
                    "from": "2026-03-01",
                    "until": "2026-03-31",
                    "rows": [
                        {
                            "reference": "ch_3Nk",
                            "kind": "capture",
                            "amount": "40.00",
                            "currency": "USD",
                            "fee": "1.46",
                            "at": "2026-03-12T09:30:00Z",
                        }
                    ],
                }
            ]
        }
    )

    file: Annotated[
        str,
        text_field(255, "What the console and the answers call it.", "activity-2026-03.csv"),
        AfterValidator(printable),
    ]
    from_: Annotated[
        Day | None, Field(alias="from", description="The first day that it covers; that of its first row if left out.")
    ] = None
    until: Annotated[
        Day | None, Field(description="The last day that it covers; that of its last row if left out.")
    ] = None
    rows: Annotated[list[SettledBody], Field(max_length=MOST_ROWS)]

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        if not self.rows and (self.from_ is None or self.until is None):
            raise PydanticCustomError("period", "has no rows: say from and until which day it goes")
        if self.from_ and self.until and self.until < self.from_:
            raise PydanticCustomError("period", "ends before it starts")
        return self

"""Kinds of fields. Strict: a number is no text, a text is no number, and nothing is guessed."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

MOST_UNITS: Final = 1_000_000_000
MOST_MONEY: Final = Decimal(1_000_000_000)
FIRST_YEAR, LAST_YEAR = 1970, 2199

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
_MONEY = re.compile(r"[0-9]{1,10}(\.[0-9]{1,4})?")
_CONTROL_SIGN = re.compile("[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]")
# The same rule for those who read the OpenAPI document.
NO_CONTROL_SIGNS = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$"


class Shape(BaseModel):
    """What every body is: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def printable(text: str) -> str:
    if _CONTROL_SIGN.search(text):
        raise PydanticCustomError("unprintable", "holds a line break or control sign")
    if text != text.strip():
        raise PydanticCustomError("surrounded", "begins or ends with a space")
    return text


def _day(value: Any) -> Any:
    """Only a text of the form YYYY-MM-DD is a day; pydantic alone would take numbers for seconds."""
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise PydanticCustomError("day", 'must be a day such as "2026-03-02"')
    return value


def _instant(value: Any) -> Any:
    """Only a text with a day, a time and a zone is an instant; pydantic alone would take numbers for seconds."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise PydanticCustomError("instant", 'must be a time with its zone such as "2026-03-12T09:30:00Z"')
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("instant", "is no time that there is") from None
    if not FIRST_YEAR < at.year <= LAST_YEAR:
        raise PydanticCustomError("year", f"must lie in the years {FIRST_YEAR + 1} to {LAST_YEAR}")
    return at


def _in_time(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PydanticCustomError("year", f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _amount(value: Any) -> Any:
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise PydanticCustomError("money", 'must be an amount in quotation marks such as "12.50", not negative')
    if Decimal(value) > MOST_MONEY:
        raise PydanticCustomError("money", f"must be at most {MOST_MONEY}")
    return Decimal(value)


def text_field(longest: int, description: str, example: str) -> Any:
    """A text that is not empty, of so many signs at the most; goes with `printable`, which says what is wrong."""
    return Field(
        strict=True,
        min_length=1,
        max_length=longest,
        description=description,
        examples=[example],
        json_schema_extra={"pattern": NO_CONTROL_SIGNS},
    )


Ref = Annotated[
    str, text_field(100, "An order's reference. Upper and lower case differ.", "O1"), AfterValidator(printable)
]
Sku = Annotated[str, text_field(100, "A product's SKU.", "lamp"), AfterValidator(printable)]
Code = Annotated[str, text_field(100, "The code of a record.", "acme"), AfterValidator(printable)]
Channel = Annotated[str, text_field(50, "Where the order comes in.", "web"), AfterValidator(printable)]
Postcode = Annotated[str, text_field(20, "A postcode.", "10002"), AfterValidator(printable)]
Country = Annotated[
    str, Field(strict=True, pattern="^[A-Z]{2}$", description="Two capitals (ISO 3166-1 alpha-2).", examples=["US"])
]
Units = Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS, description="Whole units.", examples=[3])]
UnitsOrNone = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS, description="Whole units.", examples=[5])]
Day = Annotated[
    date,
    BeforeValidator(_day),
    AfterValidator(_in_time),
    WithJsonSchema(
        {"type": "string", "format": "date", "description": "A day at the company.", "examples": ["2026-03-12"]}
    ),
]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "A time with its zone.",
            "examples": ["2026-03-12T09:30:00Z"],
        }
    ),
]
Money = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{1,10}(\\.[0-9]{1,4})?$",
            "description": "An amount of money as a decimal text.",
            "examples": ["40.00"],
        }
    ),
]

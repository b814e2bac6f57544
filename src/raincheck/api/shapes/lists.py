"""What lists have in common: filters that may be empty, and pages."""

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from raincheck.api.cursor import LONGEST
from raincheck.api.shapes.fields import NO_CONTROL_SIGNS

MOST_ROWS: Final = 500


def none_if_empty(value: Any) -> Any:
    """`?sku=` asks nothing."""
    return None if value == "" else value


def asked(description: str, longest: int = 100) -> WithJsonSchema:
    """How the document describes a filter by a name."""
    pattern = NO_CONTROL_SIGNS.replace("+", "*")
    return WithJsonSchema({"type": "string", "maxLength": longest, "pattern": pattern, "description": description})


EMPTY = BeforeValidator(none_if_empty)
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows a page.")]
Cursor = Annotated[str, Field(max_length=LONGEST, description="`next_cursor` of the page before.")]
NextCursor = Annotated[str | None, Field(description="For the next page; null on the last.")]

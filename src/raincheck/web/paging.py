"""Pages of long lists: a cursor in the query string, the last row's id."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from django.core.exceptions import BadRequest

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


class HasId(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int:
        """The row's id."""


Row = TypeVar("Row", bound=HasId)


def before_id(request: "ConsoleRequest") -> int | None:
    """The id below which the page begins; None for the first page. Raises `BadRequest` for what is no id."""
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise BadRequest("This is not a page of the list.")
    return int(text)


def cut(rows: Sequence[Row], size: int) -> tuple[Sequence[Row], str]:
    """A page of rows that were read with one more than fits, and the cursor of the next page ("" on the last)."""
    return rows[:size], str(rows[size - 1].id) if len(rows) > size else ""


def choice(request: "ConsoleRequest", name: str, allowed: Sequence[str]) -> str:
    """What the query string chose of a closed list; anything else is no choice."""
    chosen = request.GET.get(name, "")
    return chosen if chosen in allowed else ""

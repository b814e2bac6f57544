"""The tables behind the figures of the Money page: one definition for the page and for its file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from django.core.exceptions import BadRequest

from raincheck.store.reads.money_fees import fee_rows
from raincheck.store.reads.money_late import KINDS, late_rows
from raincheck.store.reads.money_prepaid import AGES, prepaid_rows
from raincheck.store.reads.money_processor import differences, last_reconciliation
from raincheck.store.reads.money_waiting import WaitingFilter, waiting_rows
from raincheck.web.paging import choice
from raincheck.web.today import company_today
from raincheck.web.words import reason_words
from raincheck.words import money as words

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

UNDATED: Final = "none"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file, its heading on the page, and how its values are shown."""

    name: str
    heading: str
    shown: Literal["order", "text", "code", "money", "number", "day", "instant"] = "text"

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.shown in ("money", "number")


@dataclass(frozen=True, slots=True)
class FigureTable:
    """What is behind one figure: what it means, its columns, its rows (at most so many), what is chosen in words."""

    title: str
    meaning: str
    columns: Sequence[Column]
    rows: "Callable[[ConsoleRequest, int | None], list[Any]]"
    chosen: "Callable[[ConsoleRequest], list[str]]"

    def cells(self, row: Any) -> list[tuple[Column, Any]]:
        """A row's values beside their columns."""
        return [(column, _said(column, getattr(row, column.name))) for column in self.columns]


_ORDER: Final = Column("order_ref", "Order", "order")


def _fees(request: "ConsoleRequest", limit: int | None) -> list[Any]:
    return fee_rows(request.company, _day(request, "month"), limit)


def _prepaid(request: "ConsoleRequest", limit: int | None) -> list[Any]:
    return prepaid_rows(request.company, company_today(request), choice(request, "age", tuple(AGES)), limit)


def _waiting(request: "ConsoleRequest", limit: int | None) -> list[Any]:
    is_undated = request.GET.get("week") == UNDATED
    wanted = WaitingFilter(
        week=None if is_undated else _day(request, "week"),
        is_undated=is_undated or None,
        sku=request.GET.get("sku", "")[:100],
        supplier=request.GET.get("supplier", "")[:100],
    )
    return waiting_rows(wanted, limit)


def _late(request: "ConsoleRequest", limit: int | None) -> list[Any]:
    month, kind = _day(request, "month"), choice(request, "kind", KINDS)
    return late_rows(request.company, company_today(request), month, kind, limit)


def _month(request: "ConsoleRequest") -> list[str]:
    month = _day(request, "month")
    return [f"{month:%B %Y}"] if month else []


def _age(request: "ConsoleRequest") -> list[str]:
    age = choice(request, "age", tuple(AGES))
    return [f"orders of {AGES[age]}" if age != "91" else "orders older than 90 days"] if age else []


def _what_waits(request: "ConsoleRequest") -> list[str]:
    week = request.GET.get("week", "")
    said = []
    if week == UNDATED:
        said.append("without a date")
    elif monday := _day(request, "week"):
        said.append(f"the week from {monday.day} {monday:%B %Y}")
    return [*said, *(request.GET[name][:100] for name in ("sku", "supplier") if request.GET.get(name))]


def _what_is_late(request: "ConsoleRequest") -> list[str]:
    kind = choice(request, "kind", KINDS)
    return [*_month(request), *([words.LATE_KINDS[kind]] if kind else [])]


def _differences(request: "ConsoleRequest", limit: int | None) -> list[Any]:  # noqa: ARG001 - as all tables are read
    run = last_reconciliation()
    return list(differences(run.id, limit)) if run else []


def _last_file(request: "ConsoleRequest") -> list[str]:  # noqa: ARG001
    run = last_reconciliation()
    return [run.file_name] if run else []


TABLES: Final[Mapping[str, FigureTable]] = {
    "fees": FigureTable(
        "Fees",
        words.FEES,
        (
            Column("at", "When", "instant"),
            _ORDER,
            Column("kind", "What"),
            Column("amount", "Amount", "money"),
            Column("fee", "Fee", "money"),
            Column("scheme", "Card"),
            Column("reference", "Processor’s name", "code"),
        ),
        _fees,
        _month,
    ),
    "prepaid": FigureTable(
        "Paid in advance",
        words.PREPAID,
        (
            _ORDER,
            Column("customer", "Customer"),
            Column("placed_at", "Placed", "instant"),
            Column("days_old", "Days old", "number"),
            Column("paid", "Paid", "money"),
            Column("earned", "Shipped and kept", "money"),
            Column("owed", "Owed", "money"),
        ),
        _prepaid,
        _age,
    ),
    "waiting": FigureTable(
        "Money that waits",
        words.WAITING,
        (
            _ORDER,
            Column("customer", "Customer"),
            Column("sku", "SKU", "code"),
            Column("product", "Product"),
            Column("supplier_name", "Supplier"),
            Column("units", "Units", "number"),
            Column("value", "Value", "money"),
            Column("expected_on", "Expected", "day"),
            Column("reason", "Why"),
        ),
        _waiting,
        _what_waits,
    ),
    "differences": FigureTable(
        "The processor’s file beside the ledger",
        words.DIFFER,
        (
            Column("difference", "Difference"),
            Column("line", "Line", "number"),
            Column("order_ref", "Order"),
            Column("kind", "What"),
            Column("reference", "Processor’s name", "code"),
            Column("ours", "Here"),
            Column("currency", "Currency here"),
            Column("theirs", "There"),
            Column("their_currency", "Currency there"),
        ),
        _differences,
        _last_file,
    ),
    "late": FigureTable(
        "What lateness costs",
        words.LATE,
        (
            Column("at", "When", "instant"),
            _ORDER,
            Column("sku", "SKU", "code"),
            Column("product", "Product"),
            Column("supplier", "Supplier", "code"),
            Column("kind", "What"),
            Column("units", "Units", "number"),
            Column("value", "Value", "money"),
            Column("first_promise_on", "First promised", "day"),
            Column("days_late", "Days late", "number"),
        ),
        _late,
        _what_is_late,
    ),
}
"""By the name in the address."""


def _said(column: Column, value: Any) -> Any:
    if column.name == "kind":
        return words.LATE_KINDS.get(value, value)
    return reason_words(value) if column.name == "reason" else value


def _day(request: "ConsoleRequest", name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadRequest("This is not a month or a week of the list.") from error

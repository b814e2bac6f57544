"""Money in the console: fees, what is paid in advance, what waits, what lateness costs; and the orders behind each."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from raincheck.store.reads.money_figures import money_figures
from raincheck.store.reads.money_prepaid import AGES
from raincheck.store.reads.money_processor import differences, latest_events
from raincheck.web.access import permitted
from raincheck.web.money_tables import TABLES, UNDATED, FigureTable
from raincheck.web.today import company_today
from raincheck.words import money as words

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

MOST_ROWS: Final = 500
MOST_DIFFERENCES: Final = 100
MOST_EVENTS: Final = 10
MOST_REFUNDS: Final = 50


@require_safe
@permitted("money.view")
def money(request: "ConsoleRequest") -> HttpResponse:
    """The figures, each with what it means and a way to the orders behind it."""
    found = money_figures(request.company, company_today(request))
    run = found.run
    context = {
        "fees": found.fees,
        "prepaid": [(one, AGES[one.age]) for one in found.prepaid],
        "prepaid_in_all": found.owed,
        "prepaid_orders": found.owed_orders,
        "waiting": found.waiting,
        "by_week": [(one, date.fromisoformat(one.key) if one.key else None) for one in found.by_week],
        "by_product": found.by_product,
        "by_supplier": found.by_supplier,
        "late": found.late,
        "late_open": found.late_open,
        "refunds": found.refunds[:MOST_REFUNDS],
        "run": run,
        "left_aside": words.left_aside(run.left_aside) if run and run.left_aside else "",
        "differences": [
            (one, words.DIFFERENCES[one.difference]) for one in (differences(run.id, MOST_DIFFERENCES) if run else [])
        ],
        "events": [(one, words.EVENTS.get(one.kind, one.kind)) for one in latest_events(MOST_EVENTS)],
        "words": words,
        "undated": UNDATED,
    }
    return render(request, "web/money/page.html", context)


@require_safe
@permitted("money.view")
def money_behind(request: "ConsoleRequest", figure: str) -> HttpResponse:
    """The orders behind a figure."""
    table = _table(figure)
    rows = table.rows(request, MOST_ROWS)
    context = {
        "figure": figure,
        "table": table,
        "rows": [table.cells(row) for row in rows],
        "chosen": table.chosen(request),
        "is_cut": len(rows) == MOST_ROWS,
        "most": MOST_ROWS,
    }
    return render(request, "web/money/behind.html", context)


@require_safe
@permitted("money.view")
def money_file(request: "ConsoleRequest", figure: str) -> StreamingHttpResponse:
    """The same, whole, as CSV."""
    table = _table(figure)
    answer = StreamingHttpResponse(
        _lines(table, table.rows(request, None), request.company.currency), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{figure}.csv"'
    return answer


def _table(figure: str) -> FigureTable:
    if figure not in TABLES:
        raise Http404(f"there is no figure called {figure}")
    return TABLES[figure]


def _lines(table: FigureTable, rows: Sequence[Any], currency: str) -> Iterator[str]:
    has_money = any(column.shown == "money" for column in table.columns)
    yield _line([*(column.name for column in table.columns), *(["currency"] if has_money else [])])
    for row in rows:
        values = [_plain(getattr(row, column.name)) for column in table.columns]
        yield _line([*values, *([currency] if has_money else [])])


def _line(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _plain(value: object) -> object:
    """A value as a file has it. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value

"""What a person sees of a comparison on the terminal: a column a variant, and who gains and who loses."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from raincheck.drill.document import Document
from raincheck.words.comparison import charts

MOST_ORDERS = 20


def show_comparison(document: Document) -> None:
    """The figures side by side, the best of each marked, then the orders that fare differently."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    titles = [variant["title"] for variant in document["variants"]]
    console.print(Text(document["title"], style="bold"))
    console.print(_figures(document, titles))
    console.print(Text("* the best. What each figure means: docs/reference/comparing.md"))
    _show_orders(console, document, titles)
    for variant in document["variants"]:
        for failure in (*variant["failures"], *variant["violations"]):
            console.print(Text(f"  {variant['title']}: {failure}", style="red"), soft_wrap=True)
    console.print(Text("ok", style="bold green") if document["ok"] else Text("failed", style="bold red"))


def _figures(document: Document, titles: list[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for title in titles:
        table.add_column(Text(title), justify="right")
    for chart in charts(document["variants"]):
        cells = [Text(f"{bar.text}{' *' if bar.is_best else '  '}") for bar in chart.bars]
        table.add_row(Text(chart.figure.title), *cells)
    return table


def _show_orders(console: Console, document: Document, titles: list[str]) -> None:
    orders = document["orders"]
    console.print(Text(f"{len(orders)} of {document['orders_compared']} orders fare differently"))
    for order in orders[:MOST_ORDERS]:
        console.print(Text(f"  {_sentence(order, titles)}"), soft_wrap=True)
    if len(orders) > MOST_ORDERS:
        console.print(Text(f"  and {len(orders) - MOST_ORDERS} more: --json and --report name them all"))


def _sentence(order: dict[str, Any], titles: list[str]) -> str:
    first, *others = order["variants"]
    who = f"{order['ref']} ({order['customer']})" if order["customer"] else order["ref"]
    parts = [
        f"{verdict} under {title}: {_when(other)}"
        for verdict, title, other in zip(order["verdicts"], titles[1:], others, strict=True)
        if verdict != "same"
    ]
    return f"{who}: {_when(first)}; {'; '.join(parts)}"


def _when(order: dict[str, Any] | None) -> str:
    if order is None:
        return "not there"
    refused = f", {order['refused']} refused" if order["refused"] else ""
    undated = f"{order['undated']} without a date" if order["undated"] else ""
    last = (
        f"all by {order['last_on']}, {order['unit_days']} unit-days"
        if order["last_on"]
        else undated or "nothing accepted"
    )
    return f"{last}{refused}"

"""What a person sees at the end of a drill on the terminal: short, and plain text wherever colour is not wanted."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from raincheck.drill.document import Document

FIGURES = ("ordered", "shipped", "reserved", "backordered", "preordered", "cancelled", "refused")


def show_drill(document: Document) -> None:
    """The verdict, the orders at the end, and what was expected and did not come about."""
    console = _console()
    console.print(Text(document["title"], style="bold"))
    if document["orders"]:
        console.print(_orders(document))
    counts = (
        (len(document["shipments"]), "parcel"),
        (len(document["notices"]), "notice"),
        (len(document["refused_events"]), "refused event"),
    )
    console.print(Text(", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)))
    for refused in document["refused_events"]:
        console.print(Text(f"  {refused['at']} {refused['verb']}: {refused['reason']}"), soft_wrap=True)
    _show_failures(console, document)
    console.print(_verdict(document))


def show_verdict(name: str, document: Document) -> None:
    """One line for a drill of several, and its failures."""
    console = _console()
    console.print(Text.assemble(_verdict(document), " ", name), soft_wrap=True)
    _show_failures(console, document)


def _console() -> Console:
    """As wide as the terminal; wide enough for every column where there is none to fit."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def _orders(document: Document) -> Table:
    lines = [line for order in document["orders"].values() for line in order["lines"].values()]
    figures = [figure for figure in FIGURES if figure == "ordered" or any(line[figure] for line in lines)]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("order")
    table.add_column("state")
    table.add_column("product")
    for figure in figures:
        table.add_column(figure, justify="right")
    table.add_column("promise")
    table.add_column("reason")
    for ref, order in document["orders"].items():
        head = (ref, order["state"].replace("_", " "))
        for sku, line in order["lines"].items():
            units = [str(line[figure]) for figure in figures]
            cells = (*head, sku, *units, line["promise_on"] or "–", line["reason"].replace("_", " "))
            table.add_row(*(Text(cell) for cell in cells))
            head = ("", "")
    return table


def _show_failures(console: Console, document: Document) -> None:
    for failure in document["failures"]:
        console.print(Text(f"  {failure}", style="red"), soft_wrap=True)
    for violation in document["audit"]["violations"]:
        console.print(Text(f"  audit: {violation}", style="red"), soft_wrap=True)


def _verdict(document: Document) -> Text:
    return Text("ok", style="bold green") if document["ok"] else Text("failed", style="bold red")

"""A drill's report: one HTML file that needs nothing beside itself, for the screen (light or dark) and for paper."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from django.template import Context, Engine

from raincheck.drill.document import Document
from raincheck.drill.scenario import Scenario
from raincheck.drill.timeline import timeline
from raincheck.store.reads.outcome import OutcomeDate

TEMPLATES = Path(__file__).parent / "templates"
FIGURES = ("ordered", "shipped", "reserved", "backordered")
#: Shown only in a report in which one of them is above zero.
RARE_FIGURES = ("preordered", "cancelled", "refused", "returned")


def words(name: str) -> str:
    """A state or reason of the contract as it is read: ``closed short``."""
    return name.replace("_", " ")


def report_html(scenario: Scenario, document: Document, dates_told: Sequence[OutcomeDate]) -> str:
    """The report's HTML; everything that came from the file is escaped."""
    template = Engine(dirs=[str(TEMPLATES)]).get_template("report.html")
    zone = ZoneInfo(scenario.settings.timezone)
    story = {
        "scenario": scenario,
        "document": document,
        "starts_at": scenario.starts_at.astimezone(zone),
        "figures": _figures(document),
        "orders": _orders(document),
        "quotes": _quotes(document),
        "stock": [(site, sku, row) for site, rows in document["stock"].items() for sku, row in rows.items()],
        "purchases": _purchases(document),
        "moments": timeline(scenario, document, dates_told),
    }
    return template.render(Context(story, use_tz=False))


def _figures(document: Document) -> tuple[str, ...]:
    lines = [line for order in document["orders"].values() for line in order["lines"].values()]
    return FIGURES + tuple(figure for figure in RARE_FIGURES if any(line.get(figure) for line in lines))


def _orders(document: Document) -> list[dict[str, object]]:
    figures = _figures(document)
    return [
        {
            "ref": ref,
            "state": words(order["state"]),
            "lines": [
                {
                    **line,
                    "sku": sku,
                    "units": [line.get(figure, 0) for figure in figures],
                    "why": words(line["reason"]),
                }
                for sku, line in order["lines"].items()
            ],
        }
        for ref, order in document["orders"].items()
    ]


def _quotes(document: Document) -> list[tuple[str, str, list[dict[str, object]]]]:
    return [
        (ref, sku, [{"units": piece["units"], "source": piece["from"], "on": piece.get("on")} for piece in pieces])
        for ref, quote in document["quotes"].items()
        for sku, pieces in quote["lines"].items()
    ]


def _purchases(document: Document) -> list[tuple[str, str, str, dict[str, int]]]:
    return [
        (po, words(order["state"]), sku, line)
        for po, order in document["purchase_orders"].items()
        for sku, line in order["lines"].items()
    ]

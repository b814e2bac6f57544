"""The report of a comparison: one HTML file with its pictures in it, for the screen (light or dark) and for paper."""

from typing import Any

from django.template import Context, Engine

from raincheck.drill.document import Document
from raincheck.drill.report import TEMPLATES
from raincheck.words.comparison import charts
from raincheck.words.comparison_curves import curves


def comparison_html(document: Document) -> str:
    """The page; everything that came from files is escaped, and equal documents give equal bytes."""
    template = Engine(dirs=[str(TEMPLATES)]).get_template("comparison.html")
    titles = [variant["title"] for variant in document["variants"]]
    story = {
        "document": document,
        "titles": titles,
        "others": titles[1:],
        "charts": charts(document["variants"]),
        "curves": curves(document["variants"], document["starts"], document["ends"]),
        "changes": [_changes(variant) for variant in document["variants"]],
        "faults": [
            (variant["title"], fault)
            for variant in document["variants"]
            for fault in (*variant["failures"], *variant["violations"])
        ],
    }
    return template.render(Context(story, use_tz=False))


def _changes(variant: dict[str, Any]) -> tuple[str, str]:
    """A variant, and what it changes."""
    settings = ", ".join(f"{key}: {_value_text(value)}" for key, value in variant["changed"].items())
    policies = f"{variant['policies']} policies" if variant["policies"] else ""
    return variant["title"], "; ".join(part for part in (settings, policies) if part) or "the settings of the file"


def _value_text(value: Any) -> str:
    """A setting as a planner writes it: ``tier 10``, ``2026-03-09 and 2026-03-10``, ``none``; zeros are left out."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items() if str(one) != "0") or "none"
    if isinstance(value, list):
        return " and ".join(_value_text(one) for one in value) or "none"
    return "none" if value is None else str(value)

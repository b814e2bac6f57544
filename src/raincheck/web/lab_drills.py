"""Drills to begin with: the packaged examples, and the living company with what it expects to arrive."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from raincheck.core.calendar import Calendar
from raincheck.store.reads.lab import ExpectedReceipt, expected_receipts

FOLDER: Final = Path(__file__).parent / "lab_examples"
DAYS_AHEAD: Final = 30
MOST_RECEIPTS: Final = 500
_TITLE: Final = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


def example_titles() -> dict[str, str]:
    """The packaged examples: their names and titles, by title."""
    titles = {file.stem: title_of(file.read_text(encoding="utf-8")) for file in FOLDER.glob("*.yaml")}
    return dict(sorted(titles.items(), key=lambda pair: pair[1]))


def example(name: str) -> str:
    """The text of an example; nothing for a name that is none."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8") if name in example_titles() else ""


def title_of(drill: str) -> str:
    """The title that a drill gives itself, as a label; its reader takes it more exactly."""
    found = _TITLE.search(drill)
    return found.group(1).strip("\"'")[:200] if found else "A comparison"


def live_drill(calendar: Calendar, today: date) -> str:
    """The coming days of the living company, in which all that is expected arrives, as a drill to change.

    It starts with tomorrow's day at the company, so that what is done today comes before it.
    """
    starts_on = today + timedelta(days=1)
    until = starts_on + timedelta(days=DAYS_AHEAD)
    by_inbound: dict[tuple[date, str, str], dict[str, int]] = {}
    for receipt in expected_receipts(until, MOST_RECEIPTS):
        lines = by_inbound.setdefault(_arrival(receipt, starts_on), {})
        lines[receipt.sku] = lines.get(receipt.sku, 0) + receipt.owed
    events = [_event(on, kind, ref, lines, starts_on) for (on, kind, ref), lines in sorted(by_inbound.items())]
    return "\n".join(
        [
            "drill: 1",
            f"title: The next {DAYS_AHEAD} days",
            f"starts: {calendar.start_of(starts_on):%Y-%m-%dT%H:%M:%SZ}",
            "events:",
            "  # Add what you want to try, in the order in which it happens, such as",
            "  # - {at: 9h, order: {ref: TRY-1, lines: {SKU: 40}}}",
            *events,
            f"  - {{at: {DAYS_AHEAD * 24}h, wait: {{}}}}",
            "",
        ]
    )


def _arrival(receipt: ExpectedReceipt, starts_on: date) -> tuple[date, str, str]:
    return max(receipt.expected_on, starts_on), receipt.kind, receipt.ref


def _event(on: date, kind: str, ref: str, lines: Mapping[str, int], starts_on: date) -> str:
    hours = (on - starts_on).days * 24 + 8
    key = "po" if kind == "purchase" else "transfer"
    units = ", ".join(f"{_quoted(sku)}: {units}" for sku, units in lines.items())
    return f"  - {{at: {hours}h, receive: {{{key}: {_quoted(ref)}, lines: {{{units}}}}}}}"


def _quoted(text: str) -> str:
    """A text as YAML reads it back, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)

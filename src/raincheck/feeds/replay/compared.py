"""The same history under several rules: the figures of each replay side by side."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raincheck.feeds.replay.figures import share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from raincheck.core.settings import Settings
    from raincheck.feeds.replay.figures import Figures
    from raincheck.feeds.replay.history import History


@dataclass(frozen=True)
class Replayed:
    """A variant's figures; `changed` are the settings that differ from the history's own."""

    title: str
    changed: Mapping[str, Any]
    figures: Figures


def under(history: History, settings: Settings) -> History:
    """The history under other settings. What is odd in it is counted anew: some of it only playing shows."""
    return replace(history, mapping=replace(history.mapping, settings=settings), dirt=copy.deepcopy(history.dirt))


def as_json(history: History, replayed: Sequence[Replayed]) -> dict[str, Any]:
    """The document of a comparison: each variant with the document that its replay alone would print."""
    return {
        "title": history.mapping.title,
        "ok": all(one.figures.ok for one in replayed),
        "variants": [
            {"title": one.title, "changed": dict(one.changed), "figures": one.figures.as_json()} for one in replayed
        ],
    }


def in_words(history: History, replayed: Sequence[Replayed]) -> str:
    """The same for a person: a column a variant."""
    widest = max(len(name) for name in _ROWS)
    width = max(14, *(len(one.title) for one in replayed)) + 2
    lines = [history.mapping.title, "", " " * widest + "".join(f"{one.title:>{width}}" for one in replayed)]
    for name, show in _ROWS.items():
        lines.append(f"{name:<{widest}}" + "".join(f"{_cell(show(one.figures)):>{width}}" for one in replayed))
    lines.append("")
    for one in replayed:
        found = "clean" if one.figures.ok else f"{len(one.figures.violations)} violations"
        lines.append(f"Audit of {one.title}: {found}.")
    return "\n".join(lines)


def _percent(part: int, whole: int) -> str | None:
    found = share(part, whole)
    return None if found is None else f"{found:.1%}"


_ROWS: dict[str, Callable[[Figures], object]] = {
    "fill rate, units": lambda f: _percent(f.placing.units_filled, f.placing.units),
    "fill rate, lines": lambda f: _percent(f.placing.lines_filled, f.placing.lines),
    "fill rate, orders": lambda f: _percent(f.placing.orders_filled, f.placing.orders),
    "units refused": lambda f: f.placing.units_refused,
    "lines promised a date": lambda f: f.all_promises.promised,
    "  kept": lambda f: f.all_promises.kept,
    "  late": lambda f: f.all_promises.late,
    "  broken": lambda f: f.all_promises.broken,
    "  kept, of those due": lambda f: _percent(
        f.all_promises.kept, f.all_promises.kept + f.all_promises.late + f.all_promises.broken
    ),
    "days late, on average": lambda f: f.all_promises.late_days,
    "dates moved later or lost": lambda f: f.dates_moved,
    "units shipped": lambda f: f.end.shipped,
    "units still waiting": lambda f: f.end.still_waiting,
    "lines never dated": lambda f: f.end.lines_never_dated,
}


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else str(value)

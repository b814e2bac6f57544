"""Reads a `replay.yaml` strictly: whatever is unknown is refused with file, line, key and the nearest valid name."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from raincheck.core.settings import Settings
from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.problems import Problems
from raincheck.drill.reading.settings import read_settings
from raincheck.drill.reading.source import read_source
from raincheck.feeds.kinds import KINDS
from raincheck.feeds.replay.mapping import (
    COMPUTED,
    EXTRA_COLUMNS,
    ROW_IS,
    TREATMENTS,
    Condition,
    FileMap,
    ReplayMapping,
    RowRule,
    Treatment,
)

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.feeds.kinds import Kind

FORMAT = 1
KEYS = ("replay", "title", "settings", "files", "rows", "treatment")
FILE_KEYS = ("file", "columns", "constants", "values", "at", "optional")
CONDITION_KEYS = ("is", "like", "unlike", "empty", "below", "above")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")


def read_mapping(path: Path) -> ReplayMapping:
    """The mapping that a file holds. Raises Malformed, a line for each fault."""
    problems = Problems(str(path))
    root = Entry(read_source(path, str(path), "replay: 1"), "", "", problems)
    keys = root.fields(KEYS, required=("replay", "files"))
    if "replay" in keys and keys["replay"].whole() != FORMAT:
        keys["replay"].refuse(f"this version reads mappings of format {FORMAT}")
    mapping = ReplayMapping(
        title=keys["title"].text() if "title" in keys else path.parent.name,
        settings=read_settings(keys.get("settings"), Settings()),
        files=_files(keys["files"]) if "files" in keys else {},
        rows=tuple(_rule(entry) for entry in keys["rows"].each()) if "rows" in keys else ReplayMapping.rows,
        treatment=_treatment(keys["treatment"]) if "treatment" in keys else Treatment(),
    )
    problems.raise_any()
    return mapping


def _files(entry: Entry) -> dict[str, FileMap]:
    files = {}
    for name, value in entry.fields(tuple(KINDS)).items():
        files[name] = _file(value, KINDS[name])
    if "orders" not in files and entry.is_mapping:
        entry.refuse("names no file of orders; without orders there is nothing to play")
    return files


def _file(entry: Entry, kind: Kind) -> FileMap:
    keys = entry.fields(FILE_KEYS, required=("file",))
    ours = (*kind.by_name, *EXTRA_COLUMNS) if kind.name == "orders" else tuple(kind.by_name)
    values = keys["values"].fields(ours) if "values" in keys else {}
    return FileMap(
        file=_file_name(keys["file"]) if "file" in keys else "",
        columns={name: value.text() for name, value in _ours(keys, "columns", ours)},
        constants={name: value.text() for name, value in _ours(keys, "constants", ours)},
        values={
            name: {theirs: _blank(text) for theirs, text in value.named().items()} for name, value in values.items()
        },
        at=_clock(keys["at"]) if "at" in keys else dt.time(0),
        optional=keys["optional"].flag() if "optional" in keys else False,
    )


def _ours(keys: dict[str, Entry], key: str, ours: tuple[str, ...]) -> list[tuple[str, Entry]]:
    return list(keys[key].fields(ours).items()) if key in keys else []


def _blank(entry: Entry) -> str:
    """What a text stands for; null for nothing."""
    return "" if entry.is_nothing else entry.text()


def _file_name(entry: Entry) -> str:
    name = entry.text()
    if "/" in name or "\\" in name or name in {".", ".."}:
        entry.refuse("must be the name of a file in the directory itself")
    return name


def _clock(entry: Entry) -> dt.time:
    text = entry.text()
    if not CLOCK.fullmatch(text):
        entry.refuse('must be a time of day in quotes such as "07:00"')
        return dt.time(0)
    return dt.time.fromisoformat(text)


def _rule(entry: Entry) -> RowRule:
    keys = entry.fields(("name", "when", "is"), required=("name", "is"))
    asked = (*KINDS["orders"].by_name, *EXTRA_COLUMNS, *COMPUTED)
    when = keys["when"].fields(asked) if "when" in keys else {}
    return RowRule(
        name=keys["name"].text() if "name" in keys else "",
        row_is=keys["is"].choice(ROW_IS) if "is" in keys else "ignored",
        when={name: _condition(value) for name, value in when.items()},
    )


def _condition(entry: Entry) -> Condition:
    keys = entry.fields(CONDITION_KEYS)
    if not keys and entry.is_mapping:
        entry.refuse(f"asks nothing: it needs one of {', '.join(CONDITION_KEYS)}")
    return Condition(
        equals=_texts(keys["is"]) if "is" in keys else (),
        like=_texts(keys["like"]) if "like" in keys else (),
        unlike=_texts(keys["unlike"]) if "unlike" in keys else (),
        empty=keys["empty"].flag() if "empty" in keys else None,
        below=_number(keys["below"]) if "below" in keys else None,
        above=_number(keys["above"]) if "above" in keys else None,
    )


def _texts(entry: Entry) -> tuple[str, ...]:
    return tuple(value.text() for value in entry.each())


def _number(entry: Entry) -> Decimal:
    text = entry.text()
    if not NUMBER.fullmatch(text):
        entry.refuse("must be a number such as 0 or -1.5")
        return Decimal(0)
    return Decimal(text)


def _treatment(entry: Entry) -> Treatment:
    keys = entry.fields(tuple(TREATMENTS))
    return Treatment(**{name: value.choice(TREATMENTS[name]) for name, value in keys.items()})

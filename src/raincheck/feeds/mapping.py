"""How a file's own column names stand for ours: `--map ref=InvoiceNo,sku=StockCode`."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from raincheck.core.errors import Malformed
from raincheck.feeds.nearest import nearest_name
from raincheck.feeds.refusal import MalformedFile, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from raincheck.feeds.kinds import Kind


def parse_map(text: str, kind: Kind) -> dict[str, str]:
    """Our column -> the file's column. A pair that holds a comma stands in quotation marks.

    Raises Malformed.
    """
    pairs: dict[str, str] = {}
    try:
        pieces = next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise Malformed(f"--map: {error}") from error
    for piece in pieces:
        our, equals, theirs = (part.strip() for part in piece.partition("="))
        if not equals or not our or not theirs:
            raise Malformed(f"--map: {shown(piece)} is not of the form our=theirs")
        if our not in kind.by_name:
            raise Malformed(f"--map: {kind.name} have no column {shown(our)}{_hint(our, kind.by_name)}")
        if our in pairs:
            raise Malformed(f"--map: {our} is named twice")
        pairs[our] = theirs
    return pairs


def _hint(name: str, valid: Mapping[str, object]) -> str:
    likely = nearest_name(name, valid.keys())
    return f"; did you mean {likely}?" if likely else f"; there are {', '.join(valid)}"


def place_columns(
    path: Path,
    header: tuple[str, ...],
    kind: Kind,
    renamed: Mapping[str, str],
    *,
    leave_out: bool,
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each of our columns stands in the file, and which of the file's columns are left out.

    Without `leave_out` every column of the file must be ours or be mapped. Raises MalformedFile for a name that is
    nowhere, and for a required column that is missing.
    """
    places: dict[str, int] = {}
    for our, theirs in renamed.items():
        if theirs not in header:
            likely = nearest_name(theirs, header)
            hint = f"did you mean {shown(likely)}?" if likely else f"there are {', '.join(header)}"
            raise MalformedFile(path, 1, f"no column is named {shown(theirs)}, mapped to {our}; {hint}")
        places[our] = header.index(theirs)
    mapped = set(renamed.values())
    left_out = []
    for place, name in enumerate(header):
        if name in mapped:
            continue
        if name in kind.by_name and name not in renamed:
            places[name] = place
        elif leave_out:
            left_out.append(name)
        else:
            raise MalformedFile(path, 1, _unknown(name, kind))
    missing = [name for name in kind.required if name not in places]
    if missing:
        named = ", ".join(missing)
        raise MalformedFile(
            path,
            1,
            f"{kind.name} need the column{'s' if len(missing) > 1 else ''} {named}; "
            f"if the file calls it otherwise, say --map {missing[0]}=ITS-NAME",
        )
    return places, tuple(left_out)


def _unknown(name: str, kind: Kind) -> str:
    likely = nearest_name(name, kind.by_name.keys())
    hint = f"did you mean {likely}?" if likely else f"there are {', '.join(kind.by_name)}."
    return f"{kind.name} have no column {shown(name)}; {hint} --map names a file's own columns"

"""Which mapping a directory has: its own `replay.yaml`, else the shipped one whose files and columns it holds."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from raincheck.core.errors import Malformed
from raincheck.feeds.kinds import KINDS
from raincheck.feeds.replay.read_mapping import read_mapping
from raincheck.feeds.tabular import open_table

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.feeds.replay.mapping import FileMap, ReplayMapping

OWN = "replay.yaml"
Found = dict[str, tuple["Path", "FileMap"]]


def find_mapping(directory: Path) -> tuple[ReplayMapping, Found]:
    """The mapping and, for each kind, the file that is there. Raises Malformed where none fits."""
    if not directory.is_dir():
        raise Malformed(f"{directory}: is no directory")
    own = directory / OWN
    if own.exists():
        mapping = read_mapping(own)
        found, missing = _present(directory, mapping)
        if missing:
            raise Malformed(f"{own}: {missing[0]}")
        return mapping, found
    faults = []
    for mapping in shipped_mappings():
        found, missing = _present(directory, mapping)
        if not missing:
            return mapping, found
        faults.append(f"{mapping.title}: {missing[0]}")
    raise Malformed(
        f"{directory}: has no {OWN}, and no mapping that comes with Raincheck fits ({'; '.join(faults)}); "
        "docs/reference/replay.md says how to write one"
    )


def shipped_mappings() -> list[ReplayMapping]:
    """The mappings that come with Raincheck, the most particular first."""
    folder = files("raincheck.feeds.replay").joinpath("mappings")
    mappings = []
    for name in ("online-retail.yaml", "import-files.yaml"):
        with as_file(folder.joinpath(name)) as path:
            mappings.append(read_mapping(path))
    return mappings


def _present(directory: Path, mapping: ReplayMapping) -> tuple[Found, list[str]]:
    """The files that are there, and what is missing of them."""
    found: Found = {}
    missing = []
    for kind, file in mapping.files.items():
        path = _file(directory, file.file)
        if path is None:
            if not file.optional:
                missing.append(f"there is no {file.file} for {kind}")
            continue
        lacking = _lacking(path, kind, file)
        if lacking:
            missing.append(f"{path.name} has no column {lacking} for {kind}")
        found[kind] = (path, file)
    return found, missing


def _file(directory: Path, name: str) -> Path | None:
    """The file of that name, packed or plain."""
    for likely in (name, f"{name}.gz", name.removesuffix(".gz")):
        path = directory / likely
        if path.is_file():
            return path
    return None


def _lacking(path: Path, kind: str, file: FileMap) -> str | None:
    """The first column that the mapping needs and the file lacks."""
    with open_table(path) as table:
        header = table.header
    needed = [*file.columns.values()]
    needed += [name for name in KINDS[kind].required if name not in file.columns and name not in file.constants]
    return next((name for name in needed if name not in header), None)

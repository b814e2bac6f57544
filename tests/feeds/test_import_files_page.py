"""The reference page of the import files says what the table of kinds says."""

from __future__ import annotations

from pathlib import Path

from raincheck.feeds.kinds import KINDS, Kind

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "import-files.md"


def section(kind: Kind) -> str:
    """A kind's part of the page."""
    rows = [
        f"| {column.name}{'★' if column.required else ''} | {column.type.expects} | {column.means} |"
        for column in kind.columns
    ]
    return "\n".join(
        [f"## {kind.name}", "", kind.means, "", "| column | holds | means |", "| --- | --- | --- |", *rows]
    )


def test_every_kind_and_column_is_on_the_page_as_it_is_read() -> None:
    page = PAGE.read_text()
    for kind in KINDS.values():
        assert section(kind) in page, f"the page should say:\n{section(kind)}"


def test_the_page_names_no_kind_that_there_is_not() -> None:
    headings = [line[3:] for line in PAGE.read_text().splitlines() if line.startswith("## ")]
    assert [heading for heading in headings if heading in KINDS] == list(KINDS)

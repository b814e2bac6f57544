"""What the drill tests share: a drill file written from text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from raincheck.core.errors import Malformed
from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.scenario import Scenario


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Scenario]:
    """Reads a drill from its text."""

    def read_text(text: str) -> Scenario:
        path = tmp_path / "drill.yaml"
        path.write_text(text, encoding="utf-8")
        return read_drill(path, shown_as="drill.yaml")

    return read_text


@pytest.fixture
def faults(read: Callable[[str], Scenario]) -> Callable[[str], list[str]]:
    """The lines that refuse a drill, given as text."""

    def faults_of(text: str) -> list[str]:
        with pytest.raises(Malformed) as refused:
            read(text)
        return str(refused.value).splitlines()

    return faults_of

"""What the drill tests share: a drill file written from text, and the command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.drills.calling import Call, Called

from raincheck.cli.main import raincheck
from raincheck.cli.outcome import exit_status
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


@pytest.fixture
def call(fresh_database: str, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls `raincheck drill` in this process, on an empty company."""

    def called(*arguments: str | Path) -> Called:
        words = ["drill", *map(str, arguments)]
        status = exit_status(lambda: raincheck.main(words, prog_name="raincheck", standalone_mode=False))
        return Called(status, *capsys.readouterr())

    return called

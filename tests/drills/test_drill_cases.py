"""Every drill in `cases` comes out as its author expects: one file a rule, named after what it shows."""

from pathlib import Path

import pytest

from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.runner import play

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_drill_comes_out_as_expected(case: Path) -> None:
    document = play(read_drill(case))
    assert document["failures"] == []
    assert document["audit"] == {"ok": True, "violations": []}

"""Every drill in `cases` comes out as its author expects: one file a rule, named after what it shows."""

from pathlib import Path

import pytest

from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.runner import play

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
FAST_SHARE = 6  # `make check` plays one case in so many, `make test` all of them.


@pytest.mark.django_db
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.stem, marks=[pytest.mark.slow] if number % FAST_SHARE else [])
        for number, case in enumerate(CASES)
    ],
)
def test_a_drill_comes_out_as_expected(case: Path) -> None:
    document = play(read_drill(case))
    assert document["failures"] == []
    assert document["audit"] == {"ok": True, "violations": []}

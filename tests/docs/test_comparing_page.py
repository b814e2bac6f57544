"""docs/reference/comparing.md and optimum.md say what the code does."""

import re
from pathlib import Path

from raincheck.core.optimum import MOST_PAIRS
from raincheck.drill.reading.variants import MOST_VARIANTS
from raincheck.words.comparison import FIGURES

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_every_figure_of_a_comparison_is_defined_in_the_words_of_the_code() -> None:
    page = (REFERENCE / "comparing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_0-9]+)` \| (.*) \|$", page, flags=re.MULTILINE)
    said = [(figure.key, f"{figure.title} | {figure.unit} | {figure.better} | {figure.meaning}") for figure in FIGURES]
    assert rows == said


def test_the_bounds_are_those_of_the_code() -> None:
    assert f"At most {MOST_VARIANTS}\nare compared" in (REFERENCE / "comparing.md").read_text(encoding="utf-8")
    assert f"more than {MOST_PAIRS:,} pairs" in (REFERENCE / "optimum.md").read_text(encoding="utf-8")

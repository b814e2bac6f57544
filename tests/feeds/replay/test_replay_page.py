"""The reference page of the replay: its example can be read, and it names everything a mapping may say."""

from __future__ import annotations

from pathlib import Path

from raincheck.feeds.replay.find import shipped_mappings
from raincheck.feeds.replay.mapping import COMPUTED, ROW_IS, TREATMENTS
from raincheck.feeds.replay.read_mapping import CONDITION_KEYS, FILE_KEYS, read_mapping

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "replay.md"


def test_the_example_is_a_mapping(tmp_path: Path) -> None:
    example = PAGE.read_text().split("```yaml\n")[1].split("```")[0]
    (tmp_path / "replay.yaml").write_text(example)
    mapping = read_mapping(tmp_path / "replay.yaml")
    assert set(mapping.files) == {"products", "purchase-orders", "receipts", "orders"}
    assert [rule.row_is for rule in mapping.rows] == ["ignored", "cancellation", "order"]


def test_every_key_and_word_is_on_the_page() -> None:
    page = PAGE.read_text()
    words = {
        *FILE_KEYS,
        *CONDITION_KEYS,
        *COMPUTED,
        *ROW_IS,
        *TREATMENTS,
        *(w for ws in TREATMENTS.values() for w in ws),
    }
    assert [word for word in sorted(words) if word not in page] == []
    assert all(mapping.title.split(",")[0].lower() in page.lower() for mapping in shipped_mappings())

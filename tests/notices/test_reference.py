"""The reference of templates names every value, part, filter and message, and none that does not exist."""

import re
from pathlib import Path

from raincheck.notices import values
from raincheck.notices.law_check import RULES
from raincheck.notices.samples import samples
from raincheck.notices.sandbox import FILTERS
from raincheck.notices.speech import Speech
from raincheck.notices.vocabulary import DAY, FIELDS, ITEM, ITEM_ONLY, OFFER, ORDER, TRACKED, VARIABLES
from raincheck.notices.wording import LETTER, SHARED, TEMPLATES

PAGE = (Path(__file__).parents[2] / "docs/reference/message-templates.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_every_value_is_in_the_reference_as_it_is() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", section("Values"), re.MULTILINE))
    assert listed == {(one.name, one.kind, one.meaning) for one in (*VARIABLES.values(), ITEM_ONLY)}
    for kind, fields in FIELDS.items():
        rows = section(f"Parts of {'a' if kind in (DAY, TRACKED) else 'an'} {kind}")
        listed = set(re.findall(r"^\| `\.(\w+)` \| (.*?) \|", rows, re.MULTILINE))
        assert listed == {(one.name, one.kind) for one in fields}


def test_every_message_part_and_filter_is_in_the_reference() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| ", section("Messages"), re.MULTILINE)) == TEMPLATES.keys()
    parts = [*re.findall(r"^\| `(\w+)` \| ", section("Parts of a message"), re.MULTILINE)]
    assert parts == [part.name for part in (*LETTER, *SHARED)]
    filters = re.findall(r"^\| `\w[\w.]*\\\|(\w+)", section("Filters"), re.MULTILINE)
    assert filters == list(FILTERS)
    must = set(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section("What a law wants said"), re.MULTILINE))
    assert must == {(event, name) for event, rules in RULES.items() for name in rules}


def test_the_vocabulary_is_what_templates_find() -> None:
    for kind, value in ((ITEM, values.Item), (ORDER, values.Order), (OFFER, values.Offer), (DAY, values.Day)):
        assert set(value.__slots__) == {field.name for field in FIELDS[kind]}
    for event in ("delayed", "option_notice", "shipped", "charged"):
        found = Speech.of(next(samples(event, "en"))).told.values
        assert found.keys() == {*VARIABLES, ITEM_ONLY.name}

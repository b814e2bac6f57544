"""`raincheck optimum`: the rule beside the best that could be done, over the open book."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from raincheck.actions.ask_optimum import ask_optimum
from raincheck.cli.main import raincheck
from raincheck.cli.outcome import exit_status
from raincheck.core.errors import NotFound
from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.runner import play
from raincheck.store.db import rows

pytestmark = [pytest.mark.django_db]

# Ann was told the 5th for four lamps, Bob and Cay for three each, all of them at once; only six come on that day.
SHORTAGE = """\
drill: 1
starts: 2026-03-02T09:00:00Z
sites: {east: {}}
suppliers: {acme: {}}
products: {lamp: {price: "4.00", supplier: acme}, vase: {}}
customers: {ann: {}, bob: {}, cay: {}}
purchase_orders:
  P1: {supplier: acme, site: east, due: 3d, state: confirmed, lines: {lamp: 10}}
events:
  - {at: 0h, order: {ref: O1, customer: ann, lines: {lamp: 4}, ship: complete}}
  - {at: 1h, order: {ref: O2, customer: bob, lines: {lamp: 3}, ship: complete}}
  - {at: 2h, order: {ref: O3, customer: cay, lines: {lamp: 3}, ship: complete}}
  - {at: 1d, purchase: {po: P2, supplier: acme, site: east, due: 10d, state: confirmed, lines: {lamp: 6}}}
  - {at: 1d, confirm: {po: P1, due: 3d, lines: {lamp: 6}}}
"""


@pytest.fixture
def shortage(tmp_path: Path) -> None:
    """A company with three customers, told the same day, of whom the truck can serve the first or the other two."""
    file = tmp_path / "shortage.yaml"
    file.write_text(SHORTAGE)
    play(read_drill(file))


def call(*words: str) -> int:
    return exit_status(lambda: raincheck.main(["optimum", *words], prog_name="raincheck", standalone_mode=False))


def test_the_rule_keeps_the_first_word_and_the_optimum_keeps_two(shortage: None) -> None:
    """By rank Ann's four go on the 5th and Bob and Cay wait a week; the optimum would let Ann wait."""
    (book,) = ask_optimum(at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC)).books
    assert book.optimum is not None
    assert book.optimum.is_proved
    assert (book.skus, book.optimum.claims, book.optimum.units, book.optimum.told_units) == (("lamp",), 3, 10, 10)
    assert (book.optimum.rule.units_on_time, book.optimum.best.units_on_time) == (4, 6)
    assert (book.optimum.rule.late_unit_days, book.optimum.best.late_unit_days) == (6 * 7, 4 * 7)
    assert [(move.order, move.rule_on, move.best_on) for move in book.moves] == [
        ("O1", date(2026, 3, 5), date(2026, 3, 12)),
        ("O2", date(2026, 3, 12), date(2026, 3, 5)),
        ("O3", date(2026, 3, 12), date(2026, 3, 5)),
    ]


def test_as_json_it_is_one_document(shortage: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--format", "json") == 0
    (book,) = json.loads(capsys.readouterr().out)["books"]
    assert (book["products"], book["solved"], book["proved"], book["fixed_claims"]) == (["lamp"], True, True, 0)
    assert set(book["gap"]) == set(book["rule"]) == set(book["optimum"])


def test_in_words_it_names_both_and_the_gap(shortage: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--product", "lamp") == 0
    out = capsys.readouterr().out
    assert "3 claims, 10 units, 10 of them told a day" in out
    assert "units on time" in out


def test_a_product_that_nobody_waits_for_has_nothing_to_gain(shortage: None) -> None:
    (book,) = ask_optimum(["vase"]).books
    assert book.optimum is not None
    assert (book.optimum.claims, book.moves) == (0, ())


def test_it_changes_nothing(shortage: None) -> None:
    tables = ("claim", "peg", "order_line", "fact", "timer", "notice")
    before = {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}
    ask_optimum()
    assert {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables} == before


def test_an_unknown_product_is_an_answer_of_no(shortage: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--product", "lmap") == 1
    assert capsys.readouterr().err == "product 'lmap' does not exist\n"
    with pytest.raises(NotFound):
        ask_optimum(["lmap"])


@pytest.mark.parametrize("seconds", ["0", "-1", "601", "nan"])
def test_a_time_limit_that_is_none_is_malformed(shortage: None, seconds: str) -> None:
    assert call("--time-limit", seconds) == 2


def test_books_that_the_time_does_not_reach_are_named(shortage: None) -> None:
    (book,) = ask_optimum(["lamp"], 1e-9).books
    assert (book.optimum, book.why_not) == (None, "not reached within the time limit")

"""`raincheck import`, `export` and `replay` as a script calls them: exit status, errors, JSON."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from tests.feeds.replay.retail import write_retail

from raincheck.cli.main import raincheck
from raincheck.cli.outcome import exit_status

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def run(fresh_database: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: exit status, standard output, lines of standard error."""

    def call(*arguments: str) -> tuple[int, str, list[str]]:
        status = exit_status(lambda: raincheck.main(list(arguments), prog_name="raincheck", standalone_mode=False))
        printed = capsys.readouterr()
        return status, printed.out, printed.err.splitlines()

    return call


def test_an_import_prints_what_it_did_and_an_export_gives_it_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("Code;Title;Shelf\nLAMP;Lamp;A1\n")
    status, out, errors = run("import", "products", str(file), "--map", "sku=Code,name=Title")
    assert (status, errors) == (0, [])
    assert out == "products: 1 row read, 1 imported, 0 unchanged, 0 refused. Columns left out: Shelf.\n"
    status, out, _ = run("export", "products")
    assert (status, out.splitlines()[1].split(",")[:2]) == (0, ["LAMP", "Lamp"])
    packed = tmp_path / "products.csv.gz"
    assert run("export", "products", str(packed))[0] == 0
    assert gzip.decompress(packed.read_bytes()).decode() == out
    status, out, _ = run("import", "products", str(packed), "--format", "json")
    assert (status, json.loads(out)["unchanged"]) == (0, 1)


def test_a_kind_or_a_column_that_does_not_exist_is_refused_in_whole_sentences(run: Run, tmp_path: Path) -> None:
    status, _, errors = run("export", "shelves")
    assert status == 2
    assert errors[0].startswith("shelves: no such kind of file. There are: products, sites, ")
    file = tmp_path / "stock.csv"
    file.write_text("site,sku,on_hand,xyzzy\nEAST,LAMP,1,2\n")
    status, _, errors = run("import", "stock", str(file))
    assert status == 2
    assert errors == [
        f"{file}:1: stock have no column “xyzzy”; there are site, sku, on_hand. --map names a file's own columns"
    ]


def test_refused_rows_are_named_one_a_line_and_the_status_is_1(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "stock.csv"
    file.write_text("site,sku,on_hand\nEAST,LAMP,-1\n")
    status, out, errors = run("import", "stock", str(file))
    assert status == 1
    assert errors == [f"{file}:2: on_hand: “-1” must be at least 0"]
    assert "Nothing was written" in out
    status, out, errors = run("import", "stock", str(file), "--format", "json")
    assert (status, errors) == (1, [])
    assert json.loads(out)["refused"] == [
        {"line": 2, "field": "on_hand", "value": "-1", "reason": "must be at least 0", "nearest": None}
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "prodcts", "x.csv"), "did you mean products?"),
        (("import", "products", "nowhere.csv"), "nowhere.csv: cannot be read: No such file or directory"),
        (("import", "products", "x.csv", "--map", "nme=A"), "did you mean name?"),
        (("import", "products"), "Missing argument 'FILE'"),
        (("export", "prodcts"), "did you mean products?"),
        (("export", "products", "x.xlsx"), "an export is a CSV file"),
        (("replay", "nowhere"), "nowhere: is no directory"),
    ],
)
def test_a_call_that_makes_no_sense_is_one_plain_line_and_status_2(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    status, out, errors = run(*arguments)
    assert (status, out) == (2, "")
    assert says in errors[-1]


def test_a_replay_prints_the_same_document_on_every_run_and_leaves_the_company_alone(run: Run, tmp_path: Path) -> None:
    write_retail(tmp_path, "536500,85123A,WHITE HEART,70,2010-12-07T10:00:00,2.55,17850,United Kingdom\n")
    status, first, errors = run("replay", str(tmp_path), "--format", "json")
    assert status == 0
    assert any("2 order lines in" in error for error in errors)
    assert run("replay", str(tmp_path), "--format", "json")[1] == first
    document = json.loads(first)
    assert document["audit"] == {"ok": True, "violations": []}
    assert document["promises"]["late"] == 1
    status, out, _ = run("replay", str(tmp_path))
    assert (status, "Audit: clean." in out) == (0, True)
    assert run("export", "orders")[1].splitlines()[1:] == []


def test_a_history_is_replayed_under_other_rules_and_the_figures_stand_side_by_side(run: Run, tmp_path: Path) -> None:
    """What had to wait is refused where backorders are denied."""
    write_retail(tmp_path, "536500,85123A,WHITE HEART,70,2010-12-07T10:00:00,2.55,17850,United Kingdom\n")
    alone = json.loads(run("replay", str(tmp_path), "--format", "json")[1])
    status, out, _ = run("replay", str(tmp_path), "--with", "backorders=deny", "--format", "json")
    assert status == 0
    document = json.loads(out)
    as_it_was, denied = document["variants"]
    assert (as_it_was["title"], as_it_was["changed"], as_it_was["figures"]) == ("As it was", {}, alone)
    assert (denied["title"], denied["changed"]) == ("backorders=deny", {"backorders": "deny"})
    assert denied["figures"]["placed"]["units_waiting"] == 0
    assert denied["figures"]["placed"]["units_refused"] == alone["placed"]["units_waiting"] > 0
    status, out, _ = run("replay", str(tmp_path), "--with", "backorders=deny")
    assert (status, "Audit of As it was: clean." in out, "fill rate, units" in out) == (0, True, True)


def test_a_policy_of_a_replay_names_what_the_history_has(run: Run, tmp_path: Path) -> None:
    write_retail(tmp_path, "536500,85123A,WHITE HEART,70,2010-12-07T10:00:00,2.55,17850,United Kingdom\n")
    variants = tmp_path / "variants.yaml"
    variants.write_text("- {title: No hearts, policies: [{when: {product: 85123A}, backorders: deny}]}\n")
    status, out, _ = run("replay", str(tmp_path), "--variants", str(variants), "--format", "json")
    assert status == 0
    as_it_was, denied = (one["figures"]["placed"] for one in json.loads(out)["variants"])
    assert (as_it_was["units_refused"], denied["units_refused"]) == (0, as_it_was["units_waiting"])
    variants.write_text("- {title: No hearts, policies: [{when: {product: 85123B}, backorders: deny}]}\n")
    status, _, errors = run("replay", str(tmp_path), "--variants", str(variants))
    assert status == 2
    assert "there is no product '85123B' here (nearest valid name: 85123A)" in errors[-1]

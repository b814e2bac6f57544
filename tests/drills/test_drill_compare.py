"""One company and its events under several rules, side by side: figures, pictures, and who gains and who loses."""

from pathlib import Path

import pytest
from tests.drills.calling import Call

from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.runner import play
from raincheck.store.db import rows
from raincheck.words.comparison import FIGURES

pytestmark = pytest.mark.slow

# Ann's lamp is there today and her vase on the 12th; Bob wants one lamp, an hour after her.
TRUCK = """\
drill: 1
title: One lamp, two customers
starts: 2026-03-02T09:00:00Z
settings: {transit_days: 1}
sites: {east: {}}
suppliers: {acme: {}}
products: {lamp: {price: "40.00", supplier: acme}, vase: {price: "10.00", supplier: acme}}
stock: {east: {lamp: 1}}
customers: {ann: {tier: gold}, bob: {}}
purchase_orders:
  P1: {supplier: acme, site: east, due: 10d, state: confirmed, lines: {vase: 1, lamp: 1}}
events:
  - {at: 0h, order: {ref: O1, customer: ann, lines: {lamp: 1, vase: 1}}}
  - {at: 1h, order: {ref: O2, customer: bob, lines: {lamp: 1}}}
  - {at: 10d, receive: {po: P1, lines: {vase: 1, lamp: 1}}}
  - {at: 20d, wait: {}}
"""


@pytest.fixture
def truck(tmp_path: Path) -> Path:
    """The drill file."""
    file = tmp_path / "truck.yaml"
    file.write_text(TRUCK)
    return file


def test_the_figures_of_both_policies_stand_side_by_side(call: Call, truck: Path) -> None:
    """As it comes: Ann's lamp goes at once. All at once: Ann waits for her vase and lends her lamp to Bob."""
    called = call(truck, "--with", "ship=complete", "--json")
    assert (called.status, called.err) == (0, "")
    as_it_comes, at_once = called.document["variants"]
    assert (as_it_comes["title"], at_once["title"]) == ("As the file says", "ship=complete")
    assert (as_it_comes["changed"], at_once["changed"]) == ({}, {"ship": "complete"})
    assert as_it_comes["measures"] == {
        "fill_units": 0.3333,  # one unit of three
        "fill_lines": 0.3333,
        "on_time": 1.0,
        "late_days_mean": 0.0,
        "late_days_p90": 0,
        "late_days_worst": 0,
        "parcels_per_order": 1.5,  # two for Ann, one for Bob
        "money_waiting": "498.33",  # the vase for 10 days, Bob's lamp for 10 days less an hour
        "promises_broken": 0,
        "dates_moved": 0,
        "units_refused": 0,
        "oldest_waiting_days": 0.0,
    }
    assert at_once["measures"]["parcels_per_order"] == 1.0
    assert at_once["measures"]["money_waiting"] == "500.00"  # all of Ann's for 10 days, Bob's lamp for none
    assert list(at_once["measures"]) == [figure.key for figure in FIGURES]
    assert as_it_comes["carried"] == {"2026-03-02": 1, "2026-03-12": 3}


def test_who_gains_and_who_loses_is_named(call: Call, truck: Path) -> None:
    document = call(truck, "--with", "ship=complete", "--json").document
    assert [(order["ref"], order["customer"], order["verdicts"]) for order in document["orders"]] == [
        ("O1", "ann", ["loses"]),  # her lamp comes ten days later
        ("O2", "bob", ["gains"]),  # his comes ten days sooner
    ]
    bob = document["orders"][1]["variants"]
    assert [one["last_on"] for one in bob] == ["2026-03-13", "2026-03-03"]
    assert document["orders_compared"] == 2


def test_a_variants_file_changes_settings_and_policies(call: Call, truck: Path, tmp_path: Path) -> None:
    variants = tmp_path / "variants.yaml"
    variants.write_text(
        "- {title: As before}\n"
        "- {title: Gold at once, policies: [{when: {tier: gold}, ship: complete}]}\n"
        "- {title: No backorders, settings: {backorders: deny}}\n"
    )
    document = call(truck, "--variants", variants, "--json").document
    first, gold, denied = document["variants"]
    assert [one["title"] for one in (first, gold, denied)] == ["As before", "Gold at once", "No backorders"]
    assert (gold["policies"], gold["changed"]) == (1, {})
    assert gold["measures"]["parcels_per_order"] == 1.0
    assert denied["measures"]["units_refused"] == 2
    assert [order["verdicts"] for order in document["orders"]] == [["loses", "loses"], ["gains", "loses"]]


def test_several_files_are_compared_and_each_keeps_what_its_author_expects(
    call: Call, truck: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(TRUCK.replace("transit_days: 1", "transit_days: 3") + "expect: {orders: {O2: {state: open}}}\n")
    called = call("--compare", truck, other, "--json")
    assert called.status == 1
    assert called.document["same_events"] is True
    assert called.document["title"] == "One lamp, two customers"
    assert [one["title"] for one in called.document["variants"]] == [
        "One lamp, two customers (truck.yaml)",
        "One lamp, two customers (other.yaml)",
    ]
    assert [one["failures"] for one in called.document["variants"]] == [
        [],
        ["orders.O2.state: expected open, was complete"],
    ]
    assert [order["verdicts"] for order in called.document["orders"]] == [["loses"], ["loses"]]


def test_a_directory_is_compared_file_by_file(call: Call, truck: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TRUCK.replace("two customers", "the same"))
    document = call("--compare", tmp_path, "--json").document
    assert [one["file"] for one in document["variants"]] == ["a.yaml", "truck.yaml"]
    assert document["orders"] == []


def test_what_waits_at_the_end_counts_as_late_and_old(call: Call, truck: Path) -> None:
    truck.write_text(TRUCK.replace("  - {at: 10d, receive: {po: P1, lines: {vase: 1, lamp: 1}}}\n", ""))
    first = call(truck, "--with", "ship=complete", "--json").document["variants"][0]["measures"]
    assert first["promises_broken"] == 2
    assert first["late_days_worst"] == 9  # promised for the 13th, the run ends on the 22nd
    assert first["oldest_waiting_days"] == 20.0


def test_the_same_files_give_the_same_bytes(call: Call, truck: Path, tmp_path: Path) -> None:
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    printed = [call(truck, "--with", "ship=complete", "--json", "--report", page).out for page in pages]
    assert printed[0] == printed[1]
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_the_page_needs_nothing_beside_itself_and_escapes_what_it_shows(
    call: Call, truck: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    truck.write_text(TRUCK.replace("title: One lamp, two customers", "title: <script>alert(1)</script>"))
    call(truck, "--with", "ship=complete", "--report", page)
    html = page.read_text()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "http://" not in html
    assert "https://" not in html
    assert "<polyline" in html
    for figure in FIGURES:
        assert figure.title in html


def test_the_page_says_what_each_variant_changes_in_words(call: Call, truck: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    overlay = "weights={tier: 10}; holidays=[2026-03-09, 2026-03-10]; latest_days=40"
    call(truck, "--with", overlay, "--report", page)
    html = page.read_text()
    assert "<td>holidays: 2026-03-09 and 2026-03-10, latest_days: 40, weights: tier 10</td>" in html.replace("\n", "")


def test_on_the_terminal_the_best_is_marked(call: Call, truck: Path) -> None:
    out = call(truck, "--with", "ship=complete").out
    assert "Parcels per order" in out
    assert "1.0 *" in out
    assert "O2 (bob): all by 2026-03-13, 11 unit-days; gains under ship=complete: all by 2026-03-03, 1 unit-days" in out


@pytest.mark.parametrize(
    ("overlay", "fault"),
    [
        ("shipp=complete", "--with 'shipp=complete':1: shipp: unknown key (nearest valid name: ship)"),
        ("ship=complet", "--with 'ship=complet':1: ship: 'complet' is none of available, complete"),
        ("hold_days=3; lend_days=x", "--with 'hold_days=3; lend_days=x':2: lend_days: must be a whole number"),
        ("complete", "--with 'complete': 'complete' is not a setting such as ship=complete"),
        ("timezone=Asia/Tokyo", "timezone: cannot be varied: the events of the drill were read with it"),
    ],
)
def test_a_setting_that_there_is_not_is_refused_by_name(call: Call, truck: Path, overlay: str, fault: str) -> None:
    called = call(truck, "--with", overlay, "--json")
    assert (called.status, called.out) == (2, "")
    assert fault in called.err


def test_a_fault_in_a_variants_file_is_named_with_its_line(call: Call, truck: Path, tmp_path: Path) -> None:
    variants = tmp_path / "variants.yaml"
    variants.write_text(
        "- {title: a, setings: {ship: complete}}\n- {title: b, policies: [{when: {product: lmap}, ship: complete}]}\n"
        "- {title: b}\n"
    )
    called = call(truck, "--variants", variants)
    assert called.status == 2
    assert called.err.splitlines() == [
        f"{variants}:1: [0].setings: unknown key (nearest valid name: settings)",
        f"{variants}:2: [1].policies[0].when.product: there is no product 'lmap' here (nearest valid name: lamp)",
        f"{variants}:2: [1]: the title 'b' is given twice",
        f"{variants}:3: [2]: the title 'b' is given twice",
    ]


@pytest.mark.parametrize("arguments", [["--compare"], ["--with", "ship=complete", "--compare", "{truck}"], ["{truck}"]])
def test_a_call_that_compares_nothing_or_too_much_is_malformed(call: Call, truck: Path, arguments: list[str]) -> None:
    called = call(truck, *(argument.format(truck=truck) for argument in arguments))
    assert (called.status, called.out) == (2, "")


def test_a_comparison_on_a_copy_of_the_company_leaves_the_company_alone(
    call: Call, truck: Path, tmp_path: Path
) -> None:
    play(read_drill(truck))
    rehearsal = tmp_path / "surge.yaml"
    rehearsal.write_text(
        "drill: 1\nstarts: 2026-03-23T09:00:00Z\nevents:\n"
        "  - {at: 0h, order: {ref: O9, customer: bob, lines: {lamp: 4}}}\n  - {at: 9d, wait: {}}\n"
    )
    tables = ("company", "sales_order", "order_line", "claim", "peg", "stock_level", "notice", "fact", "policy_rule")
    before = {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}
    called = call(rehearsal, "--from-live", "--with", "backorders=deny", "--json")
    assert called.status == 0
    assert [one["measures"]["units_refused"] for one in called.document["variants"]] == [0, 4]
    assert {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables} == before

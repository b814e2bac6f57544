"""A file that cannot be right is refused by file, line and key, with the way out; nothing is played."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from tests.drills.company import COMPANY

from raincheck.core.errors import Malformed
from raincheck.drill.reading.drill_file import read_drill

Faults = Callable[[str], list[str]]

HEAD = "drill: 1\nstarts: 2026-03-02T09:00:00Z\n"


def event(text: str) -> str:
    """A company whose first event places O1 on line 11; `text` is the event on line 12."""
    return COMPANY + "events:\n  - {at: 1h, order: {ref: O1, customer: ann, lines: {lamp: 3}}}\n  - " + text + "\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drill: 2\nstarts: 2026-03-02T09:00:00Z\n", "drill.yaml:1: drill: this version reads drills of format 1"),
        ("drill: 1\n", "drill.yaml:1: needs `starts`"),
        ("starts: 2026-03-02T09:00:00Z\n", "drill.yaml:1: needs `drill`"),
        (HEAD + "sties: {}\n", "drill.yaml:3: sties: unknown key (nearest valid name: sites)"),
        (HEAD + "settings: {transit_day: 1}\n", "settings.transit_day: unknown key (nearest valid name: transit_days)"),
        (HEAD + "settings: {timezone: Europe/Berln}\n", "(nearest valid name: Europe/Berlin)"),
        (HEAD + "settings: {working_days: []}\n", "settings.working_days: needs at least one day"),
        (HEAD + "settings: {working_days: [mon, tues]}\n", "working_days[1]: 'tues' is none of mon, tue"),
        (HEAD + "settings: {promise_confidence: 1.5}\n", "1.5 must be above 0 and at most 1"),
        (HEAD + "settings: {tighten: maybe}\n", "settings.tighten: must be true or false, not 'maybe'"),
        (HEAD + "settings: {country: USA}\n", "'USA' is not a country code of two letters"),
        (HEAD + "settings: {country: QQ}\n", "settings.country: there is no country 'QQ'"),
        (HEAD + "sites: {east: {country: UK}}\n", "sites.east.country: there is no country 'UK': write GB"),
        (HEAD + "settings: {currency: EURO}\n", "'EURO' is not a currency code of three letters"),
        (HEAD + "settings: {currency: XXY}\n", "settings.currency: there is no currency 'XXY'"),
        (HEAD + "products: {lamp: {currency: EUF}}\n", "there is no currency 'EUF' (nearest valid name: EUR)"),
        (HEAD + "sites: [east]\n", "sites: must be a mapping"),
        (HEAD + "products: {lamp: {price: 40.00}}\n", 'money is a decimal string: write "40.00" in quotes'),
        (HEAD + 'products: {lamp: {price: "-1.00"}}\n', "products.lamp.price: -1.00 must be from 0"),
        (
            HEAD
            + "products: {lamp: {price: 1000000}}\nevents: [{at: 0h, order: {ref: O1, lines: {lamp: 1000000000}}}]\n",
            "the order is worth 1,000,000,000,000,000",
        ),
        (HEAD + "products: {lamp: {supplier: acme}}\n", "there is no supplier 'acme' here"),
        (HEAD + "products: {lamp: {pack: 0}}\n", "0 is not between 1 and"),
        (HEAD + "products: {lamp: {available_from: 2026-02-30}}\n", "2026-02-30 is not in the calendar"),
        (HEAD + "products: {lamp: {available_from: 2500-01-01}}\n", "2500-01-01 is out of range"),
        (HEAD + "products: {' lamp': {}}\n", "is no name"),
        (HEAD + 'products: {"la\\0mp": {}}\n', "is no name"),
        (HEAD + "customers: {ann: {tier: golden}}\n", "'golden' is none of gold, silver, standard"),
        (HEAD + "sites: {a: {}}\nproducts: {lamp: {}}\nstock: {a: {lamp: -1}}\n", "stock.a.lamp: -1 is not between 0"),
        (HEAD + "sites: {a: {}}\nproducts: {lamp: {}}\nstock: {a: {lamp: 1000000000000}}\n", "is not between 0 and"),
        (HEAD + "sites: {a: {}}\nproducts: {lamp: {}}\nstock: {a: {lmap: 1}}\n", "(nearest valid name: lamp)"),
        (HEAD + "sites: {a: {}}\nproducts: {lamp: {}}\nstock: {b: {lamp: 1}}\n", "there is no site 'b' here"),
        (COMPANY + "policies: [{when: {product: lamp}}]\n", "policies[0]: changes nothing"),
        (COMPANY + "policies: [{when: {colour: red}, ship: complete}]\n", "policies[0].when.colour: unknown key"),
        (COMPANY + "policies: [{when: {category: light}, ship: complete}]\n", "there is no category 'light' here"),
        (COMPANY + "expect: {orders: {O1: {}}}\n", "drill.yaml:10: expect.orders.O1: there is no order 'O1' here"),
        (COMPANY + "expect: {audit: fine}\n", "expect.audit: 'fine' is none of ok"),
        (event("{at: 2h}"), "drill.yaml:12: events[1]: needs one verb"),
        (event("{at: 2h, ordr: {ref: O2}}"), "events[1].ordr: unknown key (nearest valid name: order)"),
        (event("{at: 2h, wait: {}, hold: {order: O1}}"), "events[1]: has 2 verbs (wait, hold)"),
        (event("{wait: {}}"), "events[1]: needs `at`"),
        (event("{at: 30m, wait: {}}"), "events[1].at: goes backwards"),
        (event("{at: 2026-03-01T09:00:00Z, wait: {}}"), "events[1].at: is before `starts`"),
        (event("{at: -1h, wait: {}}"), "'-1h' is not an instant"),
        (event("{at: 1w, wait: {}}"), "or an offset such as 36h"),
        (
            event("{at: 1h, reschedule: {po: P1, due: 17x}}"),
            "'17x' is not a date such as 2026-03-02, or an offset such as 10d",
        ),
        (event("{at: 9999999d, wait: {}}"), "9999999d is out of range"),
        (event("{at: 2h, cancel: {order: O2}}"), "there is no order 'O2' here (nearest valid name: O1)"),
        (event("{at: 2h, cancel: {order: O1, lines: {torch: 1}}}"), "order O1 has no line of torch"),
        (event("{at: 2h, cancel: {order: O1, lines: {}}}"), "events[1].cancel.lines: names no product"),
        (event("{at: 2h, order: {ref: O2, lines: {lamp: 0}}}"), "events[1].order.lines.lamp: 0 is not between 1"),
        (event("{at: 2h, order: {ref: O2, lines: {lamp: 1.5}}}"), "1.5 is a fraction; units are whole"),
        (event("{at: 2h, order: {ref: O2, lines: {lamp: 1.0}}}"), "1.0 is a fraction; units are whole"),
        (event('{at: 2h, order: {ref: O2, lines: {lamp: "3"}}}'), "without quotes: write 3"),
        (event("{at: 2h, order: {ref: O2, lines: {lamp: three}}}"), "must be a whole number such as 3, not 'three'"),
        (event("{at: 2h, order: {ref: O2, lines: {lamp: 0x10}}}"), "must be a whole number such as 3"),
        (event("{at: 2h, order: {ref: O2, customer: anna, lines: {lamp: 1}}}"), "(nearest valid name: ann)"),
        (event("{at: 2h, order: {ref: O1, customer: ann, lines: {lamp: 4}}}"), "given other content on line 11"),
        (event("{at: 2h, confirm: {po: P1, lines: {torch: 1}}}"), "purchase order P1 has no line of torch"),
        (event("{at: 2h, receive: {lines: {lamp: 1}}}"), "needs either `po` or `transfer`"),
        (event("{at: 2h, receive: {po: P1}}"), "needs `lines`, `damaged` or both"),
        (event("{at: 2h, receive: {transfer: T1, lines: {lamp: 1}}}"), "there is no transfer 'T1' here"),
        (
            event("{at: 2h, purchase: {po: P2, supplier: acme, site: east, state: confirmed, lines: {lamp: 1}}}"),
            "a confirmed purchase order needs `due`",
        ),
        (
            event("{at: 2h, purchase: {po: P1, supplier: acme, site: west, due: 10d, lines: {lamp: 10}}}"),
            "purchase order P1 was given other content on line 9",
        ),
        (
            event("{at: 2h, transfer: {ref: T1, from: east, to: east, due: 9d, lines: {lamp: 1}}}"),
            "goes from a site to itself",
        ),
        (event("{at: 2h, return: {order: O1, lines: {lamp: 1}, condition: broken}}"), "is none of good, damaged"),
        (
            event("{at: 2h, answer: {order: O1, choice: waits}}"),
            "is none of wait, wait_further, cancel, ship_available (nea",
        ),
        (
            event("{at: 2h, order: {ref: O2, lines: {lamp: 1}, seller_credit: maybe}}"),
            "must be true or false, not 'maybe'",
        ),
        (event("{at: 2h, quote: {ref: Q1, lines: {lamp: 1}, seller_credit: true}}"), "seller_credit: unknown key"),
        (HEAD + "sellers: {north: {law: uk}}\n", "'uk' is none of none, us-ftc-435, eu-2011-83"),
        (HEAD + "sellers: {north: {}}\nproducts: {lamp: {seller: nort}}\n", "(nearest valid name: north)"),
        (HEAD + "settings: {advance_consent_days: 0}\n", "0 is not between 1 and"),
        (HEAD + "settings: {feedback_days: -1}\n", "-1 is not between 0 and"),
        (event("{at: 2h, answer: {order: O1}}"), "events[1].answer: needs `choice`"),
        (event("{at: 2h, answer: {order: O2, choice: wait}}"), "there is no order 'O2' here (nearest valid name: O1)"),
        (event("{at: 2h, answer: {order: O1, choice: {substitute: {}}}}"), "names no product"),
        (event("{at: 2h, answer: {order: O1, choice: {substitute: {torch: lamp}}}}"), "order O1 has no line of torch"),
        (event("{at: 2h, answer: {order: O1, choice: {substitute: {lamp: lmap}}}}"), "there is no product 'lmap' here"),
        (event("{at: 2h, answer: {order: O1, choice: {swap: {lamp: torch}}}}"), "swap: unknown key"),
        (COMPANY + "settings: {law: us-ftc}\n", "'us-ftc' is none of none, us-ftc-435, eu-2011-83"),
    ],
)
def test_the_one_fault_is_named_with_its_place(faults: Faults, text: str, fault: str) -> None:
    found = faults(text)
    assert len(found) == 1, found
    assert fault in found[0]
    assert found[0].startswith("drill.yaml:")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "drill.yaml:1: the file is empty"),
        ("drill: [1\n", "is not YAML"),
        (HEAD + "title: one\ntitle: two\n", "drill.yaml:4: title: duplicate key, first on line 3"),
        (HEAD + "products: {lamp: {price: 1, price: 2}}\n", "products.lamp.price: duplicate key"),
        (HEAD + "title: !!python/object/apply:os.system [ls]\n", "the tag !!python/object/apply:os.system is not"),
        (HEAD + "title: !mine x\n", "the tag !mine is not allowed"),
        (HEAD + "title: &a [*a]\n", "contains itself"),
        (HEAD + "title: " + "[" * 51 + "]" * 51 + "\n", "nests deeper than 50"),
        (HEAD + "title: " + "[" * 200_000, "nests deeper than 50"),
        (HEAD + "? [a]\n: b\n", "a key must be a plain name"),
        ("drill: 1\n---\ndrill: 1\n", "is not YAML"),
        (HEAD + "title: \x00\n", "is not YAML"),
        (HEAD + 'title: "\\ud800"\n', "is not YAML"),
    ],
)
def test_a_file_that_is_not_sound_yaml_is_refused(faults: Faults, text: str, fault: str) -> None:
    assert fault in faults(text)[0]


def test_a_small_file_that_unfolds_to_a_huge_one_is_refused(faults: Faults) -> None:
    names = "abcdefgh"
    lines = ["a: &a [" + ", ".join(["x"] * 10) + "]"]
    lines += [f"{new}: &{new} [" + ", ".join([f"*{old}"] * 10) + "]" for old, new in pairwise(names)]
    assert "unfolds to more than 1,000,000 nodes" in faults("\n".join(lines))[0]


def test_aliases_cannot_nest_deeper_than_brackets_may(faults: Faults) -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60)]
    assert "nests deeper than 50 once its aliases are unfolded" in faults("\n".join(lines))[0]


def test_text_that_is_not_utf_8_is_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "drill.yaml"
    path.write_bytes(b"drill: 1\ntitle: caf\xe9\n")
    with pytest.raises(Malformed, match=r"drill.yaml:2: is not UTF-8"):
        read_drill(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"none\.yaml: cannot be read: No such file"):
        read_drill(tmp_path / "none.yaml")


def test_several_faults_are_all_told_in_the_order_of_the_file(faults: Faults) -> None:
    found = faults(
        COMPANY + "events:\n"
        "  - {at: 0h, order: {ref: O1, customer: anne, lines: {lmap: 1}}}\n"
        "  - {at: 1h, ship: {order: O1, line: {}}}\n"
        "expect: {orders: {O2: {state: closed}}}\n"
    )
    assert [line.split(": ")[0] for line in found] == [
        "drill.yaml:11",
        "drill.yaml:11",
        "drill.yaml:12",
        "drill.yaml:13",
    ]


def test_a_file_of_nothing_but_faults_gives_a_bounded_answer(faults: Faults) -> None:
    found = faults(HEAD + "".join(f"key{number}: 1\n" for number in range(5_000)))
    assert len(found) == 51
    assert found[-1] == "drill.yaml: and 4950 more"


@pytest.mark.parametrize(
    ("part", "refused"),
    [
        ("events: [{at: 0h, replenish: {}}]\n", "events[0].replenish: not there yet"),
    ],
)
def test_what_this_version_cannot_play_is_refused_by_name(faults: Faults, part: str, refused: str) -> None:
    found = faults(COMPANY + part)
    assert len(found) == 1, found
    assert refused in found[0]


KITS = (
    HEAD
    + "sites: {east: {}, west: {}}\nsuppliers: {acme: {}}\n"
    + "products: {lamp: {}, torch: {}, set: {kit: {lamp: 2, torch: 1}}}\n"
)
NO_STOCK = "set is a kit and has no stock of its own: name its parts (lamp, torch)"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            HEAD + "products: {set: {kit: {lmap: 1}}, lamp: {}}\n",
            "products.set.kit.lmap: there is no product 'lmap' here",
        ),
        (HEAD + "products: {set: {kit: {}}}\n", "products.set.kit: names no product"),
        (HEAD + "products: {set: {kit: {lamp: 0}}, lamp: {}}\n", "products.set.kit.lamp: 0 is not between 1"),
        (HEAD + "products: {set: {kit: {set: 1}}}\n", "products.set: a kit cannot be part of itself"),
        (
            HEAD + "products: {lamp: {}, set: {kit: {lamp: 1}}, big: {kit: {set: 2}}}\n",
            "products.big: a kit cannot be made of a kit (set): name that one's parts",
        ),
        (KITS + "stock: {east: {set: 1}}\n", "stock.east.set: " + NO_STOCK),
        (KITS + "purchase_orders: {P1: {supplier: acme, site: east, lines: {set: 1}}}\n", "P1.lines.set: " + NO_STOCK),
        (KITS + "events: [{at: 0h, count: {site: east, lines: {set: 1}}}]\n", "events[0].count.lines.set: " + NO_STOCK),
        (
            KITS + "events: [{at: 0h, transfer: {ref: T1, from: east, to: west, due: 2d, lines: {set: 1}}}]\n",
            "events[0].transfer.lines.set: " + NO_STOCK,
        ),
    ],
)
def test_a_kit_is_made_of_products_and_has_no_stock(faults: Faults, text: str, fault: str) -> None:
    assert any(fault in found for found in faults(text)), faults(text)

"""What an author expects is compared with what the drill printed, and each difference is one line."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.drills.company import COMPANY

from raincheck.drill.expect import failures
from raincheck.drill.scenario import Scenario

Read = Callable[[str], Scenario]

EVENTS = """\
events:
  - {at: 0h, order: {ref: O1, customer: ann, lines: {lamp: 5}}}
  - {at: 1h, quote: {ref: Q1, lines: {lamp: 9}}}
"""


@pytest.fixture
def printed() -> dict[str, Any]:
    return {
        "orders": {
            "O1": {
                "state": "open",
                "lines": {"lamp": {"shipped": 2, "backordered": 3, "promise_on": "2026-03-12", "reason": "lead_time"}},
            }
        },
        "quotes": {"Q1": {"lines": {"lamp": [{"units": 9, "from": "none", "on": None}]}}},
        "shipments": [
            {
                "id": "S1",
                "at": "2026-03-02T23:30:00Z",
                "site": "east",
                "orders": ["O1"],
                "lines": {"O1": {"lamp": 2}},
            }
        ],
        "notices": [
            {"at": "2026-03-02T09:00:00Z", "to": "ann", "order": "O1", "event": "backordered", "channel": "none"}
        ],
        "purchase_orders": {
            "P1": {"state": "confirmed", "lines": {"lamp": {"ordered": 10, "received": 0, "damaged": 0}}}
        },
        "stock": {"east": {"lamp": {"on_hand": 0, "reserved": 0, "unsellable": 0, "inbound": 10}}},
        "payments": [{"at": "2026-03-02T09:00:00Z", "order": "O1", "kind": "capture", "amount": "80.00"}],
        "refused_events": [],
        "audit": {"ok": False, "violations": ["stock east lamp", "order O1"]},
    }


@pytest.fixture
def compare(read: Read, printed: dict[str, Any]) -> Callable[[str], list[str]]:
    def compared(expect: str) -> list[str]:
        scenario = read(COMPANY + EVENTS + "expect:\n" + expect)
        return failures(scenario.expect, printed, ZoneInfo(scenario.settings.timezone))

    return compared


@pytest.mark.parametrize(
    "expect",
    [
        "  orders: {O1: {state: open, lines: {lamp: {shipped: 2, promise_on: 2026-03-12, reason: lead_time}}}}",
        "  quotes: {Q1: {lines: {lamp: [{units: 9, from: none, on: null}]}}}",
        "  shipments: [{order: O1, site: east, on: 2026-03-02, lines: {lamp: 2}}]",
        "  shipments: [{orders: [O1], at: 2026-03-02T23:30:00Z, lines: {O1: {lamp: 2}}}]",
        "  notices: [{at: 0h, to: ann, event: backordered}]",
        "  purchase_orders: {P1: {state: confirmed, lines: {lamp: {received: 0}}}}",
        "  stock: {east: {lamp: {inbound: 10}}, west: {torch: {on_hand: 0}}}",
        '  payments: [{order: O1, kind: capture, amount: "80"}]',
        "  refused_events: []",
    ],
)
def test_what_is_as_expected_gives_no_line(compare: Callable[[str], list[str]], expect: str) -> None:
    assert compare(expect) == []


@pytest.mark.parametrize(
    ("expect", "lines"),
    [
        (
            "  orders: {O1: {state: complete, lines: {lamp: {shipped: 3, backordered: 3}}}}",
            ["orders.O1.state: expected complete, was open", "orders.O1.lines.lamp.shipped: expected 3, was 2"],
        ),
        (
            "  orders: {O1: {lines: {lamp: {promise_on: null}}}}",
            ["orders.O1.lines.lamp.promise_on: expected null, was 2026-03-12"],
        ),
        ("  orders: {O1: {lines: {torch: {ordered: 1}}}}", ["orders.O1.lines.torch: expected a mapping, was nothing"]),
        ("  orders: {O1: {lines: {lamp: {returned: 1}}}}", ["orders.O1.lines.lamp.returned: expected 1, was 0"]),
        ("  shipments: []", ["shipments: expected 0, was 1"]),
        ("  shipments: [{order: O1, on: 2026-03-03}]", ["shipments[0].on: expected 2026-03-03, was 2026-03-02"]),
        (
            "  quotes: {Q1: {lines: {lamp: [{units: 2, from: P1}, {units: 7}]}}}",
            [
                "quotes.Q1.lines.lamp: expected 2, was 1",
                "quotes.Q1.lines.lamp[0].units: expected 2, was 9",
                "quotes.Q1.lines.lamp[0].from: expected P1, was none",
            ],
        ),
        ("  stock: {west: {torch: {on_hand: 1}}}", ["stock.west.torch.on_hand: expected 1, was 0"]),
        ("  audit: ok", ["audit: expected ok, was 2 violations"]),
    ],
)
def test_each_difference_is_named_by_its_path(
    compare: Callable[[str], list[str]], expect: str, lines: list[str]
) -> None:
    assert compare(expect) == lines


def test_a_day_is_the_company_s_day(read: Read, printed: dict[str, Any]) -> None:
    tokyo = COMPANY + "settings: {timezone: Asia/Tokyo}\n" + EVENTS
    scenario = read(tokyo + "expect: {shipments: [{order: O1, on: 2026-03-03}]}\n")
    assert failures(scenario.expect, printed, ZoneInfo("Asia/Tokyo")) == []

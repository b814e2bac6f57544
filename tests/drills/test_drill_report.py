"""The report tells a planner the story of a drill, and nothing in it can do harm to whoever opens it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.drills.company import COMPANY

from raincheck.drill import events
from raincheck.drill.report import report_html
from raincheck.drill.scenario import Scenario
from raincheck.drill.wording import event_sentence
from raincheck.store.reads.outcome import OutcomeDate

EVERY_VERB = """\
events:
  - {at: 0h, order: {ref: O1, customer: ann, lines: {lamp: 3}, ship: complete}}
  - {at: 0h, order: {ref: O1, customer: ann, lines: {lamp: 3}, ship: complete}}
  - {at: 1h, quote: {ref: Q1, lines: {lamp: 9}}}
  - {at: 1d, cancel: {order: O1}}
  - {at: 1d, change: {order: O1, lines: {lamp: 5}}}
  - {at: 1d, hold: {order: O1}}
  - {at: 2d, release: {order: O1}}
  - {at: 2d, purchase: {po: P2, supplier: acme, site: west, due: 20d, state: confirmed, lines: {lamp: 4}}}
  - {at: 3d, confirm: {po: P2, due: 18d, lines: {lamp: 3}}}
  - {at: 4d, reschedule: {po: P1, due: 12d}}
  - {at: 5d, receive: {po: P1, lines: {lamp: 7}, damaged: {lamp: 1}}}
  - {at: 6d, close_short: {po: P1}}
  - {at: 6d, count: {site: east, lines: {lamp: 2}}}
  - {at: 7d, return: {order: O1, lines: {lamp: 1}}}
  - {at: 7d, transfer: {ref: T1, from: west, to: east, due: 9d, lines: {lamp: 1}}}
  - {at: 8d, pick: {order: O1, lines: {lamp: 2}}}
  - {at: 8d, pack: {order: O1}}
  - {at: 8d, ship: {order: O1}}
  - {at: 8d, deliver: {order: O1}}
  - {at: 8d, confirm_cancel: {order: O1}}
  - {at: 9d, wait: {}}
"""


@pytest.fixture
def printed() -> dict[str, Any]:
    line = {
        "ordered": 3, "reserved": 0, "backordered": 1, "preordered": 0, "shipped": 2, "cancelled": 0, "refused": 0,
        "first_promise_on": "2026-03-12", "promise_on": None, "expected_on": None, "reason": "no_date",
    }  # fmt: skip
    return {
        "title": "A small company",
        "ok": False,
        "failures": ["orders.O1.lines.lamp.shipped: expected 3, was 2"],
        "orders": {"O1": {"state": "open", "lines": {"lamp": line}}},
        "quotes": {"Q1": {"lines": {"lamp": [{"units": 9, "from": "P1", "on": "2026-03-12"}]}}},
        "shipments": [
            {
                "id": "S1",
                "at": "2026-03-02T09:00:00Z",
                "site": "east",
                "orders": ["O1"],
                "lines": {"O1": {"lamp": 2}},
            }
        ],
        "notices": [{"at": "2026-03-05T00:00:00Z", "to": "ann", "order": "O1", "event": "delayed", "channel": "none"}],
        "purchase_orders": {
            "P1": {"state": "closed_short", "lines": {"lamp": {"ordered": 10, "received": 7, "damaged": 1}}}
        },
        "stock": {"east": {"lamp": {"on_hand": 7, "reserved": 0, "unsellable": 1, "inbound": 0}}},
        "payments": [{"at": "2026-03-02T09:00:00Z", "order": "O1", "kind": "capture", "amount": "80.00"}],
        "refused_events": [
            {"at": "2026-03-03T09:00:00Z", "verb": "cancel", "order": "O1", "reason": "already shipped"}
        ],
        "audit": {"ok": True, "violations": []},
    }


def test_every_event_is_told_in_words(read: Callable[[str], Scenario]) -> None:
    told = [event_sentence(event) for event in read(COMPANY + EVERY_VERB).events]
    assert told[0] == "ann orders O1: 3 lamp, to ship complete"
    assert told[1].endswith("(said before: no effect)")
    assert told[3] == "O1 is cancelled: all"
    assert told[10] == "P1 arrives: 7 lamp; damaged: 1 lamp"
    assert len(told) == len(EVERY_VERB.splitlines()) - 1


def test_the_story_shows_what_was_done_and_what_came_of_it(
    read: Callable[[str], Scenario], printed: dict[str, Any]
) -> None:
    dates = [OutcomeDate(datetime(2026, 3, 5, tzinfo=UTC), "O1", "lamp", date(2026, 3, 14))]
    html = report_html(read(COMPANY + EVERY_VERB), printed, dates)
    for told in (
        "lamp of O1: 2026-03-14",
        "1 expectation not met",
        "orders.O1.lines.lamp.shipped: expected 3, was 2",
        "east ships 2 lamp for O1",
        "capture 80.00 for O1",
        "cancel of O1: already shipped",
        "ann is told about O1: it will be later (no address)",
        "falls due by itself",
        "9 from P1 on 2026-03-12",
        '<span class="chip">closed short</span>',
    ):
        assert told in html
    assert html.index("ann orders O1") < html.index("falls due by itself") < html.index("P1 is closed short")


def test_what_a_file_says_is_shown_and_never_run(read: Callable[[str], Scenario], printed: dict[str, Any]) -> None:
    scenario = read(COMPANY + EVERY_VERB)
    attack = "<script>alert(1)</script>"
    first = scenario.events[0]
    assert isinstance(first, events.PlaceOrder)
    scenario = replace(scenario, events=(replace(first, ref=attack), *scenario.events[1:]))
    printed["title"] = attack
    printed["failures"] = [attack]
    html = report_html(scenario, printed, [])
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


def test_the_report_needs_nothing_beside_itself(read: Callable[[str], Scenario], printed: dict[str, Any]) -> None:
    html = report_html(read(COMPANY + EVERY_VERB), printed, [])
    for reference in ("http://", "https://", "src=", "@import", "url(", "<link"):
        assert reference not in html

"""A rebalance that cannot be understood is refused by line and key, with the way out."""

from collections.abc import Callable

import pytest
from tests.drills.company import COMPANY

Faults = Callable[[str], list[str]]


def event(text: str) -> str:
    """A company whose first event places O1 on line 11; the rebalance stands on line 12."""
    order = "  - {at: 1h, order: {ref: O1, customer: ann, lines: {lamp: 3}}}\n"
    return COMPANY + "events:\n" + order + "  - {at: 2h, rebalance: " + text + "}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{}", "events[1].rebalance: needs `segments`"),
        ("{segments: [{when: {}, strategy: wins}]}", "strategy: 'wins' is none of win, gain, improve, redistribute"),
        ("{segments: [{when: {}}]}", "segments[0]: needs `strategy`"),
        ("{segments: [{strategy: win}]}", "segments[0]: needs `when`"),
        ("{segments: [{when: , strategy: win}]}", "needs `when`; {} is every line"),
        ("{segments: [{when: {order: O2}, strategy: win}]}", "there is no order 'O2' here (nearest valid name: O1)"),
        (
            "{segments: [{when: {product: lmap}, strategy: win}]}",
            "there is no product 'lmap' here (nearest valid name: lamp)",
        ),
        ("{segments: [{when: {tier: golden}, strategy: win}]}", "'golden' is none of gold, silver, standard"),
        ("{segments: [{when: {colour: red}, strategy: win}]}", "when.colour: unknown key"),
        ("{segments: [], exceptions: stop}", "exceptions: 'stop' is none of stop_all, stop_failed"),
        ("{segments: [], fallback: {segments: [], exceptions: stop_all}}", "fallback.exceptions: unknown key"),
        ("{segments: [], fallback: {}}", "fallback: needs `segments`"),
        ("{segments: [], least_gain_units: -1}", "-1 is not between 0 and"),
        ("{segments: [], cool_down: 3}", "cool_down: unknown key (nearest valid name: cool_down_hours)"),
    ],
)
def test_the_fault_is_named(faults: Faults, text: str, fault: str) -> None:
    (said,) = faults(event(text))
    assert said.startswith("drill.yaml:12: ")
    assert fault in said

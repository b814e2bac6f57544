"""Overlapping policies: one fixed order, the winner and the losers are kept (semantics 23; contract, section 4)."""

from itertools import pairwise
from typing import Any

import pytest

from raincheck.core.policy import Rule, resolve, strictness

LINE: dict[str, str | None] = {
    "product": "lamp", "customer": "ann", "category": "light", "tier": "gold", "channel": "web", "site": "east",
}  # fmt: skip


def ship(*rules: tuple[dict[str, str], str], default: str = "available", **voices: Any) -> str:
    """What wins for the line."""
    given = [Rule(str(number), when, {"ship": value}) for number, (when, value) in enumerate(rules, start=1)]
    return str(resolve("ship", default, given, LINE, **voices).value)


def test_without_any_rule_the_companys_default_holds() -> None:
    assert ship(default="complete") == "complete"


@pytest.mark.parametrize(("higher", "lower"), list(pairwise(LINE)))
def test_the_more_specific_rule_wins_even_if_it_is_less_strict(higher: str, lower: str) -> None:
    above, below = {higher: str(LINE[higher])}, {lower: str(LINE[lower])}
    assert ship((below, "complete"), (above, "available")) == "available"


def test_a_rule_for_everybody_stands_just_above_the_default() -> None:
    assert ship(({}, "complete")) == "complete"
    assert ship(({}, "complete"), ({"site": "east"}, "available")) == "available"


def test_a_rule_that_does_not_match_says_nothing() -> None:
    assert ship(({"customer": "bob"}, "complete"), ({"customer": "ann", "tier": "silver"}, "complete")) == "available"


def test_more_conditions_at_one_level_win() -> None:
    assert ship(({"customer": "ann"}, "complete"), ({"customer": "ann", "site": "east"}, "available")) == "available"


def test_a_level_counts_more_than_the_number_of_conditions() -> None:
    many = {"customer": "ann", "tier": "gold", "channel": "web", "site": "east"}
    assert ship((many, "complete"), ({"product": "lamp"}, "available")) == "available"


def test_between_equals_the_stricter_wins() -> None:
    ann = {"customer": "ann"}
    assert ship((ann, "available"), (ann, "up_to:3"), (ann, "up_to:2")) == "up_to:2"
    assert ship((ann, "up_to:1"), (ann, "complete")) == "complete"
    assert ship(({"customer": "ann", "tier": "gold"}, "available"),
                ({"customer": "ann", "site": "east"}, "up_to:9")) == "up_to:9"  # fmt: skip


def test_a_products_own_field_counts_as_a_rule_for_the_product() -> None:
    lamp = {"product": "lamp"}
    assert ship((lamp, "complete"), product_value="available") == "complete"
    assert ship((lamp, "available"), product_value="complete") == "complete"
    assert ship(({"customer": "ann"}, "complete"), product_value="available") == "available"
    assert ship((lamp | {"customer": "ann"}, "available"), product_value="complete") == "available"


def test_what_the_customer_chose_wins_over_all() -> None:
    assert ship(({"product": "lamp", "customer": "ann"}, "complete"), chosen="available") == "available"


def test_deny_is_stricter_than_allow_and_the_lower_limit_than_the_higher() -> None:
    rules = [
        Rule("1", {"product": "lamp"}, {"backorders": "allow", "backorder_limit": 9}),
        Rule("2", {"product": "lamp"}, {"backorders": "deny", "backorder_limit": 12}),
    ]
    assert resolve("backorders", "allow", rules, LINE).value == "deny"
    assert resolve("backorder_limit", None, rules, LINE).value == 9
    assert resolve("backorder_limit", None, rules, LINE, product_value=10).value == 9


@pytest.mark.parametrize(
    ("setting", "from_strict_to_loose"),
    [
        ("ship", ["complete", "up_to:1", "up_to:2", "up_to:10", "available"]),
        ("backorders", ["deny", "allow"]),
        ("backorder_limit", [0, 1, 50, None]),
        ("latest_days", [0, 30, None]),
        ("charge", ["shipment", "order"]),
        ("inbound_share", ["0", "0.25", "0.5", "1"]),
    ],
)
def test_strictness(setting: str, from_strict_to_loose: list[Any]) -> None:
    ranks = [strictness(setting, value) for value in from_strict_to_loose]
    assert ranks == sorted(set(ranks))


def test_settings_without_a_stricter_value_are_decided_by_the_rules_name() -> None:
    rules = [Rule("b", {}, {"law": "eu-2011-83"}), Rule("a", {}, {"law": "us-ftc-435"})]
    assert resolve("law", "none", rules, LINE).value == "us-ftc-435"


def test_the_order_keeps_who_won_and_who_lost() -> None:
    rules = [Rule("7", {"tier": "gold"}, {"ship": "complete"}), Rule("8", {"site": "east"}, {"ship": "up_to:2"})]
    assert resolve("ship", "available", rules, LINE).trace() == {
        "value": "complete",
        "from": "rule 7",
        "when": {"tier": "gold"},
        "lost": [
            {"value": "up_to:2", "from": "rule 8", "when": {"site": "east"}, "why": "less_specific"},
            {"value": "available", "from": "company", "why": "less_specific"},
        ],
    }


def test_each_loser_is_told_why_it_lost() -> None:
    rules = [
        Rule("1", {"customer": "ann", "channel": "web"}, {"ship": "up_to:2"}),
        Rule("2", {"customer": "ann", "tier": "gold"}, {"ship": "up_to:3"}),
        Rule("3", {"customer": "ann", "site": "east"}, {"ship": "up_to:2"}),
        Rule("4", {"customer": "ann"}, {"ship": "complete"}),
        Rule("5", {"tier": "gold"}, {"ship": "complete"}),
    ]
    resolved = resolve("ship", "available", rules, LINE)
    assert (resolved.source, resolved.winner.level) == ("rule 1", "customer")
    assert {loser.source: resolved.why_lost(loser) for loser in resolved.lost} == {
        "rule 2": "less_strict", "rule 3": "same", "rule 4": "fewer_conditions", "rule 5": "less_specific",
        "company": "less_specific",
    }  # fmt: skip


def test_every_voice_stands_at_its_level() -> None:
    rules = [Rule("1", {}, {"ship": "up_to:2"}), Rule("2", {"site": "east"}, {"ship": "up_to:3"})]
    resolved = resolve("ship", "available", rules, LINE, product_value="up_to:4", chosen="complete")
    voices = (resolved.winner, *resolved.lost)
    assert [(voice.source, voice.level) for voice in voices] == [
        ("order", "order"), ("product", "product"), ("rule 2", "site"), ("rule 1", "everybody"), ("company", "company"),
    ]  # fmt: skip


def test_of_equal_rules_the_stricter_wins_whatever_it_is_called() -> None:
    for setting, strict, loose in (
        ("backorders", "deny", "allow"), ("ship", "complete", "up_to:1"), ("ship", "up_to:1", "up_to:2"),
        ("backorder_limit", 3, 4), ("latest_days", 9, None), ("merge_hours", 5, 4),
        ("inbound_share", "0.4", "0.5"),
    ):  # fmt: skip
        rules = [Rule("1", {"tier": "gold"}, {setting: loose}), Rule("2", {"tier": "gold"}, {setting: strict})]
        assert resolve(setting, loose, rules, LINE).value == strict, (setting, strict)

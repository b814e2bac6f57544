"""Which rule wins, against the contract's sentence said the other way round: nobody who lost stood higher."""

from hypothesis import given
from hypothesis import strategies as st
from tests.core.laws.profile import law

from raincheck.core.policy import LEVELS, Rule, resolve

SHIPS = ("complete", "up_to:1", "up_to:2", "up_to:3", "available")
"""The strictest first."""

lines = st.fixed_dictionaries({level: st.sampled_from((None, "a", "b")) for level in LEVELS})
whens = st.dictionaries(st.sampled_from(LEVELS), st.sampled_from(("a", "b")), max_size=3)
rules = st.lists(st.tuples(whens, st.sampled_from(SHIPS)), max_size=8).map(
    lambda found: [Rule(str(number), when, {"ship": ship}) for number, (when, ship) in enumerate(found)]
)
ships = st.sampled_from((None, *SHIPS))


def matches(rule: Rule, line: dict[str, str | None]) -> bool:
    return all(line[level] == value for level, value in rule.when.items())


def most_specific(rule: Rule) -> int:
    return min((LEVELS.index(level) for level in rule.when), default=len(LEVELS))


@law
@given(rules, lines, ships)
def test_what_the_customer_chose_always_wins(found: list[Rule], line: dict[str, str | None], own: str | None) -> None:
    resolved = resolve("ship", "available", found, line, product_value=own, chosen="up_to:3")
    assert (resolved.value, resolved.source) == ("up_to:3", "order")


@law
@given(rules, lines)
def test_nobody_who_lost_stood_higher(found: list[Rule], line: dict[str, str | None]) -> None:
    resolved = resolve("ship", "available", found, line)
    matching = {f"rule {rule.id}": rule for rule in found if matches(rule, line)}
    if not matching:
        assert (resolved.value, resolved.source) == ("available", "company")
        return
    winner = matching[resolved.source]
    for rule in matching.values():
        assert most_specific(winner) <= most_specific(rule)
        if most_specific(winner) == most_specific(rule):
            assert len(winner.when) >= len(rule.when)
            if len(winner.when) == len(rule.when):
                assert SHIPS.index(winner.then["ship"]) <= SHIPS.index(rule.then["ship"])


@law
@given(rules, lines, st.sampled_from(SHIPS))
def test_a_products_own_field_counts_as_a_rule_that_names_it(
    found: list[Rule], line: dict[str, str | None], own: str
) -> None:
    line = {**line, "product": "lamp"}
    as_rule = Rule("own", {"product": "lamp"}, {"ship": own})
    by_field = resolve("ship", "available", found, line, product_value=own)
    assert by_field.value == resolve("ship", "available", [*found, as_rule], line).value


@law
@given(rules, lines, ships, ships)
def test_every_voice_is_kept_winner_and_losers(
    found: list[Rule], line: dict[str, str | None], own: str | None, chosen: str | None
) -> None:
    resolved = resolve("ship", "available", found, line, product_value=own, chosen=chosen)
    voices = [f"rule {rule.id}" for rule in found if matches(rule, line)] + ["company"]
    voices += ["product"] * (own is not None) + ["order"] * (chosen is not None)
    assert sorted([resolved.source, *(loser.source for loser in resolved.lost)]) == sorted(voices)
    assert [(lost["value"], lost["from"]) for lost in resolved.trace()["lost"]] == [
        (candidate.value, candidate.source) for candidate in resolved.lost
    ]


@law
@given(rules, lines)
def test_the_order_of_rules_never_matters(found: list[Rule], line: dict[str, str | None]) -> None:
    assert resolve("ship", "available", found[::-1], line) == resolve("ship", "available", found, line)


@law
@given(rules, lines)
def test_a_rule_about_another_setting_says_nothing(found: list[Rule], line: dict[str, str | None]) -> None:
    resolved = resolve("backorders", "allow", found, line)
    assert (resolved.value, resolved.source, resolved.lost) == ("allow", "company", ())

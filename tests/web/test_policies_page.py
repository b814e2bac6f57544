"""A rule is looked at before it is saved, and a planner sees which one wins."""

import pytest
from django.test import Client
from django.urls import reverse

from raincheck.actions.policies import add_policy
from raincheck.store.db import rows
from raincheck.web.rule_form import OUTCOMES, RuleForm

RULE = {"level": "customer", "value": "maple", "level_2": "", "value_2": "", "then": "ship=complete", "limit": ""}


def rules() -> int:
    return int(rows("SELECT count(*) FROM policy_rule WHERE ended_at IS NULL")[0][0])


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_rule_is_previewed_and_nothing_is_saved(admin: Client) -> None:
    before = rules()
    page = text(admin.post(reverse("policies"), {**RULE, "do": "preview"}))
    assert "For new orders alone" in page
    assert "all at once" in page
    assert "instead of as it comes" in page
    assert "Put in force and migrate" in page
    assert rules() == before


def test_a_rule_reads_as_a_sentence(admin: Client) -> None:
    add_policy({"product": "LAMP"}, {"charge": "deposit:0.25"})
    page = text(admin.get(reverse("policies")))
    assert "charged <strong>25% with the order, the rest when it ships</strong>" in page


def test_a_rule_is_put_in_force_with_the_open_orders_that_it_speaks_of(admin: Client) -> None:
    before = rules()
    answer = admin.post(reverse("policies"), {**RULE, "do": "migrate", "reason": "one parcel each"}, follow=True)
    assert "under today’s rules" in text(answer)
    assert rules() == before + 1
    found = rows("SELECT detail->>'reason', actor FROM fact WHERE verb = 'order_migrated'")
    assert found
    assert set(found) == {("one parcel each", "admin")}


def test_ending_a_rule_shows_what_it_would_do_first(admin: Client) -> None:
    rule = add_policy({"customer": "maple"}, {"backorders": "deny"})
    page = text(admin.get(reverse("ending_rule", args=[rule])))
    assert "End the rule" in page
    admin.post(reverse("end_rule", args=[rule]), {"do": "end"})
    assert admin.get(reverse("ending_rule", args=[rule])).status_code == 404
    assert "Rules that were ended" in text(admin.get(reverse("policies")))


def test_settings_are_previewed_on_the_open_book(admin: Client) -> None:
    shown = admin.get(reverse("settings")).context["form"]
    posted = {name: value for name, value in shown.initial.items() if value is not None and value is not False}
    page = text(admin.post(reverse("settings"), {**posted, "transit_days": 9, "do": "preview"}))
    assert "What these settings would do to the open book" in page
    assert "breaks a promise" in page
    assert rows("SELECT settings->>'transit_days' FROM company") == [("2",)]


def test_which_rule_wins_names_the_winner_and_why_the_others_lost(admin: Client) -> None:
    add_policy({"tier": "gold"}, {"ship": "complete"})
    rule = add_policy({"product": "LAMP"}, {"ship": "up_to:2"})
    page = text(admin.get(reverse("which_rule"), {"skus": "LAMP THROW", "customer": "maple"}))
    assert "in 2 parcels at most" in page
    assert f"rule {rule}" in page
    assert "less specific" in page
    assert admin.get(reverse("which_rule"), {"skus": "NOTHING"}).status_code == 422


@pytest.mark.parametrize("then", [value for value, _ in OUTCOMES])
def test_every_outcome_of_the_form_makes_a_rule(then: str) -> None:
    limit = "0.2" if then == "charge=deposit" else "1"
    form = RuleForm({**RULE, "level": "product", "value": "LAMP", "then": then, "limit": limit})
    assert form.is_valid(), form.errors
    when, effect = form.rule()
    assert when == {"product": "LAMP"}
    assert len(effect) == 1


@pytest.mark.parametrize(
    ("then", "limit"),
    [("backorder_limit", ""), ("backorder_limit", "1.5"), ("latest_days", "-1"), ("inbound_share", "2"),
     ("ship=up_to", "0"), ("charge=deposit", ""), ("charge=deposit", "1"), ("inbound_share", "0.5")],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(then: str, limit: str) -> None:
    """The last one: a share of an inbound has no customer."""
    assert not RuleForm({**RULE, "then": then, "limit": limit}).is_valid()

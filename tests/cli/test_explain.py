"""`raincheck explain`: a sentence to read out, and for a planner what stands behind it."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from raincheck.actions import catalogue
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.cli.explain import command
from raincheck.core.errors import NotFound
from raincheck.core.settings import Settings
from raincheck.store.db import run
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord


@pytest.fixture
def company(db: None) -> None:
    """Two orders wait for one truck; five lamps lie here."""
    catalogue.save_settings(Settings(warehouse="manual"))
    catalogue.save_suppliers([SupplierRecord("acme")])
    catalogue.save_sites([SiteRecord("east", "East")])
    catalogue.save_customers([CustomerRecord("ann", "Ann"), CustomerRecord("bob", "Bob")])
    catalogue.save_products([ProductRecord("lamp", "Lamp")])
    catalogue.set_stock("east", {"lamp": 5})
    due_on = timezone.now().date() + timedelta(days=10)
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 10}, due_on, "confirmed"))
    add_policy({"product": "lamp"}, {"ship": "available"})
    add_policy({"customer": "ann"}, {"ship": "complete"})
    place_order(OrderRequest("O1", (AskedLine("lamp", 7),), "ann"))
    place_order(OrderRequest("O2", (AskedLine("lamp", 3),), "bob"))


def explained(*words: str) -> Result:
    return CliRunner().invoke(command, words, catch_exceptions=False)


@pytest.mark.usefixtures("company")
def test_the_text_says_who_is_ahead_and_what_would_bring_it_sooner() -> None:
    text = explained("O2").output
    assert "lamp: All 3 units come with P1, due" in text
    assert "1 order is ahead with 2 units." in text
    assert "ahead: O1 Ann, 7 units open, told " in text
    assert "sooner with: An earlier date for P1." in text


@pytest.mark.usefixtures("company")
def test_the_text_says_which_rule_won_over_which_and_why() -> None:
    text = explained("O1", "lamp").output
    assert "Of 7 units 5 lie reserved at East and 2 come with P1, due" in text
    assert "ship: available by rule" in text
    assert "less specific" in text


@pytest.mark.usefixtures("company")
def test_what_was_cancelled_keeps_its_first_date_and_waits_for_none() -> None:
    cancel_order("O2")
    text = explained("O2").output
    assert "first promised 20" in text
    assert "told" not in text


@pytest.mark.usefixtures("company")
def test_a_limit_that_does_not_hold_is_none() -> None:
    add_policy({"customer": "bob"}, {"backorder_limit": 50})
    place_order(OrderRequest("O3", (AskedLine("lamp", 1),), "bob"))
    text = explained("O3").output
    assert "backorder_limit: 50 by rule" in text
    assert "over none (company, less specific)" in text
    assert "None" not in text


@pytest.mark.usefixtures("company")
def test_what_was_told_is_said_in_the_company_s_time_and_once_for_units_that_joined_later() -> None:
    catalogue.save_settings(Settings(warehouse="manual", timezone="America/Los_Angeles"))
    run(
        """INSERT INTO told_date (claim_id, at, previous_on, told_on, word, reason)
           SELECT c.id, '2026-03-03T07:30:00Z', '2026-03-02', NULL, 'delayed', 'pegged_to_inbound'
           FROM claim c JOIN sales_order o ON o.id = c.order_id CROSS JOIN generate_series(1, 2) WHERE o.ref = 'O2'"""
    )
    text = explained("O2").output
    assert text.count("2026-03-02 23:30: told no date instead of 2026-03-02 (pegged to inbound)") == 1
    assert text.count("told no date instead") == 1


@pytest.mark.usefixtures("company")
def test_json_is_one_document_with_all_of_it() -> None:
    document = json.loads(explained("O2", "--format", "json").output)
    (line,) = document["lines"]
    assert (line["reason"], line["orders_ahead"], line["units_ahead"]) == ("pegged_to_inbound", 1, 2)
    assert [one["ref"] for one in line["ahead"]] == ["O1"]
    assert line["pieces"][0]["source"] == "P1"
    assert line["policy"]["ship"]["value"] == "available"


@pytest.mark.usefixtures("company")
def test_an_order_or_a_line_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(NotFound, match="order 'O9' does not exist"):
        explained("O9")
    with pytest.raises(NotFound, match="has no line 'torch'"):
        explained("O1", "torch")

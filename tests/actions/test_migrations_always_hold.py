"""Rules come and open orders are put under them, whatever else happens: the books balance all the while."""

from datetime import timedelta
from typing import Any

import pytest
from tests.actions.random_company import RandomCompany

from raincheck.actions.migrate_orders import migrate_orders
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.preview_change import Change, preview_change
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit

FACTS = 35
RULES: tuple[tuple[dict[str, str], dict[str, Any]], ...] = (
    ({"customer": "ann"}, {"ship": "complete"}),
    ({"customer": "ann", "product": "lamp"}, {"ship": "available"}),
    ({"customer": "bob"}, {"ship": "up_to:2", "backorders": "deny"}),
    ({"product": "torch"}, {"minimum_shipment": {"units": 3, "value": "0"}, "charge": "order"}),
    ({"product": "lamp"}, {"latest_days": 20, "merge_hours": 6}),
    ({}, {"ship": "available", "backorder_limit": 9}),
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_books_balance_while_open_orders_change_their_terms(fresh_database: str, seed: int) -> None:
    company = RandomCompany(1_000 + seed)
    company.open()
    for _ in range(FACTS):
        told = company.step()
        if company.chance.random() < 0.5:
            when, then = company.chance.choice(RULES)
            add_policy(when, then, company.at)
            told += f", rule {when} {then}"
        if company.chance.random() < 0.4:
            company.at += timedelta(minutes=1)
            before = rows("SELECT id, ship, reserved, expected_on FROM order_line ORDER BY id")
            preview = preview_change(Change(migrate=True, only=[{}]), company.at)
            assert rows("SELECT id, ship, reserved, expected_on FROM order_line ORDER BY id") == before
            done = migrate_orders(None, "random", company.at)
            assert (len(done.orders), done.lines) == (preview.migrating_orders, preview.migrating)
            told += f", {done.lines} lines migrated"
            assert preview_change(Change(migrate=True, only=[{}]), company.at).migrating == 0
        assert audit() == [], f"seed {seed}, after: {told}"
    place_order(OrderRequest("LAST", (AskedLine("lamp", 60),), "ann"), company.at)
    add_policy({"customer": "ann", "product": "lamp"}, {"ship": "up_to:7"}, company.at)
    is_open = rows("SELECT 1 FROM sales_order WHERE ref = 'LAST' AND state = 'open'") != []
    assert ("LAST" in migrate_orders([{"order": "LAST"}], "the last one", company.at).orders) == is_open
    assert audit() == []

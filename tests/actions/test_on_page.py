"""A form that is sent twice at the same instant has its effect once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import save_products, save_settings, save_sites
from raincheck.actions.on_page import do_once
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.store.db import row, rows
from raincheck.store.records import ProductRecord, SiteRecord

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLICKS = 8


@pytest.fixture
def order(fresh_database: str) -> str:
    """Ten lamps that are waited for."""
    save_settings(Settings(), at=NOON)
    save_sites([SiteRecord("leeds")])
    save_products([ProductRecord("LAMP", "Lamp", Decimal(40))], at=NOON)
    place_order(OrderRequest("O1", (AskedLine("LAMP", 10),)), at=NOON)
    return "O1"


def test_many_clicks_at_once_cancel_once(order: str) -> None:
    def click(_number: int) -> bool:
        try:
            return do_once(order, "one-and-the-same-form", "cancel", lambda: cancel_order(order, {"LAMP": 1}))
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as clicks:
        first = list(clicks.map(click, range(CLICKS)))
    assert sorted(first) == [False] * (CLICKS - 1) + [True]
    assert row("SELECT cancelled FROM order_line") == (1,)


def test_forms_of_their_own_each_count(order: str) -> None:
    def click(number: int) -> bool:
        try:
            return do_once(order, f"form-{number}", "cancel", lambda: cancel_order(order, {"LAMP": 1}))
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as clicks:
        assert all(clicks.map(click, range(CLICKS)))
    assert row("SELECT cancelled FROM order_line") == (CLICKS,)


def test_what_is_refused_can_be_sent_again(order: str) -> None:
    with pytest.raises(Refused):
        do_once(order, "form", "cancel", lambda: cancel_order(order, {"LAMP": 11}))
    assert rows("SELECT 1 FROM page_act") == []
    assert do_once(order, "form", "cancel", lambda: cancel_order(order, {"LAMP": 10}))

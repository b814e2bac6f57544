"""Captures of before it was on record what might go above their authorisation: what the company allowed is entered."""

from decimal import Decimal
from importlib import import_module

import pytest
from tests.actions.card_steps import at, open_shop, order, process

from raincheck.actions.catalogue import save_settings
from raincheck.core.settings import Settings
from raincheck.store.db import rows, run

pytestmark = pytest.mark.django_db
MIGRATION = import_module("raincheck.store.migrations.0009_what_the_bank_holds")


@pytest.mark.parametrize(("variance", "allowed"), [("0.15", "6.00"), ("0", "0")])
def test_what_was_allowed_so_far_is_what_the_company_allows_now(variance: str, allowed: str) -> None:
    open_shop(stock=1)
    order(1)
    process()
    save_settings(Settings(card_payments=True, capture_variance=Decimal(variance)), at=at(1))
    run(MIGRATION.ALLOWED_SO_FAR)
    assert rows("SELECT kind, allowed_above FROM card_request ORDER BY id") == [
        ("authorise", Decimal(0)),
        ("capture", Decimal(allowed)),
    ]

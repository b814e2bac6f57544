"""The days that units are told to go are looked up by order: a shop has far more claims than one order."""

import pytest
from tests.actions.law_shop import at, open_shop, order_lamps, truck

from raincheck.store.company import read_settings
from raincheck.store.db import one, run
from raincheck.store.law_clocks import reconsider_unpaid, told_days

pytestmark = pytest.mark.django_db


def claims_read() -> int:
    """How many rows of claims this transaction has read."""
    return int(one("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'claim'")[0])


def ten_orders() -> tuple[int, int]:
    """Ten orders of lamps that come with a truck: the first one, and its line."""
    open_shop()
    truck()
    for nr in range(10):
        order_lamps(f"O{nr}")
    run("SET LOCAL plan_cache_mode = force_custom_plan")  # Not one that was made for any lines of so small a table.
    run("SET LOCAL enable_seqscan = off")  # A table as small as this is looked through only where no index helps.
    order, line = one("SELECT order_id, id FROM order_line ORDER BY id LIMIT 1")
    return order, line


def test_the_days_told_are_found_without_a_look_at_the_claims_of_others() -> None:
    _, line = ten_orders()
    before = claims_read()
    assert told_days(read_settings(), [line]) == {line: at(10).date()}
    assert claims_read() - before <= 1


def test_whether_a_charge_was_declined_is_found_without_a_look_at_the_claims_of_others() -> None:
    order, line = ten_orders()
    before = claims_read()
    reconsider_unpaid(read_settings(), at(0), orders=[order])
    reconsider_unpaid(read_settings(), at(0), lines=[line])
    assert claims_read() - before <= 2

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
    """Ten orders of lamps that come with a truck, all but the first of many claims: the first one, and its line."""
    open_shop()
    truck()
    for nr in range(10):
        order_lamps(f"O{nr}")
    order, line = one("SELECT order_id, id FROM order_line ORDER BY id LIMIT 1")
    run(
        """INSERT INTO claim (units, place, minus_score, joined_at, is_complete, is_stock_only, told_units,
                              told_by_lead_time, lost_by_waiting, order_id, line_id, product_id)
           SELECT 1, 0, 0, %s, false, false, 0, 0, false, l.order_id, l.id, l.product_id
           FROM order_line l, generate_series(1, 300) WHERE l.id <> %s""",
        [at(0), line],
    )
    run("ANALYZE claim, order_line")
    run("SET LOCAL plan_cache_mode = force_custom_plan")  # Not one that was made when the tables were empty.
    run("SET LOCAL enable_seqscan = off")  # What no index helps to find is read from end to end all the same.
    return order, line


def test_the_days_told_are_found_without_a_look_at_the_claims_of_others() -> None:
    _, line = ten_orders()
    before = claims_read()
    assert told_days(read_settings(), [line]) == {line: at(10).date()}
    assert claims_read() - before < 100


def test_whether_a_charge_was_declined_is_found_without_a_look_at_the_claims_of_others() -> None:
    order, line = ten_orders()
    before = claims_read()
    reconsider_unpaid(read_settings(), at(0), orders=[order])
    reconsider_unpaid(read_settings(), at(0), lines=[line])
    assert claims_read() - before < 100

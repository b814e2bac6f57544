"""The days that units are told to go are looked up by order: a shop has far more claims than one order."""

import pytest
from tests.actions.law_shop import at, open_shop, order_lamps, truck

from raincheck.store.company import read_settings
from raincheck.store.db import one, run
from raincheck.store.law_clocks import told_days

pytestmark = pytest.mark.django_db


def claims_read() -> int:
    """How many rows of claims this transaction has read."""
    return int(one("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'claim'")[0])


def test_the_days_told_are_found_without_a_look_at_the_claims_of_others() -> None:
    open_shop()
    truck()
    for nr in range(10):
        order_lamps(f"O{nr}")
    (line,) = one("SELECT min(id) FROM order_line")
    run("DISCARD PLANS")
    run("SET LOCAL enable_seqscan = off")  # A table as small as this is looked through only where no index helps.
    before = claims_read()
    assert told_days(read_settings(), [line]) == {line: at(10).date()}
    assert claims_read() - before <= 1

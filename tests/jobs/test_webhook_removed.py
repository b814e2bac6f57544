"""An endpoint that hangs is removed while it is being told: whoever takes orders does not notice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.jobs.receiver import Receiver
from tests.jobs.shop import OPENED_AT, open_shop, order_lamps
from tests.jobs.workers import wait_until

from raincheck.actions.webhooks import add_endpoint, remove_endpoint
from raincheck.jobs.webhooks import deliver_all
from raincheck.store.db import one, rows, run

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def and_close(work: Callable[[], object]) -> None:
    """Does it on a thread of its own."""
    try:
        work()
    finally:
        connection.close()


@pytest.mark.slow
def test_an_order_waits_for_nobody_who_removes_an_endpoint_that_hangs(fresh_database: str, receiver: Receiver) -> None:
    open_shop()
    endpoint = add_endpoint(receiver.url, ["*"], at=OPENED_AT).id
    order_lamps(["O1"])
    receiver.hangs = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        told = pool.submit(and_close, lambda: deliver_all(endpoint, OPENED_AT))
        wait_until(lambda: bool(receiver.calls), "a call")
        removed = pool.submit(and_close, lambda: remove_endpoint(endpoint))
        wait_until(lambda: one(WAITS)[0] > 0, "the removal waits for the call")
        run("SET lock_timeout = '1s'")
        try:
            order_lamps(["O2"])
        finally:
            receiver.hangs.set()
        told.result()
        removed.result()
    assert rows("SELECT 1 FROM webhook_endpoint WHERE removed_at IS NULL") == []

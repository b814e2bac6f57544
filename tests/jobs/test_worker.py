"""The worker as a process: killed, stopped, cut off, side by side with others."""

import json
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from django.db import connection
from tests.jobs.conftest import Sink
from tests.jobs.receiver import receiving
from tests.jobs.shop import notice_states, open_shop, order_lamps
from tests.jobs.workers import PATIENCE_SECONDS, start_worker, wait_until, working

from raincheck.actions.webhooks import add_endpoint
from raincheck.core.settings import Settings
from raincheck.gateways.webhook import WHOLE_SECONDS
from raincheck.store.db import one, run

pytestmark = pytest.mark.slow

EACH_ALONE = Settings(warehouse="manual", digest=False)


def _all_sent(messages: int) -> Callable[[], bool]:
    return lambda: notice_states() == {"sent": messages}


def _is_at_work() -> bool:
    return one("SELECT count(*) FROM heartbeat") == (1,)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_killed_at_any_moment_loses_no_message_and_repeats_at_most_the_one_it_held(
    fresh_database: str, sink: Sink, seed: int
) -> None:
    chance = random.Random(seed)
    kills = 4
    open_shop(EACH_ALONE)
    for kill in range(kills):
        order_lamps(f"O{kill}-{number}" for number in range(10))
        with working(fresh_database, sink.url) as (worker,):
            enough = len(sink.messages) + chance.randint(1, 15)
            wait_until(lambda enough=enough: len(sink.messages) >= enough, f"{enough} messages")  # type: ignore[misc]
            worker.kill()
            worker.wait()
    with working(fresh_database, sink.url):
        wait_until(_all_sent(20 * kills), "every message is sent")
    assert len(sink.times_taken) == 20 * kills
    assert max(sink.times_taken.values()) <= 2
    assert len(sink.messages) <= 20 * kills + kills


def test_workers_side_by_side_send_each_message_once(fresh_database: str, sink: Sink) -> None:
    open_shop(EACH_ALONE)
    with working(fresh_database, sink.url, workers=3):
        order_lamps(f"O{number}" for number in range(40))
        wait_until(_all_sent(80), "every message is sent")
    assert set(sink.times_taken.values()) == {1}
    subjects = [str(message["Subject"]) for message in sink.messages]
    confirmed_before_waiting = [
        subjects.index(f"Thank you for your order O{number}") < subjects.index(f"Your order O{number} will follow")
        for number in range(40)
    ]
    assert all(confirmed_before_waiting)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_stop_ends_in_good_order(
    fresh_database: str, sink: Sink, sign: signal.Signals
) -> None:
    open_shop()
    order_lamps(["O1"])
    with working(fresh_database, sink.url) as (worker,):
        wait_until(_all_sent(2), "every message is sent")
        wait_until(_is_at_work, "the worker is at work")
        worker.send_signal(sign)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert one("SELECT count(*) FROM heartbeat") == (0,)


def test_a_worker_goes_on_after_the_database_cut_it_off(fresh_database: str, sink: Sink) -> None:
    open_shop()
    order_lamps(["O1"])
    with working(fresh_database, sink.url) as (worker,):
        wait_until(_all_sent(2), "the first order's messages are sent")
        run(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )
        order_lamps(["O2"])
        wait_until(_all_sent(4), "the second order's messages are sent")
        assert worker.poll() is None


def test_messages_wait_for_a_mail_server_that_is_away(fresh_database: str) -> None:
    open_shop()
    order_lamps(["O1"])
    with working(fresh_database, "smtp://127.0.0.1:1") as (worker,):
        wait_until(_is_at_work, "the worker is at work")
        worker.terminate()
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert notice_states() == {"queued": 2}


def test_open_pages_hear_of_what_a_worker_did(fresh_database: str) -> None:
    open_shop()
    parameters = {k: v for k, v in connection.get_connection_params().items() if k not in ("cursor_factory", "context")}
    parameters = {k: v for k, v in parameters.items() if k != "prepare_threshold"}
    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute("LISTEN raincheck_live")
        order_lamps(["O1"])
        with working(fresh_database), closing(listening.notifies(timeout=PATIENCE_SECONDS)) as notes:
            assert any("mailbox" in json.loads(note.payload)["topics"] for note in notes)


def test_a_worker_says_plainly_that_the_database_is_not_set_up(fresh_database: str) -> None:
    run("DROP TABLE heartbeat")
    worker = start_worker(fresh_database)
    assert worker.wait(PATIENCE_SECONDS) == 1


def test_an_endpoint_that_hangs_holds_up_no_other_and_a_killed_worker_loses_no_event(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAINCHECK_WEBHOOK_NETWORKS", "127.0.0.0/8")
    open_shop()
    with receiving() as hanging, receiving() as listening:
        hanging.hangs = threading.Event()
        add_endpoint(hanging.url, ["*"])
        add_endpoint(listening.url, ["*"])
        order_lamps(f"O{number}" for number in range(20))
        began_at = time.monotonic()
        with working(fresh_database) as (worker,):
            wait_until(lambda: len(listening.calls) >= 5, "five events")
            worker.kill()
            worker.wait()
        with working(fresh_database):
            wait_until(lambda: len({call.headers["webhook-id"] for call in listening.calls}) == 40, "every event")
        assert len(listening.calls) <= 41, "at the most the one in hand comes twice"
        given_up = (time.monotonic() - began_at) // WHOLE_SECONDS
        assert len(hanging.calls) <= 2 + given_up, "one at a time of each worker"
        told = [(call.event["data"]["order"]["ref"], call.event["type"]) for call in listening.calls]
        for number in range(20):
            mine = [event for ref, event in told if ref == f"O{number}"]
            assert mine.index("order.order_confirmed") < mine.index("order.backordered")

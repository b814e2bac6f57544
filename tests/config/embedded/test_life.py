"""Whoever comes first starts the database, everybody shares it, and it goes with the last one, however they end."""

import os
import signal

import pytest
from tests.config.embedded.conftest import Home, wait_until

pytestmark = [pytest.mark.embedded, pytest.mark.slow]


def test_the_first_start_makes_the_database_and_the_next_finds_its_data(home: Home) -> None:
    first = home.client()
    assert first.run("CREATE TABLE kept AS SELECT 7 AS units") == "done"
    first.leave()
    home.expect_nothing_runs()
    second = home.client()
    assert second.run("SELECT units FROM kept") == "7"
    second.leave()


def test_two_that_start_at_the_same_moment_share_one_server(home: Home) -> None:
    clients = [home.client() for _ in range(4)]
    pids = {client.run("SELECT pg_postmaster_start_time()::text") for client in clients}
    assert len(pids) == 1
    for client in clients:
        client.leave()


def test_the_server_stays_when_the_one_who_started_it_leaves(home: Home) -> None:
    starter, other = home.client(), home.client()
    assert starter.run("SELECT 1") == "1"
    assert other.run("SELECT 1") == "1"
    postmaster = home.postmaster
    starter.leave()
    assert other.run("SELECT pg_sleep(5)::text") == ""
    assert home.postmaster == postmaster
    other.leave()


def test_after_a_killed_app_no_server_is_left_and_the_next_start_works(home: Home) -> None:
    app = home.client()
    assert app.run("CREATE TABLE kept AS SELECT 1 AS units") == "done"
    app.kill()
    home.expect_nothing_runs()
    assert home.client().run("SELECT units FROM kept") == "1"


def test_after_a_killed_supervisor_no_server_is_left_and_the_app_goes_on_with_a_new_one(home: Home) -> None:
    app = home.client()
    assert app.run("CREATE TABLE kept AS SELECT 1 AS units") == "done"
    before = home.postmaster
    os.kill(home.supervisor, signal.SIGKILL)
    home.expect_nothing_runs()
    assert app.run("SELECT units FROM kept") == "1"
    assert home.postmaster != before
    app.leave()


def test_after_a_killed_server_the_app_goes_on_with_a_new_one(home: Home) -> None:
    app = home.client()
    assert app.run("CREATE TABLE kept AS SELECT 1 AS units") == "done"
    before = home.postmaster
    os.kill(before, signal.SIGKILL)
    home.expect_nothing_runs()
    assert app.run("SELECT units FROM kept") == "1"
    assert home.postmaster != before
    app.leave()


def test_a_backend_that_computes_while_its_server_is_killed_does_not_block_the_next_start(home: Home) -> None:
    app, busy = home.client(), home.client()
    assert app.run("CREATE TABLE kept AS SELECT 1 AS units") == "done"
    assert busy.process.stdin is not None
    busy.process.stdin.write("SELECT count(*) FROM generate_series(1, 100000000000)\n")
    busy.process.stdin.flush()
    wait_until(
        lambda: app.run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1,%'") == "2",
        "the busy session never began",
    )
    os.kill(home.postmaster, signal.SIGKILL)
    busy.kill()
    assert app.run("SELECT units FROM kept") == "1"
    app.leave()


def test_after_everything_is_killed_at_once_the_next_start_works(home: Home) -> None:
    app = home.client()
    assert app.run("CREATE TABLE kept AS SELECT 1 AS units") == "done"
    supervisor, postmaster = home.supervisor, home.postmaster
    for pid in (supervisor, postmaster):
        os.kill(pid, signal.SIGKILL)
    app.kill()
    home.expect_nothing_runs()
    assert home.client().run("SELECT units FROM kept") == "1"


def test_what_was_committed_before_a_kill_is_there_after_it(home: Home) -> None:
    app = home.client()
    app.run("CREATE TABLE ledger (entry int)")
    for entry in range(20):
        assert app.run(f"INSERT INTO ledger VALUES ({entry})") == "done"
    os.kill(home.postmaster, signal.SIGKILL)
    assert app.run("SELECT count(*) FROM ledger") == "20"
    app.leave()


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(home: Home) -> None:
    app = home.client()
    app.run("SELECT 1")
    pid_file = home.places.cluster / "postmaster.pid"
    text = pid_file.read_text().splitlines()
    owner = pid_file.stat()
    os.kill(home.supervisor, signal.SIGKILL)
    home.expect_nothing_runs()
    text[0] = str(os.getppid())
    pid_file.write_text("\n".join(text) + "\n")
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    assert app.run("SELECT 1") == "1"
    app.leave()


def test_a_start_that_was_killed_while_it_made_the_database_begins_again(home: Home) -> None:
    home.places.draft.mkdir(parents=True)
    (home.places.draft / "PG_VERSION").write_text("18\n")
    home.folder.chmod(0o755)
    app = home.client()
    assert app.run("SELECT 1") == "1"
    app.leave()

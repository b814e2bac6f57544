"""The embedded database lets nobody in who does not have its password, and says plainly what it cannot do."""

import os
import socket
import stat
from pathlib import Path

import psycopg
import pytest
from tests.config.embedded.conftest import Home

from raincheck.config.embedded.cluster import explained
from raincheck.config.embedded.places import Places
from raincheck.config.server_account import server_account

pytestmark = [pytest.mark.embedded]


@pytest.mark.slow
def test_it_takes_a_password_listens_on_no_network_and_never_runs_as_root(home: Home) -> None:
    app = home.client()
    assert app.run("SELECT current_setting('listen_addresses')") == ""
    assert app.run("SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules") == "scram-sha-256"
    assert app.run("SELECT current_setting('fsync')") == "on"
    assert stat.S_IMODE(home.places.password.stat().st_mode) == 0o600
    assert Path(f"/proc/{home.postmaster}").stat().st_uid != 0
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(home.places.socket_folder), user="raincheck", dbname="raincheck")
    app.leave()


@pytest.mark.slow
def test_settings_of_the_operators_own_win(home: Home) -> None:
    home.places.folder.mkdir(parents=True)
    home.places.local_configuration.write_text("work_mem = 23MB\n")
    home.places.local_configuration.chmod(0o644)
    home.folder.chmod(0o755)
    app = home.client()
    assert app.run("SELECT current_setting('work_mem')") == "23MB"
    app.leave()


@pytest.mark.slow
def test_a_data_folder_with_a_path_too_long_for_a_socket_works(home: Home) -> None:
    home.folder = home.folder / ("a" * 60) / ("b" * 60)
    app = home.client()
    assert app.run("SELECT 1") == "1"
    app.leave()
    home.expect_nothing_runs()
    assert not home.places.socket_folder.exists()


@pytest.mark.slow
def test_a_broken_setting_is_named(home: Home) -> None:
    home.places.folder.mkdir(parents=True)
    home.places.local_configuration.write_text("work_mem = plenty\n")
    home.places.local_configuration.chmod(0o644)
    home.folder.chmod(0o755)
    answer = home.client().run("SELECT 1")
    assert answer.startswith("error: The embedded database cannot start")
    assert "work_mem" in answer or "configuration" in answer


@pytest.mark.slow
def test_a_database_of_another_postgresql_is_not_touched(home: Home) -> None:
    app = home.client()
    app.run("SELECT 1")
    app.leave()
    home.expect_nothing_runs()
    (home.places.cluster / "PG_VERSION").write_text("15\n")
    assert "was made by PostgreSQL 15" in home.client().run("SELECT 1")


@pytest.mark.skipif(os.geteuid() != 0, reason="as an ordinary user the server is the user itself")
def test_a_folder_that_the_servers_account_cannot_reach_is_told_plainly(home: Home) -> None:
    home.folder.parent.chmod(0o700)
    answer = home.client().run("SELECT 1")
    assert "may not enter" in answer
    assert "RAINCHECK_DATA" in answer


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts a server as somebody else")
def test_root_starts_the_server_as_an_account_that_exists(tmp_path: Path) -> None:
    account = server_account(tmp_path)
    assert account is not None
    assert account.uid != 0


def test_a_full_disk_is_told_as_such() -> None:
    report = 'FATAL:  could not write to file "pg_wal/xlogtemp.29": No space left on device\n'
    assert explained(report, "postgres").startswith("The disk that holds the embedded database is full")


def test_the_socket_folder_always_fits() -> None:
    for length in (10, 60, 91, 92, 93, 300):
        folder = Places(Path("/") / ("x" * length)).socket_folder
        with socket.socket(socket.AF_UNIX) as probe, pytest.raises(OSError, match=r"No such file|Permission denied"):
            probe.connect(str(folder / ".s.PGSQL.5432"))

"""What every command does alike: find the command, say what went wrong in one plain line, end with the right status."""

import os
import subprocess
import sys
from collections.abc import Callable

import click
import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

from raincheck.cli.commands import COMMANDS
from raincheck.cli.main import raincheck
from raincheck.cli.outcome import exit_status
from raincheck.core.errors import Malformed, RaincheckError, Refused


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command line as a user calls it."""
    command = [sys.executable, "-m", "raincheck.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def call(*arguments: str) -> Callable[[], object]:
    """The command line within this process."""
    return lambda: raincheck.main(list(arguments), prog_name="raincheck", standalone_mode=False)


def raising(error: BaseException) -> Callable[[], object]:
    """A command that fails with `error`."""

    def fail() -> None:
        raise error

    return fail


def caused(error: Exception, cause: Exception) -> Exception:
    """`error`, as Django raises it for the driver's `cause`."""
    error.__cause__ = cause
    return error


def test_an_unknown_command_is_malformed_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status(call("sreve")) == 2
    assert capsys.readouterr().err == "raincheck: There is no command sreve. Did you mean serve?\n"


def test_an_unknown_option_is_malformed_and_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status(call("serve", "--prot", "1")) == 2
    error = capsys.readouterr().err
    assert error.startswith("raincheck serve: ")
    assert "--prot" in error
    assert error.count("\n") == 1


def test_an_option_out_of_range_is_malformed(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status(call("serve", "--port", "70000")) == 2
    assert "--port" in capsys.readouterr().err


def test_help_and_version_are_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status(call("--help")) == 0
    assert exit_status(call("--version")) == 0
    out = capsys.readouterr().out
    assert COMMANDS["serve"].help in out
    assert "raincheck 0." in out


def test_help_imports_no_command_so_that_it_answers_at_once() -> None:
    program = (
        "import sys; from raincheck.cli.main import raincheck; "
        "raincheck.main(['--help'], standalone_mode=False); "
        "print([name for name in sys.modules if name.startswith(('django', 'psycopg', 'granian'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["createsuperuser", "changepassword", "migrate"])
def test_djangos_commands_are_known_before_anything_of_django_was_loaded(command: str) -> None:
    """A process of its own: here the apps are loaded, and with them what they bring."""
    done = run(command, "--help")
    assert done.returncode == 0, done.stderr
    assert f"raincheck {command}" in done.stdout


def test_djangos_commands_are_reached_with_their_options() -> None:
    done = run("migrate", "--help")
    assert done.returncode == 0
    assert "--fake-initial" in done.stdout


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (Malformed("drill.yaml: line 3: colour: unknown key"), 2, "drill.yaml: line 3: colour: unknown key"),
        (Refused("2 rows were refused"), 1, "2 rows were refused"),
        (RaincheckError("the disk is full"), 1, "the disk is full"),
        (ImproperlyConfigured("DATABASE_URL is no URL"), 2, "DATABASE_URL is no URL"),
        (OperationalError("connection\n  refused"), 1, "The database cannot be reached: connection refused"),
        (OSError(28, "No space left on device", "out.csv"), 1, "out.csv: No space left on device"),
        (PermissionError(13, "Permission denied", "out.csv"), 1, "out.csv: Permission denied"),
        (KeyboardInterrupt(), 130, "Stopped."),
        (click.Abort(), 130, "Stopped."),
        (caused(OperationalError("x"), RaincheckError("the disk is full")), 1, "the disk is full"),
        (
            caused(OperationalError("x"), psycopg.errors.DiskFull("x")),
            1,
            "The disk that holds the database is full: free some space and run the command again.",
        ),
        (
            caused(ProgrammingError("x"), psycopg.errors.UndefinedTable("x")),
            1,
            "The database is not set up for this release: run raincheck migrate.",
        ),
    ],
)
def test_each_failure_ends_with_its_status_and_one_plain_line(
    error: BaseException, status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_status(raising(error)) == status
    assert capsys.readouterr().err == f"{line}\n"


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_status(raising(ZeroDivisionError()))


def test_a_command_may_answer_no_by_itself() -> None:
    assert exit_status(lambda: 1) == 1
    assert exit_status(lambda: None) == 0


def test_a_malformed_database_url_is_told_without_its_password() -> None:
    done = run("migrate", DATABASE_URL="postgresql://user:geheim@host:notaport/x?y=z")
    assert done.returncode == 2
    assert "geheim" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_not_there_is_told_in_one_line() -> None:
    done = run("migrate", DATABASE_URL="postgresql://user:geheim@127.0.0.1:1/x")
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be reached")
    assert "geheim" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.embedded
def test_a_shell_on_the_embedded_database_needs_no_psql_of_the_machines() -> None:
    done = run("dbshell", "--", "-Atc", "SELECT 6 * 7", PATH="/nowhere")
    assert done.stdout.strip() == "42", done.stderr


def test_a_reader_that_goes_away_is_no_crash() -> None:
    done = subprocess.run(
        f"{sys.executable} -m raincheck.cli.main help | head -1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr

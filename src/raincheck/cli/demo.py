"""`raincheck demo`: everything on this machine with one command; Ctrl-C stops all of it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import click

from raincheck.cli.serve import check_free
from raincheck.config.data_folder import data_folder
from raincheck.config.embedded import ensure_running
from raincheck.config.processes import dies_with_parent
from raincheck.config.server import Address
from raincheck.core.errors import RaincheckError

LOOK_SECONDS = 0.2
STOP_SECONDS = 15
Child = subprocess.Popen[bytes]


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def command(host: str, port: int) -> None:
    """Start the database, load the demo company into an empty one, serve it and run the worker.

    Ctrl-C stops all of it; the next start finds its data again.
    """
    address = Address(host, port)
    check_free(address)
    # Links in the demo's messages open the demo.
    os.environ.setdefault("RAINCHECK_PUBLIC_URL", str(address))
    if not os.environ.get("DATABASE_URL"):
        click.echo(f"Database: embedded, in {data_folder()}")
        ensure_running()
    click.echo("Preparing the database and, in an empty one, the demo company …")
    sign_ins = _set_up()
    with _running("serve", "--host", host, "--port", str(port)) as server, _running("worker") as worker:
        _wait_until_served(address, server, worker)
        click.echo(f"\n  Raincheck is on {address}\n\n{sign_ins}\n  Ctrl-C stops it.\n")
        _hold(server, worker)


def _set_up() -> str:
    """Migrate, load the demo company where there is no company yet; the sign-ins as text."""
    done = subprocess.run(
        [sys.executable, "-m", "raincheck.cli.demo_setup"], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        raise RaincheckError("The demo company cannot be set up: see above.")
    return done.stdout


@contextmanager
def _running(*arguments: str) -> Iterator[Child]:
    """One of our commands as a child that ends with us, however we end. Ctrl-C reaches it through us alone."""
    child = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, "-m", "raincheck.cli.main", *arguments],
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 - this process has one thread
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_served(address: Address, *children: Child) -> None:
    while True:
        _check_alive(*children)
        try:
            with urllib.request.urlopen(f"{address}/", timeout=30):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError:
            return  # It answers; what it says is for the browser to show.
        except OSError:
            time.sleep(LOOK_SECONDS)


def _hold(*children: Child) -> None:
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        while True:
            _check_alive(*children)
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        click.echo("\nStopping …")


def _as_interrupt(*_signal: object) -> None:
    raise KeyboardInterrupt


def _check_alive(*children: Child) -> None:
    for child in children:
        if child.poll() is not None:
            raise RaincheckError(f"raincheck {_name(child)} has ended with status {child.returncode}; all is stopped.")


def _name(child: Child) -> str:
    arguments = child.args
    return str(arguments[3]) if isinstance(arguments, list) else "child"

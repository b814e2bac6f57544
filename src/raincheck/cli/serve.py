"""`raincheck serve`: the console and the API, under Granian."""

import errno
import socket

import click

from raincheck.config.server import Address, serve
from raincheck.core.errors import Refused


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
def command(host: str, port: int, workers: int) -> None:
    """Serve the console and the API until stopped. Without DATABASE_URL the embedded database runs along."""
    address = Address(host, port)
    check_free(address)
    serve(address, workers)


def check_free(address: Address) -> None:
    """Raises Refused when something listens there, or nothing may."""
    host, port = address.host, address.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            way_out = "stop what listens there or choose another --port" if taken else error.strerror or error
            raise Refused(f"Cannot listen on {host} port {port}: {way_out}.") from error

"""`raincheck evidence`: an order's record under a law, as a file to hand over."""

from pathlib import Path

import click

from raincheck.core.errors import Malformed, NotFound
from raincheck.store.locks import database_now
from raincheck.store.reads.evidence_pack import evidence_pack


@click.command("evidence")
@click.argument("order", metavar="ORDER")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def command(order: str, file: Path) -> None:
    """Write everything on record of an order as a ZIP: chronology, messages with their proof, money, rules."""
    pack = evidence_pack(order, database_now())
    if pack is None:
        raise NotFound(f"order {order!r} does not exist")
    try:
        file.write_bytes(pack)
    except OSError as error:
        raise Malformed(f"{file}: {error.strerror or error}") from error
    click.echo(f"{file}: the record of {order}")

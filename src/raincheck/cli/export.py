"""`raincheck export`: a kind's records as a file that imports unchanged."""

import gzip
import io
import sys
from pathlib import Path
from typing import IO

import click

from raincheck.core.errors import Malformed


@click.command("export")
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def command(kind: str, file: Path | None) -> None:
    """Write all records of one KIND as CSV to FILE (packed if its name ends in .gz), or to standard output.

    Kinds: products, sites, suppliers, customers, stock, orders, cancellations, purchase-orders, receipts.
    """
    from raincheck.feeds.export import export
    from raincheck.feeds.kinds import kind_named

    wanted = kind_named(kind)
    if file is None:
        export(wanted, sys.stdout)
        return
    if file.suffix == ".xlsx":
        raise Malformed(f"{file}: an export is a CSV file; a sheet program opens it")
    try:
        with _open(file) as out:
            rows = export(wanted, out)
    except OSError as error:
        raise Malformed(f"{file}: cannot be written: {error.strerror or error}") from error
    click.echo(f"{file}: {rows:,} rows of {wanted.name}.", err=True)


def _open(file: Path) -> IO[str]:
    if file.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(file, "wb"), encoding="utf-8", newline="")
    return file.open("w", encoding="utf-8", newline="")

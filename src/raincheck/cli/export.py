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
@click.option(
    "--format", "form", type=click.Choice(["xml", "tsv"]), default="xml", help="Of merchant-feed: XML (RSS 2.0) or TSV."
)
def command(kind: str, file: Path | None, form: str) -> None:
    """Write all records of one KIND as CSV to FILE (packed if its name ends in .gz), or to standard output.

    Kinds: products, sites, suppliers, customers, stock, orders, cancellations, purchase-orders, receipts; merchant-feed
    writes the products as Google Merchant reads them; settlements what the local test processor captured and refunded,
    as `raincheck reconcile` reads it.
    """
    if kind == "merchant-feed":
        _merchant_feed(file, form)
        return
    if kind == "settlements":
        _settlements(file)
        return
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
    click.echo(f"{file}: {_counted(rows)} of {wanted.name}.", err=True)


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _merchant_feed(file: Path | None, form: str) -> None:
    from raincheck.gateways.merchant_feed import Pages, as_tsv, as_xml, items
    from raincheck.store.reads.shop import shop_settings
    from raincheck.store.reads.shop_products import all_shop_products, shop_facts

    shop, facts = shop_settings(), shop_facts()
    if not shop.product_url:
        raise Malformed("the shop's product link is not set: Settings, Shop, in the console")
    pages = Pages(shop.product_url, shop.image_url)
    found = items(all_shop_products(), facts, pages)
    pieces = as_xml(found, facts, pages) if form == "xml" else as_tsv(found)
    if file is None:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        return
    try:
        with gzip.open(file, "wb") if file.suffix == ".gz" else file.open("wb") as out:
            out.writelines(pieces)
    except OSError as error:
        raise Malformed(f"{file}: cannot be written: {error.strerror or error}") from error


def _settlements(file: Path | None) -> None:
    from raincheck.feeds.settlements import write_settlements
    from raincheck.gateways.cards_local import settlements

    if file is None:
        write_settlements(settlements(), sys.stdout)
        return
    try:
        with _open(file) as out:
            rows = write_settlements(settlements(), out)
    except OSError as error:
        raise Malformed(f"{file}: cannot be written: {error.strerror or error}") from error
    click.echo(f"{file}: {_counted(rows)} of settlements.", err=True)


def _open(file: Path) -> IO[str]:
    if file.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(file, "wb"), encoding="utf-8", newline="")
    return file.open("w", encoding="utf-8", newline="")

"""`raincheck import`: records, stock, orders and receipts out of a file."""

from pathlib import Path

import click

from raincheck.cli.outcome import DONE


@click.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "mapped", metavar="OUR=THEIRS,…", default="", help="What the file calls our columns.")
@click.option("--dry-run", is_flag=True, help="Check and report; write nothing.")
@click.option("--keep-going", is_flag=True, help="Take the good rows although others are refused.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(kind: str, file: Path, mapped: str, *, dry_run: bool, keep_going: bool, form: str) -> int:
    """Import FILE (CSV, CSV.gz or .xlsx) as one KIND.

    Kinds: products, sites, suppliers, customers, stock, orders, cancellations, purchase-orders, receipts. All or
    nothing unless --keep-going; importing the same file twice changes nothing. Exit status 1: rows were refused.
    """
    import orjson
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from raincheck.feeds.importing.run import Progress, import_file
    from raincheck.feeds.kinds import kind_named
    from raincheck.feeds.mapping import parse_map

    wanted = kind_named(kind)
    renamed = parse_map(mapped, wanted) if mapped else {}
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        reading = bar.add_task("Reading", total=1.0)
        writing = bar.add_task("Writing", total=None, visible=False)
        progress = Progress(
            lambda done: bar.update(reading, completed=done),
            lambda done, rows: bar.update(writing, completed=done, total=rows, visible=True),
        )
        report = import_file(file, wanted, renamed, dry_run=dry_run, keep_going=keep_going, progress=progress)
    if form == "json":
        click.echo(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2))
    else:
        for error in report.errors():
            click.echo(error, err=True)
        click.echo(report.summary())
    return report.exit_status or DONE

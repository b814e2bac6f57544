"""`raincheck replay`: a company's history through the real actions, in a throw-away database."""

import time
from pathlib import Path

import click

from raincheck.cli.outcome import DONE, NO


@click.command("replay")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--keep", is_flag=True, help="Leave the database in place and print its name.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(directory: Path, *, keep: bool, form: str) -> int:
    """Play the history in DIRECTORY and print what would have been promised, kept, broken, late.

    Orders, cancellations, purchase orders and receipts go through the real actions in virtual time. A replay.yaml in
    the directory says which file is what. Exit status 1: the audit at the end found violations.
    """
    import orjson
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from raincheck.config.databases import default_database, throwaway_database
    from raincheck.feeds.replay.figures import figures_of, lines_of
    from raincheck.feeds.replay.find import find_mapping
    from raincheck.feeds.replay.history import read_history
    from raincheck.feeds.replay.play import play

    started = time.monotonic()
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, disable=not console.is_terminal)
    with bar:
        reading = bar.add_task("Reading", total=None)
        history = read_history(*find_mapping(directory))
        bar.remove_task(reading)
        with throwaway_database(keep=keep) as name, default_database(name):
            playing = bar.add_task("Playing", total=len(history.happenings))
            play(history, lambda done: bar.update(playing, completed=done))
            figures = figures_of(history)
    seconds = time.monotonic() - started
    if form == "json":
        click.echo(orjson.dumps(figures.as_json(), option=orjson.OPT_INDENT_2))
    else:
        click.echo(figures.in_words())
    lines = lines_of(history)
    console.print(f"{lines:,} order lines in {seconds:,.0f} s: {lines / seconds:,.0f} a second.", highlight=False)
    if keep:
        console.print(f"Kept as database {name.replace('throwaway', 'kept')}.", highlight=False)
    return DONE if figures.ok else NO

"""`raincheck replay`: a company's history through the real actions, in a throw-away database."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.outcome import DONE, NO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console
    from rich.progress import Progress

    from raincheck.core.policy import Rule
    from raincheck.drill.variant import Variant
    from raincheck.feeds.replay.figures import Figures
    from raincheck.feeds.replay.history import History

ONE_IS_KEPT = "--keep keeps one database: replay each variant by itself"


@click.command("replay")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--keep", is_flag=True, help="Leave the database in place and print its name.")
@click.option("--with", "overlays", multiple=True, metavar="KEY=VALUE;…", help="Compare with these settings changed.")
@click.option(
    "--variants", type=click.Path(path_type=Path, dir_okay=False), help="Compare with the variants of a YAML list."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(directory: Path, *, keep: bool, overlays: tuple[str, ...], variants: Path | None, form: str) -> int:
    """Play the history in DIRECTORY and print what would have been promised, kept, broken, late.

    Orders, cancellations, purchase orders and receipts go through the real actions in virtual time. A replay.yaml in
    the directory says which file is what. --with and --variants play it again under other settings and policies and
    print the figures side by side. Exit status 1: the audit at the end found violations.
    """
    import orjson
    from rich.console import Console

    from raincheck.feeds.replay.figures import lines_of
    from raincheck.feeds.replay.find import find_mapping
    from raincheck.feeds.replay.history import read_history

    if keep and (overlays or variants):
        raise click.UsageError(ONE_IS_KEPT)
    started = time.monotonic()
    console = Console(stderr=True)
    with _bar(console) as bar:
        reading = bar.add_task("Reading", total=None)
        history = read_history(*find_mapping(directory))
        compared = _variants(history, overlays, variants) if overlays or variants else []
        bar.remove_task(reading)
        if compared:
            document, words = _compare(history, compared, bar)
        else:
            figures, kept_as = _play(history, (), bar, "Playing", keep=keep)
            document, words = figures.as_json(), figures.in_words()
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2) if form == "json" else words)
    lines, seconds = lines_of(history) * max(1, len(compared)), time.monotonic() - started
    console.print(f"{lines:,} order lines in {seconds:,.0f} s: {lines / seconds:,.0f} a second.", highlight=False)
    if keep:
        console.print(f"Kept as database {kept_as}.", highlight=False)
    return DONE if document["ok"] else NO


def _bar(console: "Console") -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _play(
    history: "History", policies: "Sequence[Rule]", bar: "Progress", title: str, *, keep: bool
) -> "tuple[Figures, str]":
    """The figures of one replay, and the name under which its database is kept."""
    from raincheck.config.databases import default_database, kept_name, throwaway_database
    from raincheck.feeds.replay.figures import figures_of
    from raincheck.feeds.replay.play import play

    with throwaway_database(keep=keep) as name, default_database(name):
        playing = bar.add_task(title, total=len(history.happenings))
        progress: Callable[[int], None] = lambda done: bar.update(playing, completed=done)  # noqa: E731 - one line
        play(history, progress, policies)
        return figures_of(history), kept_name(name)


def _variants(history: "History", overlays: tuple[str, ...], variants: Path | None) -> "list[Variant]":
    """What is compared, the history under its own rules first. Policies may name what the history has."""
    from raincheck.drill.reading.names import Names
    from raincheck.drill.reading.variants import read_overlay, read_variants, with_the_base_first

    base, catalogue = history.mapping.settings, history.catalogue
    names = Names()
    names.declare("site", catalogue.sites)
    names.declare("product", catalogue.products)
    names.declare("customer", catalogue.customers)
    names.declare("category", {row["category"] for row in catalogue.products.values() if row.get("category")})
    found = read_variants(variants, base, names) if variants is not None else []
    found += [read_overlay(text, base) for text in overlays]
    return with_the_base_first(found, base, "As it was")


def _compare(history: "History", compared: "list[Variant]", bar: "Progress") -> tuple[dict[str, Any], str]:
    from raincheck.drill.variant import changed
    from raincheck.feeds.replay.compared import Replayed, as_json, in_words, under

    replayed = []
    for variant in compared:
        figures, _ = _play(under(history, variant.settings), variant.policies or (), bar, variant.title, keep=False)
        replayed.append(Replayed(variant.title, changed(history.mapping.settings, variant.settings), figures))
    return as_json(history, replayed), in_words(history, replayed)

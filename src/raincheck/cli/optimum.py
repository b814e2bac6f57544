"""`raincheck optimum`: what the rule does, beside the best that could be done with the same supply."""

from dataclasses import asdict
from datetime import date
from typing import Any

import click

from raincheck.actions.ask_optimum import Beside, BookBeside, ask_optimum
from raincheck.core.optimum import Optimum

MOST_MOVES = 12


@click.command("optimum")
@click.option("--product", "skus", multiple=True, metavar="SKU", help="Only the book of this product; may be repeated.")
@click.option("--time-limit", type=float, default=20.0, show_default=True, help="Seconds for all books together.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(skus: tuple[str, ...], time_limit: float, form: str) -> None:
    """Show the rule beside the planner's optimum of the open book, and the gap. Nothing is changed.

    The optimum knows no rank: it serves whomever it serves best. Most units on time come first, then least lateness,
    then fewest parcels.
    """
    beside = ask_optimum(skus, time_limit)
    if form == "json":
        import orjson

        click.echo(orjson.dumps(as_json(beside), option=orjson.OPT_INDENT_2))
        return
    for book in beside.books:
        _show(book)
    if not beside.books:
        click.echo("Nobody waits for anything.")


def as_json(beside: Beside) -> dict[str, Any]:
    """The document of `--format json`."""
    return {"at": beside.at.isoformat(), "books": [_book(book) for book in beside.books]}


def _book(book: BookBeside) -> dict[str, Any]:
    if book.optimum is None:
        return {"products": list(book.skus), "solved": False, "why_not": book.why_not}
    found = book.optimum
    return {
        "products": list(book.skus),
        "solved": True,
        "proved": found.is_proved,
        "claims": found.claims,
        "units": found.units,
        "told_units": found.told_units,
        "fixed_claims": len(found.fixed),
        "most_units_on_time": found.most_on_time,
        "rule": asdict(found.rule),
        "optimum": asdict(found.best),
        "gap": _gap(found),
        "moves": [
            {**asdict(move), **{name: _day(getattr(move, name)) for name in ("told_on", "rule_on", "best_on")}}
            for move in book.moves
        ],
    }


def _gap(found: Optimum) -> dict[str, int]:
    """What the rule gives away, figure by figure; a negative one is what the optimum pays for a figure before it."""
    return {
        "units_on_time": found.best.units_on_time - found.rule.units_on_time,
        "late_unit_days": found.rule.late_unit_days - found.best.late_unit_days,
        "parcels": found.rule.parcels - found.best.parcels,
    }


def _show(book: BookBeside) -> None:
    click.echo(_shortened(book.skus))
    found = book.optimum
    if found is None:
        click.echo(f"  {book.why_not}\n")
        return
    gap = _gap(found)
    click.echo(f"  {found.claims:,} claims, {found.units:,} units, {found.told_units:,} of them told a day")
    if found.fixed:
        click.echo(f"  {len(found.fixed):,} claims stand under rules that are not modelled and stay as they are")
    click.echo(f"  {'':<22}{'rule':>10}{'optimum':>10}{'gap':>8}")
    for name, title in (
        ("units_on_time", "units on time"),
        ("late_unit_days", "lateness, unit-days"),
        ("parcels", "parcels"),
    ):
        values = getattr(found.rule, name), getattr(found.best, name), gap[name]
        click.echo(f"  {title:<22}{values[0]:>10,}{values[1]:>10,}{values[2]:>8,}")
    if not found.is_proved:
        click.echo(f"  the time ran out: at most {found.most_on_time:,} units could be on time")
    for move in book.moves[:MOST_MOVES]:
        click.echo(
            f"  {move.order} {move.sku}: {_word(move.rule_on)} by the rule, {_word(move.best_on)} at the optimum"
        )
    if len(book.moves) > MOST_MOVES:
        click.echo(f"  and {len(book.moves) - MOST_MOVES:,} more lines: --format json names them all")
    click.echo("")


def _shortened(skus: tuple[str, ...]) -> str:
    return ", ".join(skus) if len(skus) < 9 else f"{', '.join(skus[:8])} and {len(skus) - 8:,} more products"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _word(day: date | None) -> str:
    return day.isoformat() if day else "no date"

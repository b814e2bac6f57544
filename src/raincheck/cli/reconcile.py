"""`raincheck reconcile`: a card processor's file beside the ledger."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raincheck.cli.outcome import DONE, NO

if TYPE_CHECKING:
    from raincheck.core.reconcile import Comparison, Found

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("reconcile")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "mapped", metavar="OUR=THEIRS,…", default="", help="What the file calls our columns.")
@click.option("--from", "starts_on", type=DAY, help="The first day that the file covers; its first row's if not given.")
@click.option("--until", "ends_on", type=DAY, help="The last day that it covers; its last row's if not given.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(file: Path, mapped: str, starts_on: datetime | None, ends_on: datetime | None, form: str) -> int:
    """Compare FILE (CSV, CSV.gz or .xlsx), a card processor's settlement file, with the ledger.

    Columns: key, reference, kind (capture, refund), order, amount, currency, fee, at. Each request is matched by its
    key, else by its reference. Rows of other kinds, such as payouts and fees, are left aside and counted. The console's
    Money page shows the differences of the latest run. Exit status 1: the two differ, or rows were refused and nothing
    was compared.
    """
    import orjson

    from raincheck.actions.reconcile import reconcile_file
    from raincheck.feeds.mapping import parse_map
    from raincheck.feeds.settlements import SETTLEMENTS, read_settlements
    from raincheck.words.money import left_aside

    read = read_settlements(file, parse_map(mapped, SETTLEMENTS) if mapped else {})
    settled, refused = read.settled, read.refused
    comparison: Comparison | None = None
    if not refused:
        comparison = reconcile_file(
            settled, file.name, _day(starts_on), _day(ends_on), actor="reconcile", left_aside=read.left_aside
        ).comparison
    if form == "json":
        document = {
            "file": str(file),
            "rows": len(settled) + len(refused),
            "matched": comparison.matched if comparison else 0,
            "left_aside": read.left_aside,
            "refused": [one.as_json() for one in refused],
            "differences": [
                {
                    "difference": found.difference.value,
                    "line": found.theirs.line if found.theirs else None,
                    "key": found.either.key,
                    "reference": found.either.reference,
                    "order": found.either.order,
                    "kind": found.either.kind,
                    "currency": found.either.currency,
                    "their_currency": found.their_currency or found.either.currency,
                    "ours": found.amounts[0],
                    "theirs": found.amounts[1],
                }
                for found in (comparison.found if comparison else [])
            ],
        }
        click.echo(orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2))
    else:
        for one in refused:
            click.echo(f"{file}:{one}", err=True)
        for found in comparison.found if comparison else []:
            where = f"{file}:{found.theirs.line}" if found.theirs else str(file)
            click.echo(f"{where}: {_said(found)}")
        click.echo(_summary(comparison) if comparison else f"Rows refused: {len(refused):,}. Nothing was compared.")
        if read.left_aside:
            click.echo(f"{left_aside(read.left_aside)}.")
    return NO if refused or (comparison and comparison.found) else DONE


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _said(found: "Found") -> str:
    """A difference on one line: what it is about and what each side says."""
    from raincheck.core.money import with_currency
    from raincheck.words.money import DIFFERENCES

    one, (ours, theirs) = found.either, found.amounts
    about = " ".join(filter(None, (one.kind, one.reference or one.key, f"of order {one.order}" if one.order else "")))
    sides = (("here", ours, one.currency), ("there", theirs, found.their_currency or one.currency))
    says = ", ".join(
        f"{who} {with_currency(amount, currency)}" for who, amount, currency in sides if amount is not None
    )
    return f"{DIFFERENCES[found.difference]}: {about}: {says}"


def _summary(comparison: "Comparison") -> str:
    from raincheck.words.money import DIFFERENCES

    counted = Counter(found.difference.value for found in comparison.found)
    differ = ", ".join(f"{counted[kind]:,} {words}" for kind, words in DIFFERENCES.items() if counted[kind])
    return f"{comparison.rows:,} rows: {comparison.matched:,} match; {differ or 'nothing differs'}."

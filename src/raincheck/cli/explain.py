"""`raincheck explain`: why each line of an order is where it is."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
import orjson

from raincheck.core.errors import NotFound
from raincheck.store.company import read_settings
from raincheck.store.locks import database_now
from raincheck.store.reads.explain import LineExplained, explain


@click.command("explain")
@click.argument("order", metavar="ORDER")
@click.argument("sku", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(order: str, sku: str | None, form: str) -> None:
    """Say why each line of an order is where it is: rule, peg, date, who is ahead."""
    calendar = read_settings().calendar
    today = calendar.day_of(database_now())
    explained = explain(order, today, sku)
    if explained is None:
        raise NotFound(f"order {order!r} does not exist")
    if sku is not None and not explained.lines:
        raise NotFound(f"order {order!r} has no line {sku!r}")
    if form == "json":
        click.echo(orjson.dumps(asdict(explained), option=orjson.OPT_INDENT_2).decode())
        return
    click.echo(f"Order {explained.ref} is {explained.state.replace('_', ' ')}.")
    for line in explained.lines:
        _show(line, calendar.zone)


def _show(line: LineExplained, zone: ZoneInfo) -> None:
    click.echo(f"\n{line.sku}: {line.sentence}")
    for piece in line.pieces:
        source = piece.source or piece.kind.replace("_", " ")
        part = f" {piece.part}" if piece.part else ""
        given = f", {piece.given}" if piece.given else ""
        click.echo(f"  {piece.units}{part} from {source}, {_day(piece.on)}{given}")
    # What has shipped or was cancelled waits for no day any more.
    now = f", told {_day(line.promise_on)}" if line.pieces else ""
    click.echo(f"  first promised {_day(line.first_promise_on)}{now}")
    for told in line.told:
        reason = told.reason.replace("_", " ")
        at = datetime.fromisoformat(told.at).astimezone(zone)
        click.echo(f"  {at:%Y-%m-%d %H:%M}: told {_day(told.told_on)} instead of {_day(told.previous_on)} ({reason})")
    for setting, won in line.policy.items():
        if won["from"] != "company":
            lost = ", ".join(f"{_value(loser['value'])} ({loser['from']}{_why(loser)})" for loser in won["lost"])
            click.echo(f"  {setting}: {_value(won['value'])} by {won['from']}" + (f", over {lost}" if lost else ""))
    for one in line.ahead:
        units = "1 unit" if one.units == 1 else f"{one.units} units"
        click.echo(f"  ahead: {one.ref} {one.customer}, {units} open, told {_day(one.told_on)}")
    for change in line.would_change:
        click.echo(f"  sooner with: {change}")


def _why(loser: dict[str, str]) -> str:
    """Why a voice lost, in words; orders placed before that was kept have none."""
    return f", {loser['why'].replace('_', ' ')}" if "why" in loser else ""


def _value(value: Any) -> str:
    """What a setting says; a limit may say nothing."""
    return "none" if value is None else str(value)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "no date"

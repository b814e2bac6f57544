"""`raincheck bounces`: what mail servers sent back."""

import sys
from collections import Counter
from pathlib import Path

import click

from raincheck.cli.outcome import DONE


@click.command("bounces")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--by-address", is_flag=True, help="Believe reports that name an address but no message of ours.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(file: Path, *, by_address: bool, form: str) -> int:
    """Read bounces and spam reports from FILE (a mailbox, one message, or - for standard input).

    Delivery status notifications (RFC 3464) and feedback reports (RFC 5965) that name a message of ours count; the same
    one twice counts once. Point the mailbox of the sender's address at this, by a pipe or a file.
    """
    import orjson

    from raincheck.actions.take_bounce import take_bounce
    from raincheck.core.errors import Malformed
    from raincheck.feeds.bounces import read_reports

    counted: Counter[str] = Counter()
    try:
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as source:
            for report in read_reports(source):
                if report is None:
                    counted["other"] += 1
                elif not report.message_id and not by_address:
                    counted["unknown"] += 1
                else:
                    counted[take_bounce(report, f"file:{file.name}")] += 1
    except OSError as error:
        raise Malformed(f"{file}: {error.strerror or error}") from error
    if form == "json":
        click.echo(orjson.dumps({name: counted[name] for name in ("taken", "known", "unknown", "other")}))
    else:
        click.echo(
            f"{counted['taken']} taken, {counted['known']} known already, {counted['unknown']} about no message of"
            f" ours, {counted['other']} no such report"
        )
    return DONE

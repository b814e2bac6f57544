"""`raincheck audit`: every invariant over the whole database."""

import click
import orjson

from raincheck.cli.outcome import DONE, NO
from raincheck.store.reads.audit import INVARIANTS, audit


@click.command("audit")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(form: str) -> int:
    """Check every invariant over the whole database and name each violation by record.

    Exit status 0: clean. 1: violations.
    """
    violations = audit()
    if form == "json":
        document = {
            "ok": not violations,
            "checked": [{"invariant": i.name, "holds": i.holds} for i in INVARIANTS],
            "violations": [{"invariant": v.invariant, "record": v.record, "detail": v.detail} for v in violations],
        }
        click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    else:
        for violation in violations:
            click.echo(f"{violation.record}: {violation.invariant}: {violation.detail}")
        click.echo(f"{len(INVARIANTS)} invariants checked, {len(violations)} violations.")
    return NO if violations else DONE

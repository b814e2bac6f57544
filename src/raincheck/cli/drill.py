"""`raincheck drill`: rehearse scenarios in throw-away copies."""

from pathlib import Path
from typing import Any

import click

from raincheck.core.errors import Malformed

ONE_PAGE = "--report goes with one drill file, not with a directory"


@click.command("drill")
@click.argument("target", type=click.Path(path_type=Path), metavar="FILE|DIRECTORY")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write the story as an HTML page.")
@click.option("--from-live", is_flag=True, help="Start from a copy of the company instead of an empty one.")
def command(target: Path, *, as_json: bool, report: Path | None, from_live: bool) -> int:
    """Rehearse a scenario, or every *.yaml of a directory in the order of their names.

    The real code plays it in a throw-away copy on a virtual clock: nothing reaches a carrier, a payment provider, a
    supplier or a customer. Exit status 1 means that something expected did not come about.
    """
    if target.is_dir():
        if report:
            raise click.UsageError(ONE_PAGE)
        return _run_all(target, as_json=as_json, from_live=from_live)
    from raincheck.drill.rehearsal import rehearse

    (rehearsal,) = rehearse([target], from_live=from_live)
    document = rehearsal.document
    if report:
        from raincheck.drill.report import report_html

        _write(report, report_html(rehearsal.scenario, document, rehearsal.dates_told))
    if as_json:
        _print_json(document)
    else:
        from raincheck.drill.summary import show_drill

        show_drill(document)
    return 0 if document["ok"] else 1


def _run_all(directory: Path, *, as_json: bool, from_live: bool) -> int:
    from raincheck.drill.rehearsal import rehearse
    from raincheck.drill.summary import show_verdict

    files = sorted(directory.glob("*.yaml"), key=lambda path: path.name)
    if not files:
        raise Malformed(f"{directory}: has no *.yaml file")
    drills: list[dict[str, Any]] = []
    for file, rehearsal in zip(files, rehearse(files, from_live=from_live), strict=True):
        document = rehearsal.document
        if as_json:
            drills.append({"file": file.name, **document})
        else:
            show_verdict(file.name, document)
            drills.append({"ok": document["ok"]})
    ok = all(drill["ok"] for drill in drills)
    if as_json:
        _print_json({"ok": ok, "drills": drills})
    return 0 if ok else 1


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Malformed(f"{path}: the report cannot be written: {error.strerror or error}") from error


def _print_json(document: dict[str, Any]) -> None:
    import orjson

    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2))

"""`raincheck drill`: rehearse scenarios in throw-away copies."""

from pathlib import Path
from typing import Any

import click

from raincheck.core.errors import Malformed

ONE_PAGE = "--report goes with one drill file, or with --compare, not with a directory"
SEVERAL = "several files are played together with --compare; otherwise name one file or directory"
TO_VARY = "--with and --variants vary one drill file"


@click.command("drill")
@click.argument("targets", type=click.Path(path_type=Path), metavar="FILE|DIRECTORY...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write the story as an HTML page.")
@click.option("--from-live", is_flag=True, help="Start from a copy of the company instead of an empty one.")
@click.option("--compare", "compares", is_flag=True, help="Lay the outcomes of several files side by side.")
@click.option("--with", "overlays", multiple=True, metavar="KEY=VALUE;…", help="Compare with these settings changed.")
@click.option(
    "--variants", type=click.Path(path_type=Path, dir_okay=False), help="Compare with the variants of a YAML list."
)
@click.option("--progress", is_flag=True, help="Say on standard error how far a comparison is.")
def command(
    targets: tuple[Path, ...],
    *,
    as_json: bool,
    report: Path | None,
    from_live: bool,
    compares: bool,
    overlays: tuple[str, ...],
    variants: Path | None,
    progress: bool,
) -> int:
    """Rehearse a scenario, or every *.yaml of a directory in the order of their names.

    The real code plays it in a throw-away copy on a virtual clock: nothing reaches a carrier, a payment provider, a
    supplier or a customer. Exit status 1 means that something expected did not come about.

    --compare plays several files, --with and --variants one file under other settings and policies, and prints their
    figures side by side with every order that fares differently.
    """
    if compares or overlays or variants:
        files = [file for target in targets for file in _files_of(target)]
        if (overlays or variants) and len(files) != 1:
            raise click.UsageError(TO_VARY)
        return _compare(
            files, overlays, variants, as_json=as_json, report=report, from_live=from_live, says_how_far=progress
        )
    if len(targets) > 1:
        raise click.UsageError(SEVERAL)
    (target,) = targets
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


def _compare(
    files: list[Path],
    overlays: tuple[str, ...],
    variants: Path | None,
    *,
    as_json: bool,
    report: Path | None,
    from_live: bool,
    says_how_far: bool,
) -> int:
    from raincheck.drill.comparing import compare, to_compare

    compared = to_compare(files, overlays, variants, from_live=from_live)
    document = compare(compared, from_live=from_live, progress=_say_how_far if says_how_far else _say_nothing)
    if report:
        from raincheck.drill.report_comparison import comparison_html

        _write(report, comparison_html(document))
    if as_json:
        _print_json(document)
    else:
        from raincheck.drill.summary_comparison import show_comparison

        show_comparison(document)
    return 0 if document["ok"] else 1


def _say_how_far(done: int, of: int) -> None:
    click.echo(f"{done}/{of}", err=True)


def _say_nothing(_done: int, _of: int) -> None:
    """Whoever waits at a terminal sees the outcome soon enough."""


def _files_of(target: Path) -> list[Path]:
    """A file, or the drills of a directory in the order of their names."""
    if not target.is_dir():
        return [target]
    files = sorted(target.glob("*.yaml"), key=lambda path: path.name)
    if not files:
        raise Malformed(f"{target}: has no *.yaml file")
    return files


def _run_all(directory: Path, *, as_json: bool, from_live: bool) -> int:
    from raincheck.drill.rehearsal import rehearse
    from raincheck.drill.summary import show_verdict

    files = _files_of(directory)
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

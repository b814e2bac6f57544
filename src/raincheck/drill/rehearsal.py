"""Rehearses drill files, each in a throw-away database of its own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from raincheck.actions.copy_company import copy_company
from raincheck.config.databases import default_database, throwaway_database
from raincheck.core.errors import Malformed
from raincheck.drill.document import Document, printed_instant
from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.runner import play
from raincheck.drill.scenario import Scenario
from raincheck.store.company import read_settings
from raincheck.store.reads.names import last_fact_at, names_of
from raincheck.store.reads.outcome import OutcomeDate, dates_told


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A drill that was played, what it prints, and the dates that customers were told on the way."""

    scenario: Scenario
    document: Document
    dates_told: list[OutcomeDate]


def rehearse(files: Iterable[Path], *, from_live: bool = False) -> Iterator[Rehearsal]:
    """Each file's rehearsal, in the order given.

    All files are read before the first is played, so one that is malformed lets none be played.
    """
    scenarios = [read(file, from_live=from_live) for file in files]
    for scenario in scenarios:
        with stage(scenario, from_live=from_live) as document:
            rehearsal = Rehearsal(scenario, document, dates_told(scenario.starts_at))
        yield rehearsal


def read(file: Path, *, from_live: bool) -> Scenario:
    """A file's scenario, to be played from an empty company or from a copy of the living one."""
    return _read_on_live(file) if from_live else read_drill(file)


@contextmanager
def stage(scenario: Scenario, *, from_live: bool, played: Callable[[], None] = lambda: None) -> Iterator[Document]:
    """Plays a scenario in a throw-away database and stays in it: within the block reads see what came of it."""
    live = connection.copy()
    with throwaway_database() as name, default_database(name):
        _never_wait_for_the_disk()
        if from_live:
            with closing(live):
                copy_company(live)
        yield play(scenario, from_live=from_live, played=played)


def _never_wait_for_the_disk() -> None:
    """A copy that is thrown away need not survive a power cut."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _read_on_live(file: Path) -> Scenario:
    """A scenario that may name whatever the company has, and starts after the last thing done in it."""
    scenario = read_drill(file, settings=read_settings(), live=names_of)
    last_at = last_fact_at()
    if last_at is not None and scenario.starts_at < last_at:
        raise Malformed(
            f"{file}: starts: the company's last fact is of {printed_instant(last_at)}; "
            f"a drill on its copy starts then or later"
        )
    return scenario

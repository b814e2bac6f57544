"""Plays the same events under several rules, each in a throw-away copy, and lays what came of them side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from raincheck.core.settings import Settings
from raincheck.drill.document import Document, printed_instant
from raincheck.drill.measures import OrderMeasures, Run, carried_by_day, measures_of, orders_of, read_run, verdicts
from raincheck.drill.reading.variants import (
    check_number,
    names_in,
    read_overlay,
    read_variants,
    with_the_base_first,
)
from raincheck.drill.rehearsal import read, stage
from raincheck.drill.scenario import Scenario
from raincheck.drill.variant import changed
from raincheck.store.reads.names import names_of
from raincheck.store.reads.outcome import BEGINNING

Progress = Callable[[int, int], None]
"""Told how many events of how many are played, over all variants."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is to be compared; the first is the yardstick."""

    title: str
    scenarios: Sequence[Scenario]


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario that was played: what it printed, and what is counted from it."""

    scenario: Scenario
    document: Document
    run: Run
    orders: Mapping[str, OrderMeasures]


def to_compare(
    files: Sequence[Path], overlays: Sequence[str] = (), variants: Path | None = None, *, from_live: bool = False
) -> Compared:
    """What is to be compared: several drill files, or one under its variants.

    Raises Malformed before anything is played.
    """
    scenarios = [read(file, from_live=from_live) for file in files]
    if len(scenarios) == 1:
        (drill,) = scenarios
        found = [read_overlay(text, drill.settings) for text in overlays]
        if variants is not None:
            names = names_in(drill, names_of if from_live else None)
            found = read_variants(variants, drill.settings, names) + found
        if found:
            first, *others = with_the_base_first(found, drill.settings)
            as_it_is = replace(drill, title=first.title)
            return Compared(drill.title, [as_it_is, *(variant.of(drill) for variant in others)])
    check_number(scenarios)
    titles = [scenario.title for scenario in scenarios]
    named = [
        replace(scenario, title=f"{scenario.title} ({Path(scenario.file).name})")
        if titles.count(scenario.title) > 1
        else scenario
        for scenario in scenarios
    ]
    return Compared(" / ".join(dict.fromkeys(titles)), named)


def compare(compared: Compared, *, from_live: bool = False, progress: Progress = lambda _done, _all: None) -> Document:
    """The document of `--compare`: each variant's figures, and every order that fares differently.

    The same files give the same document on every run.
    """
    events = sum(len(scenario.events) for scenario in compared.scenarios)
    done = 0

    def played() -> None:
        nonlocal done
        done += 1
        progress(done, events)

    found = [_play(scenario, played, from_live=from_live) for scenario in compared.scenarios]
    first = found[0]
    return {
        "title": compared.title,
        "ok": all(one.document["ok"] for one in found),
        "starts": printed_instant(first.run.starts_at),
        "ends": printed_instant(first.run.ends_at),
        "same_events": all(one.scenario.events == first.scenario.events for one in found),
        "variants": [_variant(one, first.scenario.settings) for one in found],
        "orders": _orders(found),
        "orders_compared": len(set().union(*(one.orders for one in found))),
    }


def _play(scenario: Scenario, played: Callable[[], None], *, from_live: bool) -> Played:
    ends_at = scenario.events[-1].at if scenario.events else scenario.starts_at
    with stage(scenario, from_live=from_live, played=played) as document:
        since = scenario.starts_at if from_live else BEGINNING
        run = read_run(scenario.settings, scenario.starts_at, ends_at, since)
    return Played(scenario, document, run, orders_of(run))


def _variant(played: Played, base: Settings) -> dict[str, Any]:
    document = played.document
    return {
        "title": played.scenario.title,
        "file": Path(played.scenario.file).name,
        "changed": changed(base, played.scenario.settings),
        "policies": len(played.scenario.policies),
        "ok": document["ok"],
        "failures": document["failures"],
        "violations": document["audit"]["violations"],
        "measures": measures_of(played.run),
        "carried": carried_by_day(played.run),
    }


def _orders(found: Sequence[Played]) -> list[dict[str, Any]]:
    """Orders that fare differently, in the order of placing, with what each other variant does to them."""
    differing: list[dict[str, Any]] = []
    for ref in dict.fromkeys(ref for one in found for ref in one.orders):
        own = [one.orders.get(ref) for one in found]
        found_verdicts = verdicts(own[0], own[1:])
        if set(found_verdicts) - {"same"}:
            known = next(order for order in own if order is not None)
            differing.append(
                {
                    "ref": ref,
                    "customer": known.customer,
                    "verdicts": found_verdicts,
                    "variants": [None if order is None else _order(order) for order in own],
                }
            )
    return differing


def _order(order: OrderMeasures) -> dict[str, Any]:
    printed = asdict(order)
    del printed["customer"]
    return {**printed, "last_on": order.last_on.isoformat() if order.last_on else None}

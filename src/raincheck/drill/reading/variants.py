"""Reads variants of a drill as strictly as the drill itself: file, line, key and the nearest valid name."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from raincheck.core.errors import Malformed
from raincheck.core.settings import Settings
from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.names import LiveNames, Names
from raincheck.drill.reading.problems import Problems, shown
from raincheck.drill.reading.settings import read_policies, read_settings
from raincheck.drill.reading.source import read_source, read_text
from raincheck.drill.scenario import Scenario
from raincheck.drill.variant import AS_IT_IS, Variant

KEYS = ("title", "settings", "policies")
MOST_VARIANTS = 12
#: What the instants and amounts of the drill were read with: a variant that changed them would move the events.
_FIXED = ("timezone", "currency")


def names_in(scenario: Scenario, live: LiveNames | None = None) -> Names:
    """The names that a policy of a variant may use: those of the drill's company."""
    names = Names(live) if live else Names()
    names.declare("site", (site.code for site in scenario.sites))
    names.declare("product", (product.sku for product in scenario.products))
    names.declare("category", (product.category for product in scenario.products if product.category))
    names.declare("customer", (customer.code for customer in scenario.customers))
    return names


def read_variants(path: Path, base: Settings, names: Names) -> list[Variant]:
    """The variants of a file: a list of `{title, settings, policies}`. Raises Malformed, one line a fault."""
    problems = Problems(str(path))
    root = Entry(read_source(path, str(path), "- {title: All at once, settings: {ship: complete}}"), "", "", problems)
    found = [_variant(entry, base, names) for entry in root.each()]
    titles = [variant.title for variant in found]
    for entry, title in zip(root.each(), titles, strict=True):
        if titles.count(title) > 1:
            entry.refuse(f"the title {shown(title)!r} is given twice")
    if not found and not problems:
        root.refuse("names no variant; write a list such as - {title: All at once, settings: {ship: complete}}")
    problems.raise_any()
    return found


def read_overlay(text: str, base: Settings) -> Variant:
    """A variant from `key=value; key=value`, each a setting; values are written as in a drill file."""
    shown_as = f"--with {shown(text)!r}"
    lines: list[str] = []
    for part in text.split(";"):
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise Malformed(f"{shown_as}: {shown(part.strip())!r} is not a setting such as ship=complete")
        lines.append(f"{key.strip()}: {value.strip()}")
    problems = Problems(shown_as)
    root = Entry(read_text("\n".join(lines), shown_as, "ship: complete"), "", "settings", problems)
    settings = _settings(root, base)
    problems.raise_any()
    return Variant("; ".join(part.strip() for part in text.split(";")), settings)


def with_the_base_first(variants: Sequence[Variant], base: Settings, title: str = AS_IT_IS) -> list[Variant]:
    """All that is compared: what is varied comes first, unless a variant that changes nothing stands for it."""
    as_it_is = [variant for variant in variants if variant.changes_nothing(base)]
    first = as_it_is[0] if as_it_is else Variant(title, base)
    found = [first, *(variant for variant in variants if variant is not first)]
    check_number(found)
    return found


def check_number(compared: Iterable[object]) -> None:
    """Raises Malformed for fewer than two, or more than a page can show."""
    number = len(list(compared))
    if number < 2:
        raise Malformed("there is nothing to compare with: name another drill file, or --with, or --variants")
    if number > MOST_VARIANTS:
        raise Malformed(f"{number} variants are too many to compare; at most {MOST_VARIANTS} are taken")


def _variant(entry: Entry, base: Settings, names: Names) -> Variant:
    fields = entry.fields(KEYS, required=("title",))
    settings = _settings(_at_the_top("settings", fields), base) if "settings" in fields else base
    policies = read_policies(_at_the_top("policies", fields), names) if "policies" in fields else None
    return Variant(fields["title"].text() if "title" in fields else "", settings, policies)


def _settings(entry: Entry, base: Settings) -> Settings:
    for key, value in entry.named().items():
        if key in _FIXED:
            value.refuse("cannot be varied: the events of the drill were read with it")
    return read_settings(entry, base)


def _at_the_top(key: str, fields: dict[str, Entry]) -> Entry:
    """A part of a variant as if it stood in a drill file, for what holds of places there."""
    entry = fields[key]
    return Entry(entry.node, entry.path, key, entry.problems)

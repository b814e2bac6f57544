"""The reference names everything there is: a command, a setting or an event that is missing in it fails here."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from raincheck.cli.commands import COMMANDS
from raincheck.core.policy import LEVELS
from raincheck.core.settings import Settings
from raincheck.drill import events

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROOT = DOCS.parent


def reference(name: str) -> str:
    return (DOCS / "reference" / name).read_text()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"`raincheck {command}" in reference("commands.md")


@pytest.mark.parametrize(
    "command", ["audit", "drill", "explain", "export", "import", "replay", "serve", "worker", "demo"]
)
def test_every_option_of_a_command_is_in_the_reference(command: str) -> None:
    from importlib import import_module

    found = import_module(COMMANDS[command].module).command
    row = next(row for row in reference("commands.md").splitlines() if f"`raincheck {command}" in row)
    options = [name for parameter in found.params for name in parameter.opts if name.startswith("--")]
    assert [name for name in options if name not in row] == []


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_every_setting_is_in_the_reference(field: str) -> None:
    assert f"`{field}`" in reference("settings.md")


@pytest.mark.parametrize("level", LEVELS)
def test_every_condition_of_a_rule_is_in_the_reference(level: str) -> None:
    assert f"`{level}`" in reference("settings.md")


def test_every_event_of_a_drill_is_in_the_reference() -> None:
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and "verb" in vars(kind)]
    verbs = {kind.verb for kind in kinds if hasattr(kind, "verb")}
    assert len(verbs) >= 20
    assert {verb for verb in verbs if f"`{verb}`" not in reference("drill-files.md")} == set()


def test_every_target_of_make_is_in_the_reference() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    assert [target for target in targets if f"`make {target}`" not in reference("commands.md")] == []


def links() -> list[tuple[Path, str]]:
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    return [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target
    ]


@pytest.mark.parametrize(("source", "target"), links(), ids=lambda value: str(getattr(value, "name", value)))
def test_every_link_leads_somewhere(source: Path, target: str) -> None:
    assert (source.parent / target).exists(), f"{source.name} links to {target}"

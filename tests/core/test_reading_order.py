"""Whoever reads the core finds every module named once in the reading order, with what it answers."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from raincheck import core
from raincheck.core import batch


def modules_in(package: Path) -> list[str]:
    return sorted(
        path.stem
        for path in package.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    )


@pytest.mark.parametrize("package", [core, batch], ids=["core", "batch"])
def test_the_reading_order_names_every_module_once(package: ModuleType) -> None:
    folder, text = Path(str(package.__file__)).parent, str(package.__doc__)
    listed = text[text.index("in this order") :].split("What is compiled", maxsplit=1)[0]
    named = re.findall(r"`([a-z_]+)`", listed)
    assert sorted(named) == modules_in(folder)


@pytest.mark.parametrize("module", sorted(Path(core.__file__).parent.rglob("*.py")), ids=lambda path: path.stem)
def test_every_module_says_first_what_it_answers(module: Path) -> None:
    first = module.read_text().splitlines()[0]
    assert re.fullmatch(r'""".{20,}[.:]("{3})?', first), first

"""Templates keep the content security policy, name icons that exist, and compile."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import raincheck.web
from raincheck.web.icons import FOLDER

TEMPLATES = Path(raincheck.web.__file__).parent / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
NAMES = [str(page.relative_to(TEMPLATES)) for page in PAGES]


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name) is not None


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_template_needs_an_inline_script_or_style(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "hx-on" not in text


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_form_that_posts_carries_its_proof(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", text, flags=re.DOTALL):
        assert "{% csrf_token %}" in form, form[:120]


def test_every_icon_that_a_template_or_a_page_names_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"{% icon \"([^\"]+)\"", page.read_text(encoding="utf-8"))}
    assert named <= {path.stem for path in FOLDER.glob("*.svg")}


def test_every_icon_is_used_by_somebody() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in Path(raincheck.web.__file__).parent.rglob("*.py"))
    templates = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    unused = {path.stem for path in FOLDER.glob("*.svg") if f'"{path.stem}"' not in sources + templates}
    assert unused == set()


def test_vendored_files_carry_their_licences() -> None:
    vendor = Path(raincheck.web.__file__).parent / "static" / "web" / "vendor"
    for folder in (path for path in vendor.iterdir() if path.is_dir()):
        assert (folder / "LICENSE").is_file()
    assert (FOLDER / "LICENSE").is_file()
    for file in vendor.rglob("*"):
        assert not file.is_file() or file.stat().st_size < 1024 * 1024

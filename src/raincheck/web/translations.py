"""The words of customers' pages: found in the sources, kept in catalogs, compiled for Django.

`python -m raincheck.web.translations` puts new words into each catalog, drops those that nobody says any more, and
compiles them all. What it leaves empty is to be translated; tests/web/customer/test_translations.py fails until it is.
Babel does all of it, so no gettext has to be installed.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from raincheck.core.settings import LANGUAGES

HERE: Final = Path(__file__).parent
SOURCE_LANGUAGE: Final = "en"
TRANSLATED: Final = tuple(language for language in LANGUAGES if language != SOURCE_LANGUAGE)
# Babel wants an instant; a real one would change the files without a change of words.
WRITTEN_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SAYS: Final = {"_": None, "gettext": None, "gettext_noop": None, "ngettext": (1, 2)}


def catalog_file(language: str) -> Path:
    """Where a language's catalog is kept; its compiled form lies beside it."""
    return HERE / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(language: str) -> Catalog:
    """A language's catalog as it is kept; an empty one for a new language."""
    path = catalog_file(language)
    if not path.is_file():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def said() -> Catalog:
    """Every word of the customers' pages as it stands in the sources."""
    found = _empty()
    for path in sorted([*(HERE / "customer").glob("*.py"), *(HERE / "templates" / "web" / "customer").glob("*.html")]):
        for message in _messages(path):
            found.add(message, locations=[(str(path.relative_to(HERE)), 0)])
    return found


def compiled(catalog: Catalog) -> bytes:
    """A catalog as Django reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(language: str) -> None:
    """Brings a language's catalog up to what is said, and compiles it."""
    known, catalog = read_catalog(language), _empty(language)
    for message in said():
        if message.id:
            translated = known.get(message.id if isinstance(message.id, str) else message.id[0])
            catalog.add(message.id, translated.string if translated else None, locations=message.locations)
    path = catalog_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=False
        )
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def _empty(language: str | None = None) -> Catalog:
    """A catalog whose head says nothing that changes by itself, so that the same words give the same file."""
    return Catalog(
        locale=language,
        header_comment="# The words of customers' pages. Brought up to date by `python -m raincheck.web.translations`.",
        project="raincheck",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=WRITTEN_AT,
        revision_date=WRITTEN_AT,
        fuzzy=False,
    )


def _messages(path: Path) -> Iterator[str | tuple[str, ...]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # Django turns a template into something in which the words stand as calls of gettext.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    calls: Iterator[tuple[Any, ...]] = extract_python(io.BytesIO(text.encode()), _SAYS, [], {})
    for _line, function, arguments, _comments in calls:
        # One argument stands alone; what is no text in itself is None.
        forms = [form for form in (arguments if isinstance(arguments, tuple) else (arguments,)) if form]
        if forms:
            yield tuple(forms[:2]) if function == "ngettext" else forms[0]


if __name__ == "__main__":
    for code in TRANSLATED:
        update(code)

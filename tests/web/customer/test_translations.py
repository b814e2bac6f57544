"""Customers' pages say everything in every language: no word is missing, none is left over, none is half."""

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo

from raincheck.web import translations
from raincheck.web.translations import TRANSLATED, catalog_file, compiled, read_catalog, said

SAYING = {"_", "gettext", "gettext_noop", "ngettext"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def words(language: str) -> list[Message]:
    """The messages of a language's catalog, without its head."""
    return [message for message in read_catalog(language) if message.id]


def texts(value: object) -> tuple[str, ...]:
    """A message's forms, one or two."""
    return value if isinstance(value, tuple) else (str(value),)


def test_the_pages_say_a_good_deal() -> None:
    assert {"Cancel", "Send what is here now", "Your order %(ref)s"} <= {m.id for m in said() if isinstance(m.id, str)}


def test_no_word_hides_in_an_f_string() -> None:
    """What is said inside one is found by nobody who collects the words, and stays English in every language."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in sorted((Path(translations.__file__).parent / "customer").glob("*.py"))
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SAYING
    ]
    assert hidden == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated_and_none_is_left_over(language: str) -> None:
    """Otherwise run `python -m raincheck.web.translations` and fill in what is empty."""
    known = {texts(message.id): message for message in words(language)}
    wanted = {texts(message.id) for message in said() if message.id}
    assert wanted - known.keys() == set()
    assert known.keys() - wanted == set()
    untranslated = [id_ for id_, message in known.items() if not all(texts(message.string)) or message.fuzzy]
    assert untranslated == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_in_the_same(language: str) -> None:
    """A number may stand in words in the singular; nothing else may be lost, and nothing may be made up."""
    for message in words(language):
        known = set(PLACEHOLDER.findall(" ".join(texts(message.id))))
        for form in texts(message.string):
            assert set(PLACEHOLDER.findall(form)) <= known, message.id
        assert set(PLACEHOLDER.findall(texts(message.string)[-1])) == known, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalog_is_that_of_the_words(language: str) -> None:
    with catalog_file(language).with_suffix(".mo").open("rb") as file:
        kept = read_mo(file)
    assert _by_id(kept) == _by_id(read_mo(io.BytesIO(compiled(read_catalog(language)))))


@pytest.mark.parametrize("language", TRANSLATED)
def test_bringing_a_catalog_up_to_date_loses_no_word(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _by_id(read_catalog(language))
    copy = tmp_path / "django.po"
    copy.write_bytes(catalog_file(language).read_bytes())
    monkeypatch.setattr(translations, "catalog_file", lambda _language: copy)
    translations.update(language)
    assert _by_id(read_catalog(language)) == before


def _by_id(catalog: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {texts(message.id): texts(message.string) for message in catalog if message.id}

"""The words that we ship: every event, every language, nothing that is not there, nothing that does not fit."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from raincheck.core.consent import OptionNotice
from raincheck.core.settings import LANGUAGES
from raincheck.notices import page_of, render, render_product_message
from raincheck.notices.checking import faults_of
from raincheck.notices.samples import TODAY, samples
from raincheck.notices.sms import MOST_SEGMENTS, segments
from raincheck.notices.wording import EVENTS, TEMPLATES, WITHOUT_ORDER, shipped_words

SOURCE = Path(__file__).parents[2] / "src/raincheck"
LONG_NAME = "Überlanger-Produktname" * 40
# Told under a name that the line does not say: core.consent and the words for dates.
NAMED_ELSEWHERE = {*OptionNotice, "date_expected", "brought_forward", "charged", "refunded"}
ENGLISH = {"the", "your", "we", "you", "will", "and", "of", "our", "it", "to"}


def test_every_event_that_the_code_tells_has_words() -> None:
    told = {
        event
        for file in SOURCE.rglob("*.py")
        for event in re.findall(r"\.tell\(\s*[\w.\[\]()]+,\s*\"(\w+)\"", file.read_text(encoding="utf-8"))
    }
    assert {"delayed", "shipped", "cancelled"} <= told
    assert told | NAMED_ELSEWHERE <= EVENTS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_the_shipped_words_would_be_accepted_if_somebody_wrote_them(template: str, language: str) -> None:
    assert faults_of(template, language, shipped_words(template, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_message_reads_well(event: str, language: str) -> None:
    for facts in samples(event, language):
        message = render(facts)
        everything = message.subject + message.text
        for wrong in ("None", "True", "False", "{", "}", "..", "  ,", " .", "\n\n\n", ".0000"):
            assert wrong not in everything.replace("\n  ", "\n"), (wrong, everything)
        assert message.subject == message.subject.strip()
        assert f'lang="{language}"' in page_of(message.subject, message.html)
        assert message.language == language
        assert message.version_of(event) == 0


@pytest.mark.parametrize("language", ["de", "es"])
def test_no_english_is_left_in_a_translation(language: str) -> None:
    for event in EVENTS:
        for facts in samples(event, language):
            said = tuple(replace(line, name="Lampe", why="Lampe") if line.name else line for line in facts.said)
            order = tuple(replace(line, name="Lampe") for line in facts.order)
            message = render(replace(facts, said=said, order=order))
            words = set(re.findall(r"\b[a-z]+\b", (message.subject + message.text).lower()))
            assert words.isdisjoint(ENGLISH), message.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", sorted(EVENTS))
def test_a_text_message_fits_however_long_the_names_are(event: str, language: str) -> None:
    for facts in samples(event, language):
        said = tuple(replace(line, name=LONG_NAME, why=LONG_NAME) if line.name else line for line in facts.said)
        message = render(replace(facts, said=said, company_name=LONG_NAME, order_ref="R" * 40))
        if message.sms:
            assert segments(message.sms) <= MOST_SEGMENTS
            assert facts.page_url in message.sms
            assert message.sms.split("://")[0].count("R") >= 1 or event in WITHOUT_ORDER


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_without_end_break_neither_subject_nor_layout(language: str) -> None:
    for event in EVENTS:
        for facts in samples(event, language):
            said = tuple(replace(line, name=LONG_NAME, why=LONG_NAME) if line.name else line for line in facts.said)
            message = render(replace(facts, said=said, customer_name=LONG_NAME))
            assert len(message.subject) <= 200
            assert len(message.html) < 20_000


def test_a_message_about_a_product_needs_no_order() -> None:
    for event in sorted(WITHOUT_ORDER):
        message = render_product_message(
            event,
            "Lamp <b>",
            "Field & Hearth",
            TODAY,
            language="de",
            link="https://shop.example/yes",
            stop_link="https://shop.example/no",
        )
        assert "Bestellung" not in message.text
        assert "https://shop.example/yes" in message.text
        assert "Bitte nicht schreiben: https://shop.example/no" in message.text
        assert "Lamp &lt;b&gt;" in message.html
    with pytest.raises(KeyError):
        render_product_message("delayed", "Lamp", "Field & Hearth", TODAY, language="en")

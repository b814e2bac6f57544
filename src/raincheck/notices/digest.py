"""Several notices of one order as one message, in which nothing is said twice."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from raincheck.notices.layout import Rendered, laid_out, subject_of
from raincheck.notices.letter import Letter
from raincheck.notices.render import render
from raincheck.notices.repeats import without_repeats
from raincheck.notices.sms import text_message
from raincheck.notices.speech import Speech, own_words
from raincheck.store.outbox_read import NoticeFacts

_OPTIONS = ("option_notice", "renewed_option_notice")


def render_digest(notices: Sequence[NoticeFacts]) -> Rendered:
    """The notices in the order in which they happened, as one message. Of one notice: the message that it has anyway.

    What a law wants said is said in full, and gives the message its subject. Raises ValueError for notices of several
    orders or none, KeyError for an event that has no words.
    """
    if len({facts.order_ref for facts in notices}) != 1:
        raise ValueError("a digest is made of notices of one order")
    kept = without_repeats(sorted(notices, key=lambda facts: (facts.at, facts.id)))
    if len(notices) == 1 or not kept:
        return render(notices[0])
    speeches = [Speech.of(facts) for facts in kept]
    options = {nr for nr, facts in enumerate(kept) if facts.event in _OPTIONS}
    letters = _said_once([speech.letter()[0] for speech in speeches], options)
    if any(facts.event == "backordered" for facts in notices):
        letters = _with_ways_out(letters, str(speeches[0].told.values["ways_out"]))
    last = speeches[-1]
    whole, _ = last.worded("digest")
    if len(letters) == 1:
        whole = replace(letters[0], lead=())
    asked = next((letter for facts, letter in zip(kept, letters, strict=True) if facts.event in _OPTIONS), None)
    frame = replace(last.frame(), page_url=last.facts.page_url)
    text, html = laid_out(whole.heading, whole.lead, letters, frame)
    company, headings = last.told.values["company"], ". ".join(letter.heading for letter in letters)
    return Rendered(
        subject_of((asked or whole).subject),
        text,
        html,
        text_message(f"{company}: {headings}.", last.facts.page_url),
        last.facts.language,
        tuple((facts.event, _version(facts)) for facts in notices),
    )


def _with_ways_out(letters: list[Letter], ways_out: str) -> list[Letter]:
    """Who waits is told what they can do, also where the confirmation has said all the rest."""
    first, *others = letters
    if any(ways_out in letter.closing for letter in letters):
        return letters
    return [replace(first, closing=(ways_out, *first.closing)), *others]


def _version(facts: NoticeFacts) -> int:
    own = own_words(facts, facts.event)
    return own[0] if own else 0


def _said_once(letters: Sequence[Letter], options: Collection[int]) -> list[Letter]:
    """The letters without paragraphs that stand in an earlier one, and with what is still to come in the last alone.

    Those of `options` keep theirs: a law wants each option whole, of its own products.
    """
    said: set[str] = set()
    once: list[Letter] = []
    listed_last = max((nr for nr, letter in enumerate(letters) if len(letter.listings) > 1), default=-1)
    for nr, letter in enumerate(letters):
        repeats = frozenset[str]() if nr in options else said
        lead = tuple(paragraph for paragraph in letter.lead if paragraph not in repeats)
        closing = tuple(paragraph for paragraph in letter.closing if paragraph not in repeats)
        said.update(lead, closing)
        listings = letter.listings if nr == listed_last else letter.listings[:1]
        once.append(replace(letter, lead=lead, closing=closing, listings=listings))
    return once

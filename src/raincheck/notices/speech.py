"""Words for one notice: the company's own where there are any and they work, else the shipped ones."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from jinja2 import TemplateError

from raincheck.notices.context import Told, told, tracked_parcels
from raincheck.notices.letter import Entry, Frame, Letter, Listing
from raincheck.notices.sandbox import rendered
from raincheck.notices.voice import Voice, one_line, voice_of
from raincheck.notices.wording import FRAME, PHRASES, WITHOUT_ORDER, shipped_words
from raincheck.store.outbox_read import NoticeFacts

# Pages below the customer's own, by the event that leads there.
_PLACES: Final = {"feedback_asked": "/feedback", "payment_failed": "/card"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speech:
    """A notice with its voice, its values, and the words that its language's messages share."""

    facts: NoticeFacts
    voice: Voice
    told: Told
    frame_words: Mapping[str, str]

    @classmethod
    def of(cls, facts: NoticeFacts) -> Self:
        """Raises KeyError for a language that we do not write."""
        shipped, own = shipped_words("shared", facts.language), own_words(facts, "shared")
        if own is not None:
            try:
                return cls.strictly(facts)
            except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
                log.exception("shared words %s of %s do not work: the shipped ones are used", own[0], facts.language)
        return cls._with(facts, shipped)

    @classmethod
    def strictly(cls, facts: NoticeFacts) -> Self:
        """With the company's own shared words, if there are any. Raises jinja2.TemplateError where they do not work."""
        own = own_words(facts, "shared")
        return cls._with(facts, {**shipped_words("shared", facts.language), **(own[1] if own else {})})

    @classmethod
    def _with(cls, facts: NoticeFacts, shared: Mapping[str, str]) -> Self:
        voice = voice_of(facts)
        phrases = {part.name: shared[part.name] for part in PHRASES}

        def say(source: str, values: Mapping[str, Any]) -> str:
            return rendered(source, values, voice)

        found = told(facts, voice, phrases, shipped_words("law", facts.language), say)
        values = {**found.values, "greeting": say(shared["greeting"], found.values)}
        words = {part.name: one_line(say(shared[part.name], values)) for part in FRAME}
        return cls(facts, voice, found, {**words, "greeting": one_line(values["greeting"])})

    def letter(self) -> tuple[Letter, Frame, int]:
        """The letter, what stands around it, and the version of its words."""
        letter, version = self.worded(self.facts.event)
        return letter, self.frame(), version

    def worded(self, template: str) -> tuple[Letter, int]:
        """A template's words for this notice. Raises KeyError for one that does not exist."""
        shipped, own = shipped_words(template, self.facts.language), own_words(self.facts, template)
        if own is not None:
            try:
                return self.with_words({**shipped, **own[1]}), own[0]
            except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
                log.exception("words %s of %s do not work: the shipped ones are used", own[0], template)
        return self.with_words(shipped), 0

    def with_words(self, words: Mapping[str, str]) -> Letter:
        """The letter in these words. Raises jinja2.TemplateError where they do not work."""
        values, items = self.told.values, self.told.items

        def say(part: str, **more: Any) -> str:
            return rendered(words.get(part, ""), {**values, **more}, self.voice)

        listed = () if self.facts.event in WITHOUT_ORDER else items
        entries = tuple(Entry(item, notes(say("item", item=item))) for item in listed)
        listings = [Listing(entries, one_line(say("title")), self.told.total)] if entries else []
        if self.told.rest:
            rest = tuple(Entry(item, item.expected) for item in self.told.rest)
            listings.append(Listing(rest, self.frame_words["rest_title"]))
        return Letter(
            subject=one_line(say("subject")),
            heading=one_line(say("heading")),
            lead=paragraphs(say("lead")),
            listings=tuple(listings),
            closing=paragraphs(say("closing")),
            sms=one_line(say("sms")),
            tracked=tuple(tracked_parcels(self.facts)),
        )

    def frame(self) -> Frame:
        """What stands around the letter."""
        facts, sender = self.facts, self.facts.sender
        return Frame(
            language=facts.language,
            company=one_line(facts.company_name),
            greeting=self.frame_words["greeting"],
            reason=self.frame_words["reason"],
            about=self.frame_words["about"],
            total=self.frame_words["total"],
            track=self.frame_words["track"],
            page_link=self.frame_words["page_link"],
            page_url=link_of(facts),
            preferences=self.frame_words["preferences"],
            preferences_url=facts.preferences_url,
            contact=" · ".join(one_line(part) for part in (sender.email, sender.phone) if part),
            postal_address=tuple(filter(None, map(one_line, sender.postal_address.splitlines()))),
            brand_colour=sender.brand_colour,
        )


def link_of(facts: NoticeFacts) -> str:
    """Where the message leads: to the customer's page, or to the question on it that the message is about."""
    return f"{facts.page_url}{_PLACES.get(facts.event, '')}" if facts.page_url else ""


def own_words(facts: NoticeFacts, template: str) -> tuple[int, Mapping[str, str]] | None:
    """The company's own words with their version, if they are in force for the notice."""
    for words in facts.words:
        if words.event == template:
            return words.version, words.parts
    return None


def paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs, which an empty line parts; line ends within one are spaces."""
    pieces: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            pieces[-1].append(line)
        elif pieces[-1]:
            pieces.append([])
    return tuple(one_line(" ".join(lines)) for lines in pieces if lines)


def notes(text: str) -> str:
    """What is said of a product: each line a thing of its own, parted by semicolons."""
    return "; ".join(filter(None, map(one_line, text.split("\n"))))

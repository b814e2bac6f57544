"""Whether words can be saved: they are understood, say what they must, and work for every notice there may be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jinja2 import TemplateError

from raincheck.notices.law_check import missing
from raincheck.notices.names import unknown_names
from raincheck.notices.samples import samples
from raincheck.notices.sandbox import Fault, parsed
from raincheck.notices.sms import MOST_SEGMENTS, plain, segments
from raincheck.notices.speech import Speech
from raincheck.notices.wording import EVENTS, parts_of
from raincheck.store.message_templates import OwnWords
from raincheck.store.outbox_read import NoticeFacts


@dataclass(frozen=True, slots=True)
class PartFault:
    """What is wrong in a part."""

    part: str
    fault: Fault


def faults_of(template: str, language: str, words: Mapping[str, str]) -> list[PartFault]:
    """What keeps words from being saved, at most a few of each part; empty where nothing does.

    Raises KeyError for a template or a language that does not exist.
    """
    known = {part.name for part in parts_of(template)}
    found = [PartFault(part, Fault(0, "there is no such part")) for part in words.keys() - known]
    for part in parts_of(template):
        source = words.get(part.name, "")
        if part.is_needed and not source.strip():
            found.append(PartFault(part.name, Fault(0, "it must say something")))
        tree = parsed(source)
        faults = [tree] if isinstance(tree, Fault) else unknown_names(tree, template, part.name)
        found.extend(PartFault(part.name, fault) for fault in dict.fromkeys(faults))
    return found or _tried(template, language, words)


def _tried(template: str, language: str, words: Mapping[str, str]) -> list[PartFault]:
    """What goes wrong when the words are used; the first notice with faults speaks for the others."""
    for event in (template,) if template in EVENTS else ("delayed", "order_confirmed", "shipped", "back_in_stock"):
        for facts in samples(event, language):
            found = _in_use(template, facts, words)
            if found:
                return list(dict.fromkeys(found))
    return []


def _in_use(template: str, facts: NoticeFacts, words: Mapping[str, str]) -> list[PartFault]:
    """The words used for one notice, part by part, so that a fault is laid to its own part."""
    if template == "shared":
        return _shared_in_use(facts, words)
    speech = Speech.of(facts)
    for part in parts_of(template):
        try:
            letter = speech.with_words({part.name: words.get(part.name, "")})
        except (TemplateError, TypeError, ValueError) as error:
            return [PartFault(part.name, Fault(getattr(error, "lineno", 0) or 0, _said(error)))]
        empty = part.is_needed and not getattr(letter, part.name)
        if empty:
            return [PartFault(part.name, Fault(0, "it says nothing in some messages"))]
    letter = speech.with_words(words)
    found = [PartFault(part, Fault(0, what)) for part, what in missing(facts.event, speech, letter)]
    if letter.sms and (count := segments(plain(f"{letter.sms} {facts.page_url}"))) > MOST_SEGMENTS:
        found.append(PartFault("sms", Fault(0, f"it takes {count} SMS with the link; {MOST_SEGMENTS} are the most")))
    return found


def _shared_in_use(facts: NoticeFacts, words: Mapping[str, str]) -> list[PartFault]:
    for part in parts_of("shared"):
        try:
            Speech.strictly(replace(facts, words=(OwnWords("shared", 1, {part.name: words.get(part.name, "")}),)))
        except (TemplateError, TypeError, ValueError) as error:
            return [PartFault(part.name, Fault(getattr(error, "lineno", 0) or 0, _said(error)))]
    return []


def _said(error: Exception) -> str:
    """An error in words: what is missing in some messages has to be asked for first."""
    text = str(error)
    if "None" in text:
        return "something that it says is missing in some messages: ask first, such as {% if day %}{{ day }}{% endif %}"
    if "argument" in text:
        return "a filter needs what stands in its example, such as units|plural('it', 'them')"
    return text

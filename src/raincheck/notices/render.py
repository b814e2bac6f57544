"""A notice's facts to a message: subject, text, HTML. Pure: the same facts give the same message."""

from raincheck.notices.events import LETTERS
from raincheck.notices.layout import Rendered, laid_out
from raincheck.notices.voice import voice_of
from raincheck.store.outbox_read import NoticeFacts


def render(facts: NoticeFacts) -> Rendered:
    """The message. Raises KeyError for an event that has no words."""
    voice = voice_of(facts)
    return laid_out(LETTERS[facts.event](facts, voice), facts, voice)

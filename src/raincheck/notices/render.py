"""A notice's facts to a message: subject, text, HTML, text message. Pure: the same facts give the same message."""

from raincheck.notices.layout import Rendered, laid_out, subject_of
from raincheck.notices.sms import text_message
from raincheck.notices.speech import Speech, link_of
from raincheck.store.outbox_read import NoticeFacts


def render(facts: NoticeFacts) -> Rendered:
    """The message. Raises KeyError for an event that has no words.

    Words of the company's that cannot be put into a message after all are left aside for the shipped ones.
    """
    speech = Speech.of(facts)
    letter, frame, version = speech.letter()
    text, html = laid_out(letter.heading, (), (letter,), frame)
    return Rendered(
        subject_of(letter.subject),
        text,
        html,
        text_message(letter.sms, link_of(facts)),
        facts.language,
        ((facts.event, version),),
    )

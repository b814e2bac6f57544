"""How it went: asked once everything has arrived."""

from raincheck.notices.events.phrases import merged
from raincheck.notices.letter import Item, Letter, Listing
from raincheck.notices.voice import Voice, one_line
from raincheck.store.outbox_read import NoticeFacts


def feedback_asked(facts: NoticeFacts, voice: Voice) -> Letter:  # noqa: ARG001 - every event is called alike
    """One question, and how to answer it."""
    items = tuple(Item(line.units, one_line(line.name)) for line in merged(facts.said))
    return Letter(
        subject=f"Did everything of your order {facts.order_ref} arrive as promised?",
        heading="Did everything arrive as promised?",
        lead=("Your order is complete. Tell us how it went: one question, and a line more if you like.",),
        listings=(Listing(items, "This is what we sent"),),
        closing=("Is something missing, damaged or wrong? Tell us, and somebody looks after it.",),
    )

"""Write a note on an order or a customer, for whoever picks up the telephone next."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.core.errors import Malformed, NotFound
from raincheck.store import notes
from raincheck.store.locks import database_now

LONGEST = 2_000


def note_on_order(ref: str, text: str, at: datetime | None = None, actor: str = "") -> int:
    """Writes a note on an order; its id. Raises NotFound, Malformed for an empty note or one that is too long."""
    with transaction.atomic():
        return notes.write_note(checked_note(text), at or database_now(), actor, order=known_order(ref).id)


def note_on_customer(code: str, text: str, at: datetime | None = None, actor: str = "") -> int:
    """Writes a note on a customer; its id. Raises NotFound, Malformed for an empty note or one that is too long."""
    with transaction.atomic():
        customer = notes.customer_id(code)
        if customer is None:
            raise NotFound(f"customer {code!r} does not exist", "customer", code)
        return notes.write_note(checked_note(text), at or database_now(), actor, customer=customer)


def checked_note(text: str) -> str:
    """The note as it is kept: without blanks at its ends. Raises Malformed."""
    said = text.strip().replace("\x00", "")
    if not said:
        raise Malformed("a note needs words")
    if len(said) > LONGEST:
        raise Malformed(f"a note has at most {LONGEST} characters, not {len(said)}")
    return said

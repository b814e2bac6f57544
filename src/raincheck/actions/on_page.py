"""What a customer does on their own page: each form has its effect once, however often it is sent."""

from collections.abc import Callable
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.store.locks import database_now
from raincheck.store.page_acts import take_form

ACTOR: Final = "customer"
"""Who did it, on record."""


def do_once(ref: str, once: str, verb: str, act: Callable[[], object]) -> bool:
    """Has `act` do its work in the transaction in which the form `once` is noted; False if it was sent before.

    What `act` raises takes the note back: the form can be sent again.
    """
    with transaction.atomic():
        if not take_form(known_order(ref).id, once, verb, database_now()):
            return False
        act()
        return True

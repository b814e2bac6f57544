"""Send a message again that was given up, to the address that the customer has now."""

from datetime import datetime

from django.db import transaction

from raincheck.core.errors import Refused
from raincheck.store import live, outbox_write
from raincheck.store.locks import database_now


def send_again(notice: int, at: datetime | None = None, actor: str = "") -> None:
    """Queues a failed message anew and closes its task. Raises Refused for one that has not failed."""
    with transaction.atomic():
        if not outbox_write.queue_again(notice, at or database_now(), actor):
            raise Refused("this message has not failed: there is nothing to send again")
        live.changed("mailbox", "desk")

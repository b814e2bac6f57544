"""Post a receipt, or look what posting it would free: the same code, rolled back."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.receive import Receipt, lock_receipt, receive
from raincheck.store.reads.released import Freed, freed_since, waiting_before


def post_receipt(receipt: Receipt, at: datetime | None = None, actor: str = "", *, dry_run: bool = False) -> Freed:
    """Receives goods and says who got units and what goes to putaway. Raises as `receive` does.

    With `dry_run` nothing stays written: the queue is served on the real books under their locks, and all of it is
    undone, so what is shown is what posting at this instant would do.
    """
    with transaction.atomic():
        # Under the locks from before the look on: what others do meanwhile is none of this receipt's doing.
        locked = lock_receipt(receipt, at)
        before = waiting_before([*receipt.units_by_sku, *receipt.damaged])
        receive(receipt, locked.at, actor)
        freed = freed_since(before)
        if dry_run:
            transaction.set_rollback(True)
    return freed

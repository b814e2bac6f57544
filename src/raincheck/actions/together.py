"""Several actions as one: all of them or none."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from raincheck.store.db import rows
from raincheck.store.locks import lock_products


@contextmanager
def together(skus: Iterable[str]) -> Iterator[None]:
    """Actions inside the block are one transaction over the books of these products.

    All the books are locked first, in the one order of locks, so that no two such blocks wait for each other.
    """
    with transaction.atomic():
        found = rows("SELECT id FROM product WHERE sku = ANY(%s)", [sorted(set(skus))])
        lock_products(product for (product,) in found)
        yield


def undo() -> None:
    """What the innermost block has done so far is not kept when it ends."""
    transaction.set_rollback(True)

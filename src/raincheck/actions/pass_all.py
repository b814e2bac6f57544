"""Run the pass over the whole open book: after rules changed by hand, a restored backup, or an import by other means.

Where nothing ties products together, they are decided some at a time, each lot in a transaction of its own, so that the
company goes on; else in one. A company in order has nothing to write.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from raincheck.actions.pass_many import pass_many
from raincheck.actions.run_pass import run_plain_pass
from raincheck.store.db import one, rows
from raincheck.store.locks import lock_all_books, lock_products
from raincheck.store.outbox import Outbox

CLAIMS_AT_ONCE = 200_000
"""How many claims are decided together, unless ties force more."""

Progress = Callable[[int], None]


def pass_all(at: datetime | None = None, actor: str = "", progress: Progress = lambda _: None) -> int:
    """Gives everybody what is theirs; how many products have open claims. `progress` is told as products are done.

    `at` is the instant of the fact (None: the database's clock under the locks).
    """
    count = 0
    for products in _lots():
        with transaction.atomic():
            locked = lock_all_books(at) if products is None else lock_products(products, at)
            outbox = Outbox(locked.at, "passed", "company:1", actor)
            pass_many(locked, outbox, run_plain_pass)
            outbox.flush()
        done = count_products() if products is None else len(products)
        progress(done)
        count += done
    return count


def count_products() -> int:
    """How many products have open claims."""
    return int(one("SELECT count(DISTINCT product_id) FROM claim WHERE units > 0")[0])


def _lots() -> Iterator[list[int] | None]:
    """Products to decide together; None stands for all of them."""
    if one("SELECT EXISTS (SELECT 1 FROM claim WHERE units > 0 AND (is_complete OR has_parcel_terms))")[0]:
        yield None
        return
    lot: list[int] = []
    claims = 0
    for product, of_product in rows(
        "SELECT product_id, count(*) FROM claim WHERE units > 0 GROUP BY product_id ORDER BY product_id"
    ):
        lot.append(product)
        claims += of_product
        if claims >= CLAIMS_AT_ONCE:
            yield lot
            lot, claims = [], 0
    if lot:
        yield lot

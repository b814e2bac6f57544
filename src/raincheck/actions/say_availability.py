"""Tell shops what changed: a product's state, its date, whether it may be sold; and who waits, that it is back.

Compared with what was last said, product by product, after the commits that changed it: the way of an order does not
get longer by it, and a product that changes a hundred times a second is said as it stands.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from raincheck.store import interest
from raincheck.store.locks import database_now
from raincheck.store.reads.availability import Availability, availability
from raincheck.store.reads.variants import units_now
from raincheck.store.said import Said, is_anybody_listening, keep_said, lock_said, products_named
from raincheck.store.webhooks import queue_webhook
from raincheck.words.webhook_events import AVAILABILITY

LEAST_PAUSE: Final = timedelta(seconds=5)
"""A product is said no more often than this; what changed meanwhile is said then, as it stands."""
BUYING_TIME: Final = timedelta(hours=24)
"""For so long units count as spoken for after somebody was told that they are there."""
MOST_AT_ONCE: Final = 200


def shops_listen() -> bool:
    """Whether any endpoint wants to hear of availability."""
    return is_anybody_listening(AVAILABILITY)


def say_availability(products: Iterable[int], at: datetime | None = None) -> tuple[int, set[int]]:
    """Queues what changed of products (and of kits of them); how many messages, and products to look at again soon.

    A product of which nothing was ever said is noted and not said: shops ask once for what there is. Each message has
    a version that counts up, so that one which arrives late is known for it (semantics 62).
    """
    ids = sorted(set(products))
    queued, again = 0, set()
    for start in range(0, len(ids), MOST_AT_ONCE):
        more, later = _say(ids[start : start + MOST_AT_ONCE], at)
        queued += more
        again |= later
    return queued, again


def tell_interested(products: Iterable[int], at: datetime | None = None) -> int:
    """Tells those who wait for products that are free for everybody, the first who asked first; how many.

    As many as there are units, those counted for whom somebody was told within a day. Who wants more units than are
    left is passed by, and those behind them are told.
    """
    told = 0
    for product in interest.products_waited_for(sorted(set(products))):
        with transaction.atomic():
            told += _tell(product, at or database_now())
    return told


def _say(products: Sequence[int], at: datetime | None) -> tuple[int, set[int]]:
    with transaction.atomic():
        named = products_named(products)
        if not named:
            return 0, set()
        said = lock_said(sorted(named.values()))
        now = at or database_now()
        changed: list[tuple[Availability, Said]] = []
        again: set[int] = set()
        for one in availability(list(named)):
            product = named[one["sku"]]
            before = said.get(product, Said(product, "", None, may_sell=False))
            if (before.status, before.next_on) == (one["status"], one["next_on"]):
                continue
            if before.said_at is not None and before.version > 1 and now < before.said_at + LEAST_PAUSE:
                again.add(product)
                continue
            may_sell = one["status"] != "out_of_stock"
            changed.append((one, Said(product, one["status"], one["next_on"], may_sell, before.version)))
        versions = keep_said([new for _, new in changed], now) if changed else {}
        queued = 0
        for one, new in changed:
            if new.version and new.product in versions:
                _queue(one, versions[new.product], now)
                queued += 1
        return queued, again


def _queue(one: Availability, version: int, at: datetime) -> None:
    queue_webhook(
        AVAILABILITY,
        f"product:{one['sku']}",
        {
            "sku": one["sku"],
            "version": version,
            "status": one["status"],
            "next_on": one["next_on"],
            "may_sell": one["status"] != "out_of_stock",
            "units_now": units_now(one),
        },
        at,
        None,
    )


def _tell(product: int, at: datetime) -> int:
    waiting = interest.lock_waiting(product)
    skus = [sku for sku, id_ in products_named([product]).items() if id_ == product]
    if not waiting or not skus:
        return 0
    (there,) = availability(skus)
    free = units_now(there) - interest.units_told_since(product, at - BUYING_TIME)
    told: list[int] = []
    for row, units in waiting:
        if units <= free:
            told.append(row)
            free -= units
    if told:
        interest.tell(told, at)
    return len(told)

"""Every lock of the system, taken in one order, and the proof that it is held.

A product's row is the lock of its book: supply, claims and pegs of a product change only under it. Products are
locked in the order of their ids, so no two actions can wait for each other. Ship-complete groups and kits tie products
together; a lock always covers the whole closure.

Messages come before products: whoever carries an option holds its message and may have to take it back, which is a
change of its order. So who needs both takes the message's row first, and nobody who holds products, or a parcel, waits
for a message.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from raincheck.store import live
from raincheck.store.db import one, rows


@dataclass(frozen=True, slots=True)
class Locked:
    """Proof that these products' books are locked in this transaction. `at` is the instant of the fact."""

    products: tuple[int, ...]
    at: datetime


class _Grown(Exception):
    """The closure grew while we waited for the locks."""


def lock_products(products: Iterable[int], at: datetime | None = None) -> Locked:
    """Locks the books of products and of all that groups tie to them. Call it inside a transaction, before writing.

    `at` is the instant of the fact; None takes the database's clock once the locks are held, so that of two orders for
    one product the one that is served first also joined first.
    """
    wanted = closure_of(set(products))
    while True:
        try:
            with transaction.atomic():
                rows("SELECT id FROM product WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [sorted(wanted)])
                grown = closure_of(wanted)
                _check_closed(wanted, grown)
        except _Grown:
            wanted = grown
        else:
            live.changed(products=wanted)
            return Locked(tuple(sorted(wanted)), at or database_now())


def part_of(locked: Locked, products: Iterable[int]) -> Locked:
    """The same proof for some of the locked products, with all that groups tie to them."""
    return Locked(tuple(sorted(closure_of(set(products)).intersection(locked.products))), locked.at)


def lock_all_books(at: datetime | None = None) -> Locked:
    """Locks the books of all products: nothing ties to anything outside. Call it as `lock_products`."""
    found = rows("SELECT id FROM product ORDER BY id FOR NO KEY UPDATE")
    products = [id_ for (id_,) in found]
    live.changed(products=products)
    return Locked(tuple(products), at or database_now())


def _check_closed(locked: set[int], grown: set[int]) -> None:
    """Raises _Grown, so that the locks are given back and taken anew in the one order."""
    if grown != locked:
        raise _Grown


def database_now() -> datetime:
    """The database's clock."""
    found = one("SELECT clock_timestamp()")
    now: datetime = found[0]
    return now.astimezone(UTC)


def closure_of(products: set[int]) -> set[int]:
    """The products and all that is decided with them, also through others. Locks nothing.

    Ship-complete groups, kits and planned parcels tie an order's products; a merge window ties those of its recipient
    that wait in it.
    """
    while True:
        tied = rows(
            """SELECT theirs.product_id
               FROM claim mine
               JOIN claim theirs ON theirs.order_id = mine.order_id AND theirs.is_complete AND theirs.units > 0
               WHERE mine.product_id = ANY(%s) AND mine.is_complete AND mine.units > 0
               UNION
               SELECT theirs.product_id
               FROM claim mine
               JOIN claim theirs ON theirs.order_id = mine.order_id AND theirs.line_id = mine.line_id
                    AND theirs.kit_nr IS NOT NULL AND theirs.units > 0
               WHERE mine.product_id = ANY(%s) AND mine.kit_nr IS NOT NULL AND mine.units > 0
               UNION
               SELECT theirs.product_id
               FROM claim mine
               JOIN claim theirs ON theirs.order_id = mine.order_id AND theirs.units > 0
               WHERE mine.product_id = ANY(%s) AND mine.has_parcel_terms AND mine.units > 0
               UNION
               SELECT theirs.product_id
               FROM claim mine
               JOIN order_line l ON l.order_id = mine.order_id AND l.merge_hours > 0
               JOIN sales_order o ON o.id = mine.order_id
               JOIN sales_order other ON other.customer_id = o.customer_id AND other.country = o.country
                                         AND other.postcode = o.postcode
               JOIN claim theirs ON theirs.order_id = other.id AND theirs.ready_since IS NOT NULL AND theirs.units > 0
               WHERE mine.product_id = ANY(%s) AND mine.has_parcel_terms AND mine.units > 0""",
            [sorted(products)] * 4,
        )
        grown = products | {product for (product,) in tied}
        if len(grown) == len(products):
            return products
        products = grown

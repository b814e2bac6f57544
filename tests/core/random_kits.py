"""Random books in which kits stand beside plain claims (and, if asked, ship-complete groups)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.core.random_books import Size, first_delivery_on, random_book, rank

from raincheck.core.book import Book
from raincheck.core.demand import Claim, Kit

FIRST_KIT = 500
"""Ids of kits' orders, lines and claims begin here."""


def random_book_with_kits(rng: Random, size: Size, kit_orders: int, *, one_site: bool = False) -> Book:
    """A book of at least two products in which some orders ask for kits."""
    book = random_book(rng, replace(size, sites=1 if one_site else size.sites))
    while len(book.products) < 2:
        book = random_book(rng, replace(size, sites=1 if one_site else size.sites))
    claims = list(book.claims)
    for order in range(FIRST_KIT, FIRST_KIT + rng.randint(1, kit_orders)):
        claims += random_kits(rng, book, order, first_id=order * 10)
    return replace(book, claims=tuple(claims), protections=())


def random_kits(rng: Random, book: Book, order: int, first_id: int) -> list[Claim]:
    """The parts of one set of kits, told all kinds of things."""
    products = rng.sample(sorted(book.products), rng.randint(2, min(3, len(book.products))))
    kits = rng.randint(1, 3)
    joined_on = book.today - timedelta(days=rng.randint(0, 2))
    joined_at = datetime(joined_on.year, joined_on.month, joined_on.day, rng.randint(0, 23), tzinfo=UTC)
    score = rng.choice((0, 0, 1))
    told_on = book.today + timedelta(days=rng.randint(-1, 12)) if rng.random() < 0.6 else None
    told_kits = 0 if told_on is None else rng.randint(0, kits)
    wanted_on = book.today + timedelta(days=rng.randint(0, 9)) if rng.random() < 0.15 else None
    if told_on is not None and wanted_on is not None:
        told_on = max(told_on, first_delivery_on(book, wanted_on))
    stock_only = rng.random() < 0.15
    own_day = book.today + timedelta(days=rng.randint(-1, 5)) if rng.random() < 0.15 else None
    days = [day for day in (own_day, *(book.products[product].available_from for product in products)) if day]
    kit = Kit(order, 1, 99, products[0], max(days, default=None))
    claims: list[Claim] = []
    for number, product in enumerate(products):
        per_kit = rng.randint(1, 2)
        has_supplier = book.products[product].lead_time_days is not None
        claims.append(
            Claim(
                id=first_id + number,
                line=order,
                order=order,
                product=product,
                units=kits * per_kit,
                rank=rank(joined_at, f"O{order}", "kit", score=score),
                stock_only=stock_only,
                told_on=told_on,
                told_units=told_kits * per_kit,
                told_by_lead_time=rng.randint(0, told_kits * per_kit) if has_supplier and rng.random() < 0.3 else 0,
                lead_time_from=joined_on if has_supplier and rng.random() < 0.3 else None,
                joined_on=joined_on,
                wanted_on=wanted_on,
                kit=kit,
                per_kit=per_kit,
            )
        )
    return claims

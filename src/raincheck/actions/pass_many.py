"""The pass over many products at once: over arrays, where they take it, and for the rest as after any fact.

It leaves the rows that the plain pass leaves (peg ids aside), and costs about what it costs to read the columns and to
write what changed. `actions.run_pass` chooses it by the number of claims; `actions.pass_all` takes it always.
"""

from collections.abc import Callable, Iterable

import numpy as np

from raincheck.core.batch import whole
from raincheck.core.batch.columns import NO_DAY, PLAIN, Ints
from raincheck.core.batch.many import OldPegs, Standing, decide_many
from raincheck.store.bulk.open_book import Columns, OpenBook, read_open_book, read_supply_side
from raincheck.store.bulk.write_many import write_many
from raincheck.store.company import read_settings
from raincheck.store.locks import Locked, closure_of
from raincheck.store.outbox import Outbox

PlainPass = Callable[[Locked, Outbox], None]


def pass_many(locked: Locked, outbox: Outbox, plain_pass: PlainPass) -> None:
    """Gives everybody on the locked products what is theirs, and writes the differences.

    `plain_pass` decides on products whose customers hear something new, or that arrays do not take.
    """
    settings = read_settings()
    open_book = read_open_book(locked, settings)
    book = read_supply_side(locked, settings)
    plain = _closed(whole.plain_products(book) | _special(open_book))
    by_hand = settings.warehouse == "manual"
    while len(plain) < len(locked.products):
        products = [product for product in locked.products if product not in plain]
        claims, pegs = _of(open_book, products)
        part = whole.part_of(book, set(products))
        many = decide_many(part, *_standing(claims, pegs), by_hand=by_hand, tighten=settings.tighten)
        dated = many.dated
        speaks = ~dated.is_quiet
        # An order hears once that it waits: of a line that waited before, it has.
        speaks |= many.claims & (claims["backordered"] == 0) & (dated.reserved < claims["units"])
        if not by_hand:
            speaks |= dated.reserved > 0
        if not speaks.any():
            write_many(settings, part, claims, pegs, many)
            break
        plain |= _closed(set(np.unique(claims["product"][speaks]).tolist()))
    if plain:
        plain_pass(Locked(tuple(sorted(plain)), locked.at), outbox)


def _closed(products: set[int]) -> set[int]:
    return closure_of(products) if products else products


def _special(book: OpenBook) -> set[int]:
    """Products with a claim or a peg that only the plain form decides."""
    claims, pegs = book.claims, book.pegs
    found = set(np.unique(claims["product"][claims["is_special"] > 0]).tolist())
    return found | set(np.unique(pegs["product"][pegs["is_special"] > 0]).tolist())


def _of(book: OpenBook, products: Iterable[int]) -> tuple[Columns, Columns]:
    """The claims and the pegs of some products."""
    wanted = np.array(list(products), np.int64)
    claims, pegs = (np.isin(columns["product"], wanted) for columns in (book.claims, book.pegs))
    return (
        {name: values[claims] for name, values in book.claims.items()},
        {name: values[pegs] for name, values in book.pegs.items()},
    )


def _standing(claims: Columns, pegs: Columns) -> tuple[Standing, OldPegs]:
    def days(values: Ints) -> Ints:
        return np.where(values == 0, NO_DAY, values)

    is_complete = claims["is_complete"] > 0
    group = np.full(len(is_complete), PLAIN, np.int64)
    group[is_complete] = np.unique(claims["order_id"][is_complete], return_inverse=True)[1]
    order = np.argsort(claims["claim"], kind="stable")
    own = order[np.searchsorted(claims["claim"][order], pegs["claim"])]
    standing = Standing(
        claims["product"],
        claims["units"],
        group,
        claims["stock_only"] > 0,
        claims["joined"],
        days(claims["told"]),
        claims["told_units"],
        claims["told_by_lead_time"],
        claims["is_pending"] > 0,
        claims["is_lost"] > 0,
        days(claims["lead_from"]),
    )
    return standing, OldPegs(own, pegs["kind"], pegs["source"], pegs["units"], days(pegs["ships"]))

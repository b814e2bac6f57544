"""A whole book by the array form, and what it does not take by the plain form.

The array form takes plain and ship-complete claims of products whose supply lies at one site. To the plain form go
- products at several sites, with the other products of their orders: choosing a site looks at all lines of an order;
- products that are not yet available, that are protected for a tier, or of which units were given;
- products with a claim that is wanted later, is a part of a kit, waits for its payment, or keeps its stock.
Whatever goes there takes along all products that open groups and kits tie to it: products go by closed sets, so each
form decides on a book of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from raincheck.core.allocate import Pegs
from raincheck.core.allocate import allocate as allocate_plain
from raincheck.core.batch.columns import NO_DAY, Claims, Outcome, Rules, Small, Supplies
from raincheck.core.batch.run import run
from raincheck.core.book import Book
from raincheck.core.demand import Claim, Party
from raincheck.core.peg import Peg, PegKind, peg_to


def allocate(book: Book) -> Pegs:
    """The pegs of every claim: what `core.allocate.allocate` gives, over arrays wherever they will do."""
    plain = plain_products(book)
    if not plain:
        return _over_arrays(book)
    return {**allocate_plain(part_of(book, plain)), **_over_arrays(part_of(book, set(book.products) - plain))}


def plain_products(book: Book) -> set[int]:
    """The products that the array form does not take, closed under groups and kits."""
    claims = {claim.id: claim for claim in book.claims}
    found = {id_ for id_, facts in book.products.items() if facts.is_preorder(book.today)}
    found |= {protection.product for protection in book.protections}
    found |= {claims[given.claim].product for given in book.given if given.claim in claims}
    found |= {claim.product for claim in book.claims if _is_for_plain(claim)}
    if chosen := _at_several_sites(book):
        by_order: dict[int, set[int]] = defaultdict(set)
        for claim in book.claims:
            by_order[claim.order].add(claim.product)
        found = found.union(chosen, *(products for products in by_order.values() if products & chosen))
    if not found:
        return set()
    by_party: dict[Party, set[int]] = defaultdict(set)
    for claim in book.claims:
        by_party[claim.party].add(claim.product)
    return closed(found, (products for products in by_party.values() if len(products) > 1))


def _is_for_plain(claim: Claim) -> bool:
    return claim.kit is not None or claim.wanted_on is not None or claim.waits_for_payment or claim.keeps_stock > 0


def _at_several_sites(book: Book) -> set[int]:
    sites: dict[int, set[int]] = defaultdict(set)
    for supply in book.supplies:
        sites[supply.product].add(supply.site)
    return {product for product, at in sites.items() if len(at) > 1}


def closed(products: set[int], ties: Iterable[set[int]]) -> set[int]:
    """The products with all that ties join to them, directly or through others."""
    tied_by: dict[int, list[set[int]]] = defaultdict(list)
    for tie in ties:
        for product in tie:
            tied_by[product].append(tie)
    found, ahead = set(products), list(products)
    while ahead:
        for tie in tied_by.pop(ahead.pop(), ()):
            ahead += tie - found
            found |= tie
    return found


def part_of(book: Book, products: set[int]) -> Book:
    """The book of some of its products."""
    return replace(
        book,
        supplies=tuple(supply for supply in book.supplies if supply.product in products),
        claims=tuple(claim for claim in book.claims if claim.product in products),
        products={id_: facts for id_, facts in book.products.items() if id_ in products},
    )


def _over_arrays(book: Book) -> Pegs:
    claims = sorted(book.claims, key=lambda claim: (claim.rank, claim.id))
    if not claims:
        return {}
    number = {product: at for at, product in enumerate(sorted(book.products))}
    by_lead_time = [None if claim.stock_only else book.lead_time_there_on(claim) for claim in claims]
    outcome = run(
        supplies_of(book, number), claims_of(book, claims, number, by_lead_time), rules_of(book),
        keeps_told_dates=book.keeps_told_dates,
    )  # fmt: skip
    return _pegs(book, claims, outcome, by_lead_time)


def rules_of(book: Book) -> Rules:
    """The terms of a pass."""
    return Rules(book.today.toordinal(), book.hold_days, book.lend_days, book.margin_days)


def supplies_of(book: Book, number: dict[int, int]) -> Supplies:
    """The book's supplies as columns; `number` gives each product its number."""
    found = book.supplies
    group_there = [book.there_for_group_on(supply) for supply in found]
    group_ships = [
        book.road_by(supply.site).ships_on(there_on) if supply.due_today and there_on else supply.ships_on
        for supply, there_on in zip(found, group_there, strict=True)
    ]
    return Supplies(
        np.array([number[supply.product] for supply in found], np.int32),
        np.array([not supply.is_stock for supply in found], np.bool_),
        np.array([supply.id for supply in found], np.int64),
        np.array([supply.units for supply in found], np.int64),
        _days(supply.there_on for supply in found),
        _days(supply.ships_on for supply in found),
        _days(group_there),
        _days(group_ships),
    )


def claims_of(book: Book, claims: list[Claim], number: dict[int, int], by_lead_time: Sequence[date | None]) -> Claims:
    """Claims, in rank order, as columns; `by_lead_time`: when units of each that no inbound covers are there."""
    groups = {group: at for at, group in enumerate(dict.fromkeys(claim.group for claim in claims))}
    latest = book.road.latest_shipping_on
    return Claims(
        np.array([number[claim.product] for claim in claims], np.int32),
        np.array([claim.units for claim in claims], np.int64),
        np.array([-1 if claim.group is None else groups[claim.group] for claim in claims], np.int32),
        np.array([claim.stock_only for claim in claims], np.bool_),
        np.array([claim.units_to_keep for claim in claims], np.int64),
        _days(None if claim.told_on is None else latest(claim.told_on) for claim in claims),
        _days(by_lead_time),
        _days(claim.joined_on or book.today for claim in claims),
    )


def _days(days: Iterable[date | None]) -> Small:
    return np.array([NO_DAY if day is None else day.toordinal() for day in days], np.int32)


def _pegs(book: Book, claims: list[Claim], outcome: Outcome, by_lead_time: Sequence[date | None]) -> Pegs:
    supplies = book.supplies
    ships_on = {there_on: book.road.ships_on(there_on) for there_on in set(by_lead_time) if there_on is not None}
    start, supply, units = outcome.start.tolist(), outcome.supply.tolist(), outcome.units.tolist()
    pegs: Pegs = {}
    for at, claim in enumerate(claims):
        found = [peg_to(claim.id, units[row], supplies[supply[row]]) for row in range(start[at], start[at + 1])]
        if uncovered := int(outcome.uncovered[at]):
            there_on = None if outcome.dateless[at] else by_lead_time[at]
            if there_on is None:
                found.append(Peg(claim.id, uncovered, PegKind.NONE, None, None))
            else:
                found.append(Peg(claim.id, uncovered, PegKind.LEAD_TIME, None, ships_on[there_on]))
        pegs[claim.id] = found
    return pegs

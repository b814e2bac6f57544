"""The pass over arrays gives what the plain pass gives, whatever the book."""

from dataclasses import replace

from hypothesis import given
from tests.core.laws.profile import books, law, mid_size_books
from tests.core.random_books import Size

from raincheck.core.allocate import allocate
from raincheck.core.batch import whole
from raincheck.core.book import Book

ONE_SITE = Size(products=5, sites=1, supplies=16, orders=20, lines=3, claims=50, protections=False, wanted=False)


def sold_already(book: Book) -> Book:
    """The same book with every product on sale, so that all of it is decided over arrays."""
    on_sale = {id_: replace(facts, available_from=None) for id_, facts in book.products.items()}
    book = replace(book, products=on_sale)
    assert not whole.plain_products(book)
    return book


@law
@given(books(ONE_SITE))
def test_a_company_with_one_site_gets_the_same_pegs(book: Book) -> None:
    book = sold_already(book)
    assert whole.allocate(book) == allocate(book)


@law
@given(mid_size_books())
def test_what_arrays_do_not_take_goes_to_the_plain_form_and_the_rest_is_the_same(book: Book) -> None:
    assert whole.allocate(book) == allocate(book)


@law
@given(books(ONE_SITE))
def test_the_same_where_rank_may_break_told_days(book: Book) -> None:
    book = replace(sold_already(book), keeps_told_dates=False)
    assert whole.allocate(book) == allocate(book)


@law
@given(books(ONE_SITE))
def test_the_same_where_everything_ships_as_available(book: Book) -> None:
    book = sold_already(book).with_claims(tuple(replace(claim, group=None) for claim in book.claims))
    assert whole.allocate(book) == allocate(book)


@law
@given(books(ONE_SITE))
def test_the_same_where_everything_ships_complete(book: Book) -> None:
    book = sold_already(book).with_claims(tuple(replace(claim, group=claim.order) for claim in book.claims))
    assert whole.allocate(book) == allocate(book)

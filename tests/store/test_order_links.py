"""Links to a customer's page: what opens it, what does not, and what they give away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from raincheck.actions.catalogue import save_customers, save_products, save_settings, save_sites, set_stock
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.lines import find_order
from raincheck.store.order_links import EndedLink, UnknownLink, order_of, page_path, page_url, path_of, renew_links
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REF = "SO-ann@example.com"


@pytest.fixture
def token(db: None) -> str:
    """A link to an order of Ann's, made at noon on 2 March."""
    save_settings(Settings(), "Northlight", at=NOON)
    save_sites([SiteRecord("leeds")])
    save_products([ProductRecord("LAMP", "Lamp", Decimal(40), "USD")], at=NOON)
    save_customers([CustomerRecord("ann", "Ann Archer", "ann@example.com")])
    set_stock("leeds", {"LAMP": 5}, at=NOON)
    place_order(OrderRequest(REF, (AskedLine("LAMP", 2),), "ann", "web"), at=NOON, actor="shop")
    return _token(page_path(REF, NOON))


def test_a_link_opens_its_order_and_says_nothing_of_it(token: str) -> None:
    assert order_of(token, NOON) == REF
    assert "ann" not in token.lower()
    assert "SO" not in token.split(".")[:3]
    assert token[-1].isalnum(), "mail programs leave a trailing sign out of the link"


@override_settings(PUBLIC_URL="https://orders.example.com")
def test_a_message_names_where_customers_reach_us(token: str) -> None:
    assert page_url(REF, NOON) == f"https://orders.example.com/my/{token}"


def test_a_link_lasts_for_its_days_and_says_that_it_has_expired(token: str) -> None:
    assert order_of(token, NOON + timedelta(days=90)) == REF
    with pytest.raises(EndedLink) as ended:
        order_of(token, NOON + timedelta(days=91))
    assert ended.value.expired
    assert ended.value.order_ref == REF


def test_the_company_says_how_many_days(token: str) -> None:
    save_settings(replace(Settings(), link_days=7), at=NOON)
    assert order_of(token, NOON + timedelta(days=7)) == REF
    with pytest.raises(EndedLink):
        order_of(token, NOON + timedelta(days=8))


def test_a_new_link_ends_the_old_ones(token: str) -> None:
    order = find_order(REF)
    assert order is not None
    renew_links(order.id)
    assert order_of(_token(page_path(REF, NOON)), NOON) == REF
    with pytest.raises(EndedLink) as ended:
        order_of(token, NOON)
    assert not ended.value.expired


def test_a_link_of_another_installation_opens_nothing(token: str) -> None:
    with override_settings(SECRET_KEY="another-key-altogether"), pytest.raises(UnknownLink):
        order_of(token, NOON)


def test_a_link_to_an_order_that_is_gone_opens_nothing(token: str) -> None:
    with pytest.raises(UnknownLink):
        order_of(_token(path_of(10**9, 0, NOON)), NOON)


@given(st.integers(0, 200), st.characters())
def test_one_changed_letter_opens_nothing(place: int, letter: str) -> None:
    good = _token(path_of(4711, 0, NOON))
    place %= len(good)
    forged = good[:place] + letter + good[place + 1 :]
    if forged != good:
        with pytest.raises(UnknownLink):
            order_of(forged, NOON)


@given(st.text())
def test_what_is_made_up_opens_nothing(made_up: str) -> None:
    with pytest.raises(UnknownLink):
        order_of(made_up, NOON)


@given(
    st.tuples(st.integers(1, 10**12), st.integers(0, 10**6), st.integers(0, 3_000)),
    st.tuples(st.integers(1, 10**12), st.integers(0, 10**6), st.integers(0, 3_000)),
)
def test_no_two_orders_share_a_link(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    links = [path_of(order, generation, NOON + timedelta(days=days)) for order, generation, days in (one, other)]
    assert (links[0] == links[1]) == (one == other)


def _token(path: str) -> str:
    assert path.startswith("/my/")
    return path.removeprefix("/my/")

"""The Money page: figures with what they mean, the orders behind each, and the same as a file."""

import csv
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from tests.gateways.card_shop import open_shop, order, pay

from raincheck.actions.permissions import Role
from raincheck.actions.reconcile import reconcile_file
from raincheck.actions.sync_roles import sync_roles
from raincheck.core.reconcile import Settled
from raincheck.gateways.cards_local import settlements

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def client() -> Client:
    """Somebody of sales, in a shop that has charged one card and waits for the next lamps."""
    open_shop(NOW, lamps=1)
    order("O-1", 1, NOW)
    order("O-2", 3, NOW)
    pay(NOW)
    return signed_in(Role.SALES)


def signed_in(role: Role) -> Client:
    """Somebody of a role."""
    sync_roles()
    user = User.objects.create_user("ann")
    user.groups.add(Group.objects.get(name=role.value))
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, address: str) -> str:
    """A page's text."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_figure_says_what_it_means_and_leads_to_its_orders(client: Client) -> None:
    page = text_of(client, "/money")
    assert "What customers have paid for and do not have" in page
    assert "$120.00" in page, "three lamps wait"
    assert f'href="/money/fees?month={NOW:%Y-%m}-01"' in page
    behind = text_of(client, "/money/waiting?week=none")
    assert 'href="/orders/O-2"' in behind
    assert "without a date" in behind
    assert 'href="/orders/O-1"' in text_of(client, "/money/fees")


def test_the_file_has_what_the_page_shows(client: Client) -> None:
    answer = client.get("/money/waiting/file?sku=lamp")
    assert answer["Content-Disposition"] == 'attachment; filename="waiting.csv"'
    lines = list(csv.DictReader(answer.getvalue().decode().splitlines()))
    assert [(line["order_ref"], line["units"], Decimal(line["value"]), line["currency"]) for line in lines] == [
        ("O-2", "3", Decimal(120), "USD")
    ]


def test_the_differences_of_the_last_file_are_shown(client: Client) -> None:
    assert "No file has been compared yet" in text_of(client, "/money")
    (row,) = settlements()
    stranger = Settled(3, "", "ch_stranger", "capture", "", Decimal(7), "USD", None, row.at)
    reconcile_file([row, stranger], "march.csv", actor="books", left_aside={"payout": 2, "fee": 10})
    page = text_of(client, "/money")
    assert "march.csv" in page
    assert "12 rows of other kinds were left aside: 10 fee, 2 payout." in page
    assert "missing here" in page
    assert "ch_stranger" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/money/gold", 404),
        ("/money/gold/file", 404),
        ("/money/fees?month=yesterday", 400),
        ("/money/waiting?week=2026-99-99", 400),
        ("/money/prepaid?age=1000", 200),
        ("/money/late?kind=everything", 200),
        ("/money/waiting?sku=" + "x" * 5000, 200),
    ],
)
def test_what_is_asked_for_wrongly_is_answered_plainly(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_a_formula_in_a_name_stays_a_text_in_the_file(client: Client) -> None:
    from raincheck.actions.catalogue import save_customers
    from raincheck.store.records import CustomerRecord

    save_customers([CustomerRecord("ann", name="=HYPERLINK(1)")])
    answer = client.get("/money/waiting/file")
    assert b",'=HYPERLINK(1)," in answer.getvalue()


def test_an_empty_company_is_told_what_will_stand_here() -> None:
    client = signed_in(Role.READ_ONLY)
    page = text_of(client, "/money")
    assert "No card has been charged yet" in page
    for figure in ("fees", "prepaid", "waiting", "late"):
        assert "There is no order behind this figure now" in text_of(client, f"/money/{figure}")

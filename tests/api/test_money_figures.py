"""The figures of the company's money over the API, and the orders behind each, page by page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.api.caller import Caller, content, key_for
from tests.gateways.card_shop import open_shop, order, pay

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import save_suppliers
from raincheck.actions.purchase import PurchaseRequest, purchase, reschedule
from raincheck.actions.reconcile import reconcile_file
from raincheck.core.reconcile import Settled
from raincheck.gateways.cards_local import settlements
from raincheck.store.reads.company import company_face
from raincheck.store.reads.company_day import company_today
from raincheck.store.reads.money_figures import money_figures
from raincheck.store.records import SupplierRecord

NOW = datetime.now(UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Caller:
    """A bookkeeper's script at a shop that charges with the order: six orders of two lamps, of which one is there."""
    open_shop(NOW, lamps=1, charge="order")
    for number in range(1, 7):
        order(f"O{number}", 2, NOW)
    pay(NOW)
    return key_for("money.view")


def pages(caller: Caller, path: str, name: str, query: str = "") -> list[dict[str, Any]]:
    """All rows of a list, two a page."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        found = content(caller.get(path, f"limit=2&cursor={cursor}&{query}"))
        assert len(found[name]) <= 2
        rows += found[name]
        if found["next_cursor"] is None:
            return rows
        cursor = found["next_cursor"]


def test_the_figures_are_those_of_the_page(books: Caller) -> None:
    found, page = content(books.get("/money")), money_figures(company_face(), company_today())
    assert (found["currency"], found["timezone"], found["today"]) == ("USD", "UTC", company_today().isoformat())
    assert Decimal(found["prepaid"]["owed"]) == page.owed == Decimal(440)
    assert found["prepaid"]["by_age"] == [{"age": "0", "orders": 6, "owed": "440.00"}]
    assert (found["waiting"]["value"], found["waiting"]["units"]) == ("440.00", 11)
    assert found["waiting"]["by_week"] == [{"week_from": None, "orders": 6, "units": 11, "value": "440.00"}]
    assert found["waiting"]["by_product"][0]["sku"] == "lamp"
    assert found["waiting"]["by_supplier"][0]["supplier"] is None
    assert found["fees"]["by_month"] == [
        {
            "month": f"{page.fees[0].month:%Y-%m}",
            "captures": 6,
            "captured": "480.00",
            "refunded": "0.00",
            "fees": "15.72",
            "unknown": 0,
        }
    ]
    assert found["late"] == {"open": {"orders": 0, "units": 0, "value": "0.00"}, "by_month": []}
    assert (found["refunds_to_pay"], found["last_comparison"]) == ([], None)


def test_every_figure_is_the_sum_of_its_list(books: Caller) -> None:
    found = content(books.get("/money"))
    owed = pages(books, "/money/prepaid", "prepaid")
    assert [row["order"] for row in owed] == [f"O{number}" for number in range(1, 7)]
    assert sum(Decimal(row["owed"]) for row in owed) == Decimal(found["prepaid"]["owed"])
    assert {row["currency"] for row in owed} == {"USD"}
    assert {row["customer"] for row in owed} == {"ann"}
    waits = pages(books, "/money/waiting", "waiting")
    assert sum(Decimal(row["value"]) for row in waits) == Decimal(found["waiting"]["value"])
    assert len({row["order"] for row in waits}) == len(waits) == found["waiting"]["orders"]
    fees = pages(books, "/money/fees", "fees", f"month={found['fees']['by_month'][0]['month']}")
    assert sum(Decimal(row["fee"]) for row in fees) == Decimal(found["fees"]["by_month"][0]["fees"])
    assert {row["kind"] for row in fees} == {"capture"}
    assert all(row["at"].endswith("Z") for row in fees)


def test_filters_choose_as_on_the_page(books: Caller) -> None:
    assert pages(books, "/money/prepaid", "prepaid", "age=91") == []
    assert len(pages(books, "/money/waiting", "waiting", "undated=true&sku=lamp")) == 6
    assert pages(books, "/money/waiting", "waiting", "undated=false") == []
    assert pages(books, "/money/waiting", "waiting", f"week={company_today()}") == []
    assert pages(books, "/money/waiting", "waiting", "supplier=acme") == []
    assert pages(books, "/money/fees", "fees", "month=1999-01") == []


def test_a_dearer_newcomer_moves_no_page(books: Caller) -> None:
    first = content(books.get("/money/waiting", "limit=3"))
    order("O7", 300, NOW)
    rest = content(books.get("/money/waiting", f"limit=9&cursor={first['next_cursor']}"))["waiting"]
    assert [row["order"] for row in first["waiting"] + rest] == [f"O{number}" for number in range(1, 8)]


def test_what_came_late_is_gone_through_order_by_order(books: Caller) -> None:
    """All six were told a day that is lost; three give up after it."""
    today = company_today()
    save_suppliers([SupplierRecord("acme")])
    purchase(PurchaseRequest("P1", "acme", "main", {"lamp": 20}, today + timedelta(days=2), "confirmed"))
    reschedule("P1", today + timedelta(days=30))
    for ref in ("O2", "O3", "O4"):
        cancel_order(ref, at=NOW + timedelta(days=10))
    rows = pages(books, "/money/late", "late")
    assert [(row["order"], row["kind"]) for row in rows] == [
        ("O2", "cancelled"),
        ("O3", "cancelled"),
        ("O4", "cancelled"),
    ]
    assert {row["value"] for row in rows} == {"80.00"}
    month = rows[0]["month"]
    assert len(pages(books, "/money/late", "late", f"month={month}&kind=cancelled")) == 3
    assert pages(books, "/money/late", "late", "kind=open") == []


def test_a_list_of_differences_is_gone_through_to_its_end_whatever_is_compared_meanwhile(books: Caller) -> None:
    assert content(books.get("/money/differences")) == {"comparison": None, "differences": [], "next_cursor": None}
    rows = list(settlements())
    strange = [
        Settled(line, "", f"ch_{line}", "capture", "", Decimal(7), "EUR", None, rows[0].at) for line in range(1, 4)
    ]
    reconcile_file([*strange, *rows[2:]], "march.csv", actor="books", left_aside={"payout": 2})
    first = content(books.get("/money/differences", "limit=2"))
    assert first["comparison"]["file"] == content(books.get("/money"))["last_comparison"]["file"] == "march.csv"
    assert (first["comparison"]["differences"], first["comparison"]["left_aside"]) == (5, {"payout": 2})
    reconcile_file(rows, "april.csv", actor="books")
    found = first["differences"]
    while cursor := first["next_cursor"]:
        first = content(books.get("/money/differences", f"limit=2&cursor={cursor}"))
        found += first["differences"]
    assert [(row["difference"], row["line"]) for row in found] == [
        ("missing_here", 1), ("missing_here", 2), ("missing_here", 3), ("missing_there", None), ("missing_there", None),
    ]  # fmt: skip
    assert (found[0]["theirs"], found[0]["their_currency"], found[0]["ours"]) == ("7.00", "EUR", None)
    assert found[4]["order"] in ("O1", "O2")


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/money/fees", "month=2026-13", "month"),
        ("/money/fees", "month=0000-01", "month"),
        ("/money/prepaid", "age=9", "age"),
        ("/money/waiting", "week=tomorrow", "week"),
        ("/money/late", "kind=gone", "kind"),
        ("/money/late", "month=2026-3", "month"),
        ("/money/refunds", "limit=0", "limit"),
        ("/money/refunds", "cursor=abc", "cursor"),
        ("/money/fees", "cursor=abc", "cursor"),
        ("/money/late", "cursor=bGF0ZQ", "cursor"),
        ("/money", "month=2026-03", "month"),
    ],
)
def test_what_makes_no_sense_is_named(path: str, query: str, said: str) -> None:
    answer = key_for("money.view").get(path, query)
    assert answer.status_code == 422
    assert content(answer)["errors"][0]["parameter"] == said


def test_a_cursor_of_one_list_is_none_of_another(books: Caller) -> None:
    cursor = content(books.get("/money/fees", "limit=1"))["next_cursor"]
    assert books.get("/money/fees", f"cursor={cursor}").status_code == 200
    assert books.get("/money/prepaid", f"cursor={cursor}").status_code == 422

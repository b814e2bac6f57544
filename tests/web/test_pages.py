"""Pages on a company with one of each case: what they say, and what they cost."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from tests.web.company import order

from raincheck.actions.catalogue import save_sites, set_stock
from raincheck.actions.give_task import give_task
from raincheck.actions.move_stock import transfer
from raincheck.store.db import one
from raincheck.store.records import SiteRecord


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that goes to the database while the test runs, Django's and our own."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def noting(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        sent.append(str(query))
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", noting)
    return sent


def text_of(client: Client, address: str) -> str:
    """A page's words."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_desk_says_what_needs_a_person_and_why(admin: Client) -> None:
    desk = text_of(admin, "/")
    assert "SO-STOP: cancel requested" in desk
    assert "PO-LATE from Osprey Textiles is 3 days late" in desk
    assert "PO-TODAY from Halden Lighting is due today" in desk
    assert "Pendant shade: 4 units without a date" in desk
    assert "PO-SENT: Halden Lighting has not confirmed" in desk


def test_the_gravest_stands_first_however_many_tasks_wait(admin: Client) -> None:
    give_task("Call back about a scratch", actor="sam")
    page = text_of(admin, "/")
    places = [page.index(words) for words in ("SO-STOP: cancel requested", "days late", "Call back about a scratch")]
    assert places == sorted(places)


def test_a_line_that_has_gone_waits_for_no_day(admin: Client) -> None:
    page = text_of(admin, "/orders/SO-GONE")
    assert "First promised" in page
    assert "Promised now" not in page


def test_the_queue_stands_in_serving_order(admin: Client) -> None:
    queue = text_of(admin, "/queue?sku=LAMP")
    assert queue.index("SO-MIXED") < queue.index("SO-WHOLE") < queue.index("SO-HELD")


def test_an_orders_line_tells_its_story_in_a_sentence(admin: Client) -> None:
    page = text_of(admin, "/orders/SO-MIXED")
    assert "Of 10 units" in page
    assert "come with PO-TODAY" in page
    assert "Nobody is ahead in the queue." in page


def test_a_ship_complete_order_says_that_it_waits_for_the_rest(admin: Client) -> None:
    assert "waiting for the rest of the order" in text_of(admin, "/orders/SO-WHOLE")


def test_a_line_that_may_not_be_backordered_keeps_what_there_is(admin: Client) -> None:
    assert "2 lie reserved at Leeds and 7 were refused" in text_of(admin, "/orders/SO-REFUSED")


def test_a_product_shows_the_same_figures_as_a_table(admin: Client) -> None:
    page = text_of(admin, "/products/LAMP")
    assert "The same as a table" in page
    assert "+10 PO-TODAY" in page


def test_a_transfer_comes_from_a_site_by_its_name(admin: Client) -> None:
    save_sites([SiteRecord("FAR", "Far away")])
    set_stock("FAR", {"THROW": 4})
    site = str(one("SELECT code FROM site WHERE code <> 'FAR' ORDER BY id LIMIT 1")[0])
    transfer("T-FAR", "FAR", site, timezone.now().date() + timedelta(days=2), {"THROW": 4})
    assert "T-FAR from Far away to" in text_of(admin, "/receiving")
    assert "T-FAR from Far away" in text_of(admin, "/receiving/transfer/T-FAR")
    assert "4 units from Far away to" in text_of(admin, "/products/THROW")


def test_a_blind_receipt_serves_the_queue(admin: Client) -> None:
    admin.post("/do/receive-blind", {"site": "bristol", "sku": "THROW", "units": "1", "damaged": ""})
    received = text_of(admin, "/receiving/received")
    assert "1 went to those who waited" in received
    assert "SO-LATE" in received


def test_a_preview_posts_nothing(admin: Client) -> None:
    form = {"units:LAMP": "9", "damaged:LAMP": "1"}
    preview = admin.post("/do/preview-receipt/purchase/PO-TODAY", form).content.decode()
    assert "SO-MIXED" in preview
    assert "Came before" in text_of(admin, "/receiving/purchase/PO-TODAY")
    assert "10 promised" not in preview
    untouched = text_of(admin, "/purchase-orders/PO-TODAY")
    assert "Confirmed" in untouched
    assert "Part received" not in untouched


@pytest.mark.parametrize(
    "address",
    ["/orders/NO-SUCH", "/products/NO-SUCH", "/purchase-orders/NO-SUCH", "/shipments/999999", "/mailbox/999999",
     "/receiving/purchase/NO-SUCH", "/receiving/elephant/PO-TODAY"],
)  # fmt: skip
def test_what_does_not_exist_is_a_plain_404(admin: Client, address: str) -> None:
    answer = admin.get(address)
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/queue?after=x", "/queue?after=-1", "/orders?before=1e9", "/shipments?before=%00", "/mailbox?before=" + "9" * 40],
)
def test_a_page_of_a_list_that_makes_no_sense_is_refused_in_words(admin: Client, address: str) -> None:
    assert admin.get(address).status_code == 400


@pytest.mark.parametrize("form", [{"units:LAMP": "-1"}, {"units:LAMP": "1.5"}, {"units:LAMP": str(10**12)}, {}])
def test_a_cancel_of_no_sensible_units_changes_nothing(admin: Client, form: dict[str, str]) -> None:
    before = text_of(admin, "/orders/SO-MIXED")
    assert admin.post("/do/cancel-order/SO-MIXED", form).status_code == 400
    assert text_of(admin, "/orders/SO-MIXED") == before


def test_what_the_business_refuses_is_said_on_the_page(admin: Client) -> None:
    answer = admin.post("/do/release-order/SO-MIXED", follow=True)
    assert "is open, not held" in answer.content.decode()


def test_names_that_look_like_markup_stay_text(admin: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    order(evil, {"MUG": 1}, datetime.now(UTC))
    from django.urls import reverse

    for address in ("/orders", reverse("order", args=[evil])):
        assert "<img src=x" not in admin.get(address).content.decode()


def test_a_bigger_queue_costs_no_more_statements(admin: Client, statements: list[str]) -> None:
    addresses = ["/", "/queue", "/queue?by=customer", "/orders", "/orders/SO-MIXED", "/products/LAMP", "/products",
                 "/receiving", "/shipments", "/purchase-orders", "/mailbox"]  # fmt: skip
    counts = {}
    for address in addresses:
        admin.get(address)
        statements.clear()
        admin.get(address)
        counts[address] = len(statements)
    now = datetime.now(UTC)
    for number in range(12):
        order(f"MORE-{number}", {"LAMP": 2, "THROW": 3, "MUG": 1}, now - timedelta(hours=1), "ivy")
    for address in addresses:
        statements.clear()
        admin.get(address)
        assert len(statements) <= counts[address], address


def test_units_of_a_product_are_kept_for_a_group_from_its_page(admin: Client) -> None:
    done = admin.post("/do/protect/LAMP", {"keep:gold": "3", "keep:silver": ""}, follow=True)
    assert "LAMP: 3 kept for gold." in done.content.decode()
    assert "3 units kept for gold customers." in text_of(admin, "/products/LAMP")
    admin.post("/do/protect/LAMP", {"keep:gold": "0"})
    assert "kept for gold customers" not in text_of(admin, "/products/LAMP")
    nothing = admin.post("/do/protect/LAMP", {"keep:gold": ""}, follow=True)
    assert "how many units are to be kept" in nothing.content.decode()

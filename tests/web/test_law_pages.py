"""The law on the console: what falls due, an order's clock, the record to hand over, answers."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.web.test_pages import text_of

from raincheck.actions.catalogue import save_products, save_settings, save_suppliers
from raincheck.actions.place_order import place_order
from raincheck.actions.run_timers import run_due
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import one
from raincheck.store.records import ProductRecord, SupplierRecord


@pytest.fixture
def under_law(admin: Client) -> Client:
    """The test company, which sells under 16 CFR 435 since two hours; one order waits without a date since then."""
    placed_at = datetime.now(UTC) - timedelta(hours=2)
    save_settings(Settings(law="us-ftc-435", currency="GBP"), at=placed_at)
    sku = one("SELECT sku FROM product WHERE supplier_id IS NULL ORDER BY id LIMIT 1")[0]
    place_order(OrderRequest("SO-LAW", (AskedLine(str(sku), 500),)), at=placed_at)
    run_due(placed_at + timedelta(minutes=90))
    return admin


def test_the_list_says_what_falls_due_and_why(under_law: Client) -> None:
    page = text_of(under_law, "/law?days=90")
    assert "SO-LAW" in page
    assert "If it has not shipped, it is cancelled and paid back." in page
    assert "unless the customer agrees to wait" in page
    assert "has no address: give the option to wait or cancel by phone or letter" in page


def test_without_a_law_the_list_says_where_to_choose_one(admin: Client) -> None:
    assert "No law is switched on" in text_of(admin, "/law")


def test_the_order_shows_its_clock_and_the_record(under_law: Client) -> None:
    page = text_of(under_law, "/orders/SO-LAW")
    assert "16 CFR 435 (US)" in page
    assert "Asked to wait or cancel: no date" in page
    record = text_of(under_law, "/law/record/SO-LAW")
    assert "option_notice" in record
    assert "§435.2(b)(1)(iii)" in record
    assert "16 CFR 435 (US): due " in record
    assert "Clock started: due " in record
    assert "without any supply." in record
    assert "No address: kept, 0 attempts." in record
    for ours in ("None", "[[", "answer_needed"):
        assert ours not in record
    answer = under_law.get("/law/record/SO-LAW?format=json")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.json()["order"]["ref"] == "SO-LAW"
    assert under_law.get("/law/record/nothing").status_code == 404


def test_an_answer_is_put_on_record_and_done(under_law: Client) -> None:
    under_law.post("/do/answer-order/SO-LAW", {"choice": "wait"})
    assert "The customer agreed to wait until it ships." in text_of(under_law, "/orders/SO-LAW")
    under_law.post("/do/answer-order/SO-LAW", {"choice": "cancel"})
    assert one("SELECT state FROM sales_order WHERE ref = 'SO-LAW'")[0] in ("cancelled", "complete")
    said = under_law.post("/do/answer-order/SO-LAW", {"choice": "wait"}, follow=True).content.decode()
    assert "nothing of it waits for an answer" in said
    assert under_law.post("/do/answer-order/SO-LAW", {"choice": "perhaps"}).status_code == 400
    assert under_law.get("/do/answer-order/SO-LAW").status_code == 405


def test_an_order_is_exempted_with_a_reason_and_not_without(under_law: Client) -> None:
    said = under_law.post("/do/exempt-order/SO-LAW", {"reason": " "}, follow=True).content.decode()
    assert "needs a reason" in said
    under_law.post("/do/exempt-order/SO-LAW", {"reason": "growing plants"})
    assert "Exempt: growing plants." in text_of(under_law, "/orders/SO-LAW")
    assert "SO-LAW" not in text_of(under_law, "/law?days=90")


def test_a_product_is_exempted_for_orders_to_come(under_law: Client) -> None:
    sku = str(one("SELECT sku FROM product WHERE supplier_id IS NULL ORDER BY id LIMIT 1")[0])
    under_law.post("/do/exempt-product", {"sku": sku, "reason": "growing plants"})
    place_order(OrderRequest("SO-FREE", (AskedLine(sku, 500),)))
    assert "16 CFR 435" not in text_of(under_law, "/orders/SO-FREE")
    said = under_law.post("/do/exempt-product", {"sku": "nothing", "reason": "x"}, follow=True).content.decode()
    assert "&#x27;nothing&#x27; does not exist" in said, "it was typed in: the page says so"


def test_the_list_says_when_it_is_at_the_customers_and_what_to_do(under_law: Client) -> None:
    page = text_of(under_law, "/law?days=90")
    assert "Call the customer for a yes." in page
    assert "00:00 in " in page
    answer = under_law.get("/law/file?days=90")
    assert answer["Content-Disposition"] == 'attachment; filename="legal-clocks.csv"'
    (row,) = [row for row in csv.DictReader(io.StringIO(answer.content.decode())) if row["order"] == "SO-LAW"]
    assert (row["by_itself"], row["law"]) == ("If it has not shipped, it is cancelled and paid back.", "us-ftc-435")


def test_what_is_dated_by_the_lead_time_alone_has_to_be_ordered(under_law: Client) -> None:
    save_suppliers([SupplierRecord("QUICK", "Quick", lead_time_days=9)])
    save_products([ProductRecord("WICK", "Wick", supplier="QUICK")])
    place_order(OrderRequest("SO-BUY", (AskedLine("WICK", 2),)))
    answer = under_law.get("/law/file?days=90")
    rows = csv.DictReader(io.StringIO(answer.content.decode()))
    said = {row["to_do"] for row in rows if row["order"] == "SO-BUY"}
    assert said == {"Order it from the supplier: nothing bought covers it."}


def test_sellers_are_kept_and_filter_the_list(under_law: Client) -> None:
    assert "Nobody else sells here" in text_of(under_law, "/law/sellers")
    under_law.post("/law/sellers", {"code": "north", "name": "North Lights", "working_days": ["tue", "mon"],
                                    "holidays": "2026-12-25"})  # fmt: skip
    assert "mon, tue" in text_of(under_law, "/law/sellers?seller=north")
    sku = str(one("SELECT sku FROM product WHERE supplier_id IS NULL ORDER BY id LIMIT 1")[0])
    under_law.post("/do/sells", {"sku": sku, "seller": "north"})
    place_order(OrderRequest("SO-NORTH", (AskedLine(sku, 500),)))
    assert "sold by North Lights" in text_of(under_law, "/orders/SO-NORTH")
    page = text_of(under_law, "/law?days=90&seller=north")
    assert "SO-NORTH" in page
    assert "SO-LAW" not in page
    assert under_law.post("/law/sellers", {"code": "x", "holidays": "soon"}).status_code == 422
    said = under_law.post("/do/sells", {"sku": sku, "seller": "nobody"}, follow=True).content.decode()
    assert "&#x27;nobody&#x27; does not exist" in said


def test_rights_are_put_on_record_from_the_orders_page(under_law: Client) -> None:
    run_due(datetime.now(UTC) + timedelta(days=70))
    page = text_of(under_law, "/orders/SO-LAW")
    assert "Refund by another way" in page
    under_law.post("/do/refund-otherwise/SO-LAW", {"reason": "the card was closed", "method": "cheque"})
    under_law.post("/do/refund-sent/SO-LAW", {"proof": "cheque 1042", "method": "cheque"})
    page = text_of(under_law, "/orders/SO-LAW")
    assert "Cannot go back as it was paid (the card was closed): it goes as cheque" in page
    assert "Money sent back as cheque: cheque 1042." in page
    said = under_law.post("/do/withdraw/SO-LAW", {"how": "by mail"}, follow=True).content.decode()
    assert "no law that lets a buyer withdraw" in said
    said = under_law.post("/do/fitting-period/SO-LAW", {"until_on": "2099-01-01"}, follow=True).content.decode()
    assert "no agreed day of delivery has passed" in said
    assert under_law.post("/do/fitting-period/SO-LAW", {"until_on": "soon"}).status_code == 400


def test_the_record_is_handed_over_as_one_file(under_law: Client) -> None:
    assert "In the order of time" in text_of(under_law, "/law/record/SO-LAW")
    answer = under_law.get("/law/record/SO-LAW?format=zip")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"README.txt", "chronology.txt", "record.json", "rules.txt", "MANIFEST.sha256"} <= set(
            archive.namelist()
        )
    assert under_law.get("/law/record/nothing?format=zip").status_code == 404

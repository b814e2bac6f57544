"""A company's dirty files become a history: what each row is, and how each kind of dirt is treated and counted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.feeds.replay.retail import BASE, retail

from raincheck.core.errors import Malformed
from raincheck.feeds.replay.find import find_mapping, shipped_mappings
from raincheck.feeds.replay.happening import (
    Cancelled,
    OrderPlaced,
    PurchasePlaced,
    ReceiptLine,
    Received,
    StockCorrected,
    StockCounted,
)
from raincheck.feeds.replay.history import History, read_history

if TYPE_CHECKING:
    from pathlib import Path


def orders(history: History) -> dict[str, OrderPlaced]:
    return {happening.ref: happening for happening in history.happenings if isinstance(happening, OrderPlaced)}


def test_an_invoice_is_one_order_in_company_time(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        "536366,85123A,WHITE HEART,2,2011-07-01T08:27:00,2.55,17850,EIRE\n"
        "536366,22423,CAKE STAND,1,2011-07-01T08:26:00,12.75,17850,EIRE\n",
    )
    order = orders(history)["536366"]
    assert order.at == dt.datetime(2011, 7, 1, 7, 26, tzinfo=dt.UTC)
    assert (order.customer, order.country) == ("17850", "IE")
    assert [(line.sku, line.units, line.unit_price) for line in order.lines] == [
        ("85123A", 2, Decimal("2.55")),
        ("22423", 1, Decimal("12.75")),
    ]
    assert history.starts_at == dt.datetime(2010, 12, 1, tzinfo=dt.UTC)
    assert history.catalogue.customers["17850"] == {"customer": "17850", "country": "GB"}


def test_repeated_lines_of_one_invoice_add_up_and_exact_ones_are_counted(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        "536367,22423,CAKE STAND,1,2011-02-01T09:00:00,12.75,,United Kingdom\n" * 3
        + "536367,22423,CAKE STAND,4,2011-02-01T09:00:00,10.95,,United Kingdom\n",
    )
    (line,) = orders(history)["536367"].lines
    assert (line.units, line.unit_price) == (7, Decimal("11.7214"))
    assert orders(history)["536367"].customer is None
    assert history.dirt.count("exact duplicates within an order, added up") == 2
    assert history.dirt.count("further lines of one order with the same product, added up") == 1
    assert history.dirt.count("order lines whose rows differ in price, taken at the average") == 1
    assert history.dirt.count("order lines of guests") == 4


def test_codes_that_are_no_goods_are_left_out(tmp_path: Path) -> None:
    codes = ("POST", "DOT", "M", "m", "C2", "BANK CHARGES", "AMAZONFEE", "gift_0001_20", "CRUK", "S", "D", "PADS")
    history = retail(
        tmp_path,
        "".join(f"536368,{code},Something,1,2011-02-01T09:00:00,18.00,17850,United Kingdom\n" for code in codes)
        + "A563186,B,Adjust bad debt,1,2011-08-12T14:51:00,-11062.06,,United Kingdom\n",
    )
    assert list(orders(history)) == ["536365"]
    assert history.dirt.count("codes that are no goods, ignored") == len(codes) + 1


def test_a_cancellation_names_a_customer_and_a_product_but_no_invoice(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        "C536379,85123A,WHITE HEART,-2,2010-12-01T09:41:00,2.55,17850,United Kingdom\n"
        "C536379,85123A,WHITE HEART,-1,2010-12-01T09:41:00,2.55,17850,United Kingdom\n"
        "C536380,85123A,WHITE HEART,-1,2010-12-01T09:42:00,2.55,,United Kingdom\n"
        "C536381,D,Discount,-1,2010-12-01T09:43:00,27.50,17850,United Kingdom\n",
    )
    (cancelled,) = [happening for happening in history.happenings if isinstance(happening, Cancelled)]
    assert (cancelled.ref, cancelled.customer, cancelled.lines) == (None, "17850", (("85123A", 3),))
    assert history.dirt.count("cancellations without a customer, ignored") == 1


def test_negative_quantities_and_unpaid_finds_correct_the_stock(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        "537001,85123A,damaged,-10,2010-12-03T10:00:00,0.0,,United Kingdom\n"
        "537002,85123A,found,4,2010-12-03T10:01:00,0.0,,United Kingdom\n"
        "537003,85123A,,5,2010-12-03T10:02:00,0.0,,United Kingdom\n"
        "537004,21134,,1,2010-12-03T10:03:00,0.0,,United Kingdom\n",
    )
    corrections = [happening for happening in history.happenings if isinstance(happening, StockCorrected)]
    assert [(correction.sku, correction.units, correction.note) for correction in corrections] == [
        ("85123A", -10, "damaged"),
        ("85123A", 4, "found"),
        ("85123A", 5, ""),
    ]
    assert history.home == {"85123A": "LEEDS", "22423": "BRISTOL"}
    assert history.dirt.count("unpaid units nobody ordered, put into stock") == 3
    assert history.dirt.count("corrections of products never sold or supplied, ignored") == 1


def test_units_given_free_are_ordered_all_the_same(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        "538001,85123A,WHITE HEART,1,2010-12-04T10:00:00,0.0,12647,United Kingdom\n"  # a gift to a customer
        "538002,85123A,WHITE HEART,1,2010-12-04T10:01:00,0.0,,United Kingdom\n"  # named as the product is
        "538003,85123A,anything,1,2010-12-04T10:02:00,0.0,,United Kingdom\n"  # beside paid goods
        "538003,22423,CAKE STAND,1,2010-12-04T10:02:00,12.75,,United Kingdom\n",
    )
    assert [orders(history)[ref].lines[0].unit_price for ref in ("538001", "538002", "538003")] == [Decimal(0)] * 3
    assert history.dirt.count("order lines at price 0") == 3


def test_products_that_no_file_describes_are_created_from_their_lines(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        "539001,23999,NEW LAMP,1,2011-09-04T10:00:00,4.95,17850,United Kingdom\n"
        "539002,23999,NEW LAMP,1,2011-09-05T10:00:00,3.95,17850,United Kingdom\n"
        "539003,23999,new lamp!,1,2011-09-06T10:00:00,4.95,17850,United Kingdom\n"
        "539004,85123a,WHITE HEART,1,2011-09-06T10:00:00,4.95,17850,United Kingdom\n",
    )
    assert history.catalogue.products["23999"] == {
        "sku": "23999",
        "supplier": None,
        "cost": None,
        "price": Decimal("4.95"),
        "name": "NEW LAMP",
    }
    assert orders(history)["539004"].lines[0].sku == "85123A"
    assert history.dirt.count("products that no file describes, created") == 1
    assert history.dirt.count("product codes in another case than the product file's") == 1


def test_a_row_without_a_real_date_is_left_out_and_an_odd_country_alone_is_not(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        "540001,85123A,WHITE HEART,1,2011-02-30T10:00:00,2.55,17850,United Kingdom\n"
        "540002,85123A,WHITE HEART,1,12/1/2010 8:26,2.55,17850,United Kingdom\n"
        "540003,85123A,WHITE HEART,1,,2.55,17850,United Kingdom\n"
        "540004,85123A,WHITE HEART,1.5,2011-02-28T10:00:00,2.55,17850,United Kingdom\n"
        "540005,85123A,WHITE HEART,1,2011-02-28T10:00:00,2.55,17850,West Indies\n"
        "540006,85123A,WHITE HEART,1,2011-02-28T10:00:00,2.55,17850,Unspecified\n",
    )
    assert list(orders(history)) == ["536365", "540005", "540006"]
    assert orders(history)["540005"].country is None
    assert history.dirt.count("rows that cannot be read") == 3
    assert history.dirt.count("order rows without a date") == 1
    assert history.dirt.count("cells that cannot be read, left empty") == 1
    (example, *_) = history.dirt.oddities["rows that cannot be read"].examples
    assert example.startswith("transactions.csv.gz:3: placed_at: ")


def test_deliveries_come_when_they_came_and_what_is_missing_never_comes(tmp_path: Path) -> None:
    history = retail(tmp_path)
    (purchase,) = [happening for happening in history.happenings if isinstance(happening, PurchasePlaced)]
    assert (purchase.po, purchase.state, purchase.at) == (
        "PO1",
        "confirmed",
        dt.datetime(2010, 12, 6, 6, tzinfo=dt.UTC),
    )
    assert [(line.sku, line.units, line.due_on) for line in purchase.lines] == [
        ("85123A", 60, dt.date(2010, 12, 13)),
        ("22423", 10, dt.date(2010, 12, 13)),
    ]
    (receipt,) = [happening for happening in history.happenings if isinstance(happening, Received)]
    assert receipt.at == dt.datetime(2010, 12, 15, 7, tzinfo=dt.UTC)
    assert receipt.lines == (ReceiptLine("85123A", 48, 0),)
    assert receipt.is_last
    assert history.dirt.count("deliveries of nothing") == 1


def test_opening_stock_lies_there_on_the_products_first_day_and_not_beyond_the_end(tmp_path: Path) -> None:
    stock = [happening for happening in retail(tmp_path).happenings if isinstance(happening, StockCounted)]
    assert [(count.site, count.sku, count.on_hand, count.at.date()) for count in stock] == [
        ("LEEDS", "85123A", 40, dt.date(2010, 12, 1)),
    ]
    later = "536999,22423,CAKE STAND,1,2011-02-01T09:00:00,12.75,,United Kingdom\n"
    stock = [happening for happening in retail(tmp_path, later).happenings if isinstance(happening, StockCounted)]
    assert [(count.sku, count.at.date()) for count in stock] == [
        ("85123A", dt.date(2010, 12, 1)),
        ("22423", dt.date(2011, 1, 10)),
    ]


def test_odd_purchase_orders_are_put_right_and_counted(tmp_path: Path) -> None:
    history = retail(
        tmp_path,
        **{
            "purchase_orders.csv": (
                "po,supplier,site,sku,quantity,unit_cost,ordered_on,due_on,received_on,received_quantity\n"
                "PO1,S1,LEEDS,85123A,60,1.00,2010-12-06,2010-12-01,2010-12-05,60\n"  # due and there before ordered
                "PO2,S9,YORK,85123A,60,1.00,2010-12-06,2010-12-20,,\n"  # still under way, unknown supplier and site
                "PO2,S1,YORK,22423,60,1.00,2010-12-06,2010-12-20,,\n"  # contradicts PO2
                "PO3,S1,LEEDS,85123A,-4,1.00,2010-12-06,2010-12-20,,\n"
            )
        },
    )
    assert history.dirt.count("purchase orders due before they were ordered") == 1
    assert history.dirt.count("deliveries before their purchase order, received with it") == 1
    assert history.dirt.count("purchase order rows that contradict their order") == 1
    assert history.dirt.count("rows that cannot be read (purchase-orders)") == 1
    assert {"S1", "S2", "S9"} == set(history.catalogue.suppliers)
    assert {"LEEDS", "YORK", "BRISTOL"} == set(history.catalogue.sites)
    (receipt,) = [happening for happening in history.happenings if isinstance(happening, Received)]
    assert receipt.at == dt.datetime(2010, 12, 6, 6, tzinfo=dt.UTC)


def test_a_directory_of_import_files_needs_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("ref,sku,quantity,placed_at,ship\nO1,LAMP,2,2026-03-02 09:00,complete\n")
    (tmp_path / "cancellations.csv").write_text("ref,sku,quantity,cancelled_at\nO1,LAMP,1,2026-03-03\nO1,,,\n")
    history = read_history(*find_mapping(tmp_path))
    assert orders(history)["O1"].lines[0].ship == "complete"
    (cancelled,) = [happening for happening in history.happenings if isinstance(happening, Cancelled)]
    assert (cancelled.ref, cancelled.lines) == ("O1", (("LAMP", 1),))
    assert history.dirt.count("cancellations without a date, ignored") == 1


def test_an_own_mapping_goes_before_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "replay.yaml").write_text(
        "replay: 1\n"
        "settings: {timezone: America/New_York}\n"
        "files:\n"
        "  orders:\n"
        "    file: sales.csv\n"
        "    at: '12:00'\n"
        "    columns: {ref: no, sku: item, quantity: pieces, placed_at: day}\n"
        "    constants: {channel: shop}\n"
        "rows:\n"
        "  - {name: trials, when: {ref: {like: ['TEST*']}}, is: ignored}\n"
        "  - {name: sales, is: order}\n"
        "treatment: {repeats: drop_exact}\n"
    )
    (tmp_path / "sales.csv").write_text(
        "no,item,pieces,day\n1,LAMP,2,2026-07-01\n1,LAMP,2,2026-07-01\n1,LAMP,3,2026-07-01\nTEST1,LAMP,9,2026-07-01\n"
    )
    history = read_history(*find_mapping(tmp_path))
    (order,) = orders(history).values()
    assert order.at == dt.datetime(2026, 7, 1, 16, tzinfo=dt.UTC)
    assert (order.channel, order.lines[0].units) == ("shop", 5)
    assert history.dirt.count("trials") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: the file is empty; it begins with `replay: 1`"),
        ("replay: 2\nfiles: {orders: {file: a.csv}}\n", ":1: replay: this version reads mappings of format 1"),
        ("replay: 1\nfile: {}\nfiles: {orders: {file: a.csv}}\n", ":2: file: unknown key (nearest valid name: files)"),
        ("replay: 1\nfiles:\n  ordres: {file: a.csv}\n", ":3: files.ordres: unknown key"),
        ("replay: 1\nfiles:\n  orders: {file: ../a.csv}\n", "must be the name of a file in the directory itself"),
        ("replay: 1\nfiles:\n  orders: {file: a.csv, at: 25}\n", "must be a time of day"),
        ("replay: 1\nfiles: {orders: {file: a.csv, columns: {skew: b}}}\n", "files.orders.columns.skew: unknown key"),
        ("replay: 1\nfiles: {orders: {file: a.csv}}\nrows: [{name: a, is: sale}]\n", "'sale' is none of order"),
        ("replay: 1\nfiles: {orders: {file: a.csv}}\nrows: [{name: a, is: order, when: {sku: {}}}]\n", "asks nothing"),
        ("replay: 1\nfiles: {orders: {file: a.csv}}\ntreatment: {repeats: drop}\n", "is none of add, drop_exact"),
        ("replay: 1\nfiles: {stock: {file: a.csv}}\n", "names no file of orders"),
        ("replay: 1\nfiles: {orders: {file: b.csv}}\n", "there is no b.csv for orders"),
        (
            "replay: 1\nfiles: {orders: {file: a.csv, columns: {ref: number}}}\n",
            "a.csv has no column number for orders",
        ),
        ("replay: 1\nfiles: {orders: {file: a.csv}}\n", "a.csv has no column quantity for orders"),
    ],
)
def test_a_mapping_with_a_fault_is_refused_where_the_fault_is(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "replay.yaml").write_text(text)
    (tmp_path / "a.csv").write_text("ref,sku\n")
    with pytest.raises(Malformed) as error:
        find_mapping(tmp_path)
    assert says in str(error.value)
    assert str(tmp_path / "replay.yaml") in str(error.value)


def test_a_directory_that_no_mapping_fits_is_told_why(tmp_path: Path) -> None:
    for name, text in BASE.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(Malformed, match=r"there is no transactions\.csv"):
        find_mapping(tmp_path)
    with pytest.raises(Malformed, match="is no directory"):
        find_mapping(tmp_path / "nowhere")


def test_a_history_without_a_single_order_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("ref,sku,quantity,placed_at\n")
    with pytest.raises(Malformed, match="holds no order"):
        read_history(*find_mapping(tmp_path))


def test_the_shipped_mappings_are_whole() -> None:
    assert [mapping.settings.timezone for mapping in shipped_mappings()] == ["Europe/London", "UTC"]

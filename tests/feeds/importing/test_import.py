"""Files into the company: all or nothing, twice is once, and every refused row says why."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from tests.feeds.importing.company import FILES, open_shop, take

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.place_order import place_order
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.feeds.export import export
from raincheck.feeds.kinds import KINDS
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

ORDERS = (
    "ref,sku,quantity,placed_at,customer,country,unit_price,channel,ship\n"
    "O1,LAMP,3,2026-03-02 09:00,ann,,,web,\n"
    "O1,VASE,1,2026-03-02 09:00,ann,,,web,\n"
    "O2,LAMP,4,2026-03-02 08:00,bob,DE,35.00,,complete\n"
    "O3,LAMP,1,2026-03-02 10:00,,GB,,,\n"
)
PURCHASES = (
    "po,supplier,site,sku,quantity,unit_cost,ordered_on,due_on,state\n"
    "P1,S1,EAST,LAMP,10,18.00,2026-03-01,2199-01-01,confirmed\n"
    "P1,S1,EAST,VASE,6,,2026-03-01,2199-01-01,confirmed\n"
)


def line(ref: str, sku: str) -> dict[str, int]:
    found = one(
        """SELECT l.ordered, l.reserved, l.backordered, l.shipped, l.cancelled, l.refused FROM order_line l
           JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           WHERE o.ref = %s AND p.sku = %s""",
        [ref, sku],
    )
    return dict(zip(("ordered", "reserved", "backordered", "shipped", "cancelled", "refused"), found, strict=True))


def on_hand(site: str, sku: str) -> int:
    found = rows(
        """SELECT l.on_hand FROM stock_level l JOIN site s ON s.id = l.site_id JOIN product p ON p.id = l.product_id
           WHERE s.code = %s AND p.sku = %s""",
        [site, sku],
    )
    return int(found[0][0]) if found else 0


def state() -> dict[str, int]:
    """How many rows there are of everything that an import could add to."""
    tables = ("product", "sales_order", "order_line", "claim", "peg", "stock_entry", "notice", "inbound", "payment")
    return {table: one(f"SELECT count(*) FROM {table}")[0] for table in tables}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    open_shop(tmp_path)
    return tmp_path


def test_every_kind_imported_twice_changes_nothing(shop: Path) -> None:
    texts = {
        **FILES,
        "orders": ORDERS,
        "purchase-orders": PURCHASES,
        "cancellations": "ref,sku,quantity,cancelled_at\nO1,VASE,1,2026-03-03\nO3,,,2026-03-04\n",
        "receipts": "po,site,sku,quantity,received_at,damaged\nP1,EAST,LAMP,4,2026-03-05 08:00,1\n,WEST,VASE,2,,\n",
    }
    # Goods that have shipped cannot be cancelled: keep them here.
    del texts["stock"]
    take(shop, "stock", "site,sku,on_hand\nEAST,LAMP,0\nWEST,VASE,0\n")
    for kind in ("orders", "purchase-orders", "cancellations", "receipts"):
        report = take(shop, kind, texts[kind])
        assert (report.imported, report.unchanged, list(report.errors())) == (report.rows, 0, [])
    before = state()
    for kind, text in texts.items():
        report = take(shop, kind, text)
        assert (report.imported, report.unchanged, list(report.errors())) == (0, report.rows, []), kind
    assert state() == before
    assert not audit()


def test_an_export_imports_unchanged_whatever_happened_since(shop: Path) -> None:
    take(shop, "orders", ORDERS)
    take(shop, "purchase-orders", PURCHASES)
    take(shop, "receipts", "po,site,sku,quantity,damaged\nP1,EAST,VASE,2,1\n")
    place_order(OrderRequest("API1", (AskedLine("LAMP", 7), AskedLine("VASE", 9)), "ann", "web"))
    change_order("API1", {"LAMP": 9})
    cancel_order("API1", {"LAMP": 2})
    cancel_order("O3")
    receive(Receipt({"LAMP": 3}, {"LAMP": 1}, "purchase", "P1"))
    receive(Receipt({"VASE": 1}, {}, site="WEST"))
    before = state()
    for name, kind in KINDS.items():
        out = io.StringIO()
        written = export(kind, out)
        assert out.getvalue().splitlines()[0] == ",".join(column.name for column in kind.columns)
        report = take(shop, name, out.getvalue())
        assert (report.rows, report.imported, report.unchanged) == (written, 0, written), (name, list(report.errors()))
    assert state() == before
    assert not audit()


def test_who_placed_first_is_served_first_whatever_the_order_of_the_file(shop: Path) -> None:
    report = take(shop, "orders", ORDERS)
    assert (report.imported, report.exit_status) == (4, 0)
    # Five lamps: bob's four of 08:00 ship, ann's one of three, and the guest waits.
    assert line("O2", "LAMP")["shipped"] == 4
    assert (line("O1", "LAMP")["shipped"], line("O1", "LAMP")["backordered"]) == (1, 2)
    assert line("O3", "LAMP")["backordered"] == 1
    assert line("O1", "VASE")["shipped"] == 1
    events = dict(rows("SELECT event, count(*) FROM notice GROUP BY event"))
    assert events["order_confirmed"] == 3
    assert events["backordered"] == 2
    assert not audit()


def test_one_bad_row_keeps_the_whole_file_out_and_keep_going_takes_the_whole_orders(shop: Path) -> None:
    text = ORDERS + "O4,LAMP,1,,ann,,,,\nO4,LMAP,1,,ann,,,,\nO5,LAMP,0,,,,,,\nO5,VASE,1,,,,,,\n"
    before = state()
    report = take(shop, "orders", text)
    assert state() == before
    assert (report.imported, report.written, report.exit_status) == (0, False, 1)
    assert [(row.line, row.field, row.value, row.nearest) for row in report.refused] == [
        (6, "ref", "O4", None),
        (7, "sku", "LMAP", "LAMP"),
        (8, "quantity", "0", None),
        (9, "ref", "O5", None),
    ]
    assert report.refused[0].reason == "line 7 of the same order is refused"
    assert report.refused[3].reason == "line 8 of the same order is refused"
    report = take(shop, "orders", text, keep_going=True)
    assert (report.imported, report.written, report.exit_status, len(report.refused)) == (4, True, 1, 4)
    assert not rows("SELECT 1 FROM sales_order WHERE ref IN ('O4', 'O5')")


def test_a_dry_run_says_what_would_be_and_writes_nothing(shop: Path) -> None:
    before = state()
    report = take(shop, "orders", ORDERS, dry_run=True)
    assert (report.imported, report.written, report.exit_status) == (4, False, 0)
    assert "4 would be imported" in report.summary()
    assert state() == before


def test_an_order_with_other_content_is_refused_and_what_differs_is_told(shop: Path) -> None:
    take(shop, "orders", ORDERS)
    for changed, says in [
        ("O3,LAMP,2,,,GB,,,\n", "it has 1 of LAMP"),
        ("O3,VASE,1,,,GB,,,\n", "it has no VASE"),
        ("O3,LAMP,1,,ann,GB,,,\n", "its customer is not given"),
        ("O2,LAMP,4,,bob,DE,36.00,,complete\n", "its price of LAMP is 35.00"),
        ("O2,LAMP,4,,bob,DE,35.00,,available\n", "LAMP ships complete"),
    ]:
        report = take(shop, "orders", ORDERS.splitlines()[0] + "\n" + changed)
        assert [row.reason for row in report.refused] == [f"the order is there with other content: {says}"]
    # A file that says less says nothing else.
    assert take(shop, "orders", "ref,sku,quantity\nO2,LAMP,4\nO3,LAMP,1\n").unchanged == 2


def test_rows_of_one_order_agree_on_what_is_the_orders(shop: Path) -> None:
    report = take(shop, "orders", "ref,sku,quantity,customer,ship\nO1,LAMP,1,ann,complete\nO1,VASE,1,bob,complete\n")
    assert [(row.line, row.field, row.reason) for row in report.refused] == [
        (2, "ref", "line 3 of the same order is refused"),
        (3, "customer", "differs from line 2: an order has one customer"),
    ]


def test_lines_of_one_order_with_one_product_add_up_at_their_average_price(shop: Path) -> None:
    take(shop, "orders", "ref,sku,quantity,unit_price\nO1,LAMP,1,40\nO1,LAMP,1,40\nO1,LAMP,2,25\n")
    assert line("O1", "LAMP")["ordered"] == 4
    assert one("SELECT unit_price FROM order_line")[0] == pytest.approx(32.5)


def test_what_may_not_wait_is_refused_by_the_rules_not_by_the_file(shop: Path) -> None:
    take(shop, "stock", "site,sku,on_hand\nEAST,SOFA,1\n")
    report = take(shop, "orders", "ref,sku,quantity\nO1,SOFA,3\nO2,SOFA,1\n")
    assert (report.imported, report.refused) == (2, [])
    assert (line("O1", "SOFA")["shipped"], line("O1", "SOFA")["refused"]) == (1, 2)
    assert one("SELECT state FROM sales_order WHERE ref = 'O2'")[0] == "refused"
    assert not audit()


def test_kits_are_ordered_like_products_and_ship_whole(shop: Path) -> None:
    report = take(shop, "orders", "ref,sku,quantity\nO1,PAIR,2\nO2,LAMP,2\nO3,PAIR,1\n")
    assert (report.imported, report.refused) == (3, [])
    assert (line("O1", "PAIR")["shipped"], line("O2", "LAMP")["shipped"]) == (2, 1)
    assert line("O3", "PAIR")["backordered"] == 1
    assert on_hand("EAST", "LAMP") == 0
    assert not audit()
    assert take(shop, "orders", "ref,sku,quantity\nO1,PAIR,2\nO2,LAMP,2\nO3,PAIR,1\n").unchanged == 3


def test_a_kit_has_no_stock_of_its_own(shop: Path) -> None:
    why = "is a kit and has no stock of its own: name its parts (LAMP)"
    for kind, text in [
        ("stock", "site,sku,on_hand\nEAST,PAIR,1\n"),
        ("purchase-orders", "po,supplier,site,sku,quantity\nP1,S1,EAST,PAIR,1\n"),
        ("receipts", "site,sku,quantity\nEAST,PAIR,1\n"),
    ]:
        assert [(row.field, row.reason) for row in take(shop, kind, text).refused] == [("sku", why)], kind


def test_a_kit_is_not_made_of_kits(shop: Path) -> None:
    report = take(shop, "products", "sku,kit\nFOUR,PAIR:2\n")
    assert [(row.field, row.reason) for row in report.refused] == [("kit", "PAIR is a kit itself: name its parts")]
    report = take(shop, "products", "sku,kit\nPAIR,\nFOUR,PAIR:2\n")
    assert not report.refused


def test_an_order_in_one_parcel_at_most_waits_for_all_of_it(shop: Path) -> None:
    take(shop, "orders", "ref,sku,quantity,ship\nO1,LAMP,1,up_to:1\nO1,VASE,9,up_to:1\n")
    assert line("O1", "LAMP")["reserved"] == 1
    reasons = rows("SELECT p.sku, l.reason FROM order_line l JOIN product p ON p.id = l.product_id")
    assert dict(reasons) == {"LAMP": "waits_for_shipment", "VASE": "no_date"}
    assert not audit()


def test_a_ship_complete_order_waits_whole(shop: Path) -> None:
    take(shop, "orders", "ref,sku,quantity,ship\nO1,LAMP,2,complete\nO1,VASE,9,complete\n")
    assert (line("O1", "LAMP")["shipped"], line("O1", "VASE")["shipped"]) == (0, 0)
    assert not audit()


def test_one_order_leaves_in_one_parcel_a_site(shop: Path) -> None:
    take(shop, "stock", "site,sku,on_hand\nEAST,VASE,3\n")
    take(shop, "orders", "ref,sku,quantity\nO1,LAMP,2\nO1,VASE,2\n")
    assert one("SELECT count(*), count(DISTINCT site_id) FROM shipment") == (1, 1)
    assert not audit()


def test_an_order_of_tomorrow_is_a_slip_of_the_pen(shop: Path) -> None:
    report = take(shop, "orders", "ref,sku,quantity,placed_at\nO1,LAMP,1,2190-01-01\n")
    assert [(row.field, row.reason) for row in report.refused] == [("placed_at", "lies in the future")]


def test_columns_that_a_product_file_lacks_are_left_alone_and_empty_cells_empty_them(shop: Path) -> None:
    take(shop, "products", "sku,price\nLAMP,41.00\n")
    assert one("SELECT name, price FROM product WHERE sku = 'LAMP'") == ("Lamp", 41)
    report = take(shop, "products", "sku,price,category\nLAMP,41.00,\nVASE,12.50,glass\n")
    assert (report.imported, report.unchanged) == (1, 1)
    assert one("SELECT category FROM product WHERE sku = 'LAMP'") == ("",)


def test_references_to_nothing_name_the_nearest(shop: Path) -> None:
    for kind, text, field, nearest in [
        ("products", "sku,supplier\nLAMP,s1\n", "supplier", "S1"),
        ("products", "sku,kit\nTRIO,LAMPS:3\n", "kit", "LAMP"),
        ("stock", "site,sku,on_hand\nEST,LAMP,1\n", "site", "EAST"),
        ("orders", "ref,sku,quantity,customer\nO1,LAMP,1,anne\n", "customer", "ann"),
        ("cancellations", "ref\nO99\n", "ref", None),
        ("purchase-orders", "po,supplier,site,sku,quantity\nP1,S1,EAST,LAMB,1\n", "sku", "LAMP"),
        ("receipts", "po,site,sku,quantity\nP77,EAST,LAMP,1\n", "po", None),
    ]:
        report = take(shop, kind, text)
        assert [(row.field, row.nearest) for row in report.refused] == [(field, nearest)], kind
        assert "there is no" in report.refused[0].reason


def test_a_record_twice_in_one_file_is_refused_unless_it_says_the_same(shop: Path) -> None:
    report = take(shop, "products", "sku,name\nNEW,A\nNEW,B\nOLD,A\nOLD,A\n", keep_going=True)
    assert [(row.line, row.reason) for row in report.refused] == [(3, "is on line 2 already, with other content")]
    assert (report.imported, report.unchanged) == (2, 1)


def test_stock_is_what_was_counted_and_serves_the_queue(shop: Path) -> None:
    take(shop, "orders", "ref,sku,quantity\nO1,LAMP,9\n")
    assert line("O1", "LAMP")["backordered"] == 4
    report = take(shop, "stock", "site,sku,on_hand\nEAST,LAMP,3\nWEST,VASE,3\n")
    assert (report.imported, report.unchanged) == (1, 1)
    assert line("O1", "LAMP")["shipped"] == 8
    assert on_hand("EAST", "LAMP") == 0
    assert not audit()


def test_a_purchase_order_is_confirmed_and_moved_by_a_newer_file(shop: Path) -> None:
    head = "po,supplier,site,sku,quantity,due_on,state\n"
    take(shop, "purchase-orders", head + "P1,S1,EAST,LAMP,10,2199-01-01,sent\n")
    assert one("SELECT state FROM inbound WHERE ref = 'P1'")[0] == "sent"
    assert take(shop, "purchase-orders", head + "P1,S1,EAST,LAMP,10,2199-01-01,confirmed\n").imported == 1
    assert take(shop, "purchase-orders", head + "P1,S1,EAST,LAMP,10,2199-02-01,confirmed\n").imported == 1
    assert str(one("SELECT due_on FROM inbound_line")[0]) == "2199-02-01"
    report = take(shop, "purchase-orders", head + "P1,S1,EAST,LAMP,11,2199-02-01,confirmed\n")
    assert [row.field for row in report.refused] == ["po"]


def test_cancelling_more_than_is_open_is_refused_and_undoes_the_others(shop: Path) -> None:
    take(shop, "orders", "ref,sku,quantity\nO1,LAMP,9\nO2,VASE,9\n")
    report = take(shop, "cancellations", "ref,sku,quantity\nO2,VASE,2\nO1,LAMP,5\n")
    assert [row.line for row in report.refused] == [3]
    assert "only 4 of 5 units are open" in report.refused[0].reason
    assert line("O2", "VASE")["cancelled"] == 0
    report = take(shop, "cancellations", "ref,sku,quantity\nO2,VASE,2\nO1,LAMP,5\n", keep_going=True)
    assert (report.imported, line("O2", "VASE")["cancelled"]) == (1, 2)


def test_equal_deliveries_on_two_days_are_two_and_the_same_file_twice_is_one(shop: Path) -> None:
    undated = "site,sku,quantity\nEAST,LAMP,2\n"
    take(shop, "receipts", undated)
    take(shop, "receipts", undated)
    assert on_hand("EAST", "LAMP") == 7
    take(shop, "receipts", undated + "EAST,VASE,1\n")
    assert on_hand("EAST", "LAMP") == 9
    dated = "site,sku,quantity,received_at\nEAST,LAMP,2,2026-03-05\n"
    take(shop, "receipts", dated)
    take(shop, "receipts", dated + "EAST,LAMP,2,2026-03-06\n")
    assert on_hand("EAST", "LAMP") == 13


def test_many_orders_in_one_file_get_what_they_would_get_one_by_one(shop: Path) -> None:
    take(shop, "purchase-orders", PURCHASES)
    wanted = [(f"O{number:02}", 1 + number % 3) for number in range(12)]
    figures = """SELECT o.ref, p.sku, l.ordered, l.shipped, l.reserved, l.backordered, l.reason, l.promise_on,
                        l.first_promise_on, l.expected_on, o.state
                 FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
                 ORDER BY o.ref, p.sku"""
    pegs = "SELECT kind, sum(units) FROM peg GROUP BY kind ORDER BY kind"
    notices = "SELECT event, count(*) FROM notice GROUP BY event ORDER BY event"
    with transaction.atomic():
        for ref, units in wanted:
            place_order(OrderRequest(ref, (AskedLine("LAMP", units), AskedLine("VASE", units))))
        one_by_one = rows(figures), rows(pegs), rows(notices)
        transaction.set_rollback(True)
    text = "ref,sku,quantity,placed_at\n" + "".join(
        f"{ref},{sku},{units},2026-03-02 09:{minute:02}\n"
        for minute, (ref, units) in enumerate(wanted)
        for sku in ("LAMP", "VASE")
    )
    take(shop, "orders", text)
    assert (rows(figures), rows(pegs), rows(notices)) == one_by_one
    assert not audit()

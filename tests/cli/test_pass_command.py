"""`raincheck pass`: what was changed by hand is served, and a book in order is left as it is."""

from decimal import Decimal

from click.testing import CliRunner

from raincheck.actions import catalogue
from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.cli.pass_ import command
from raincheck.core.settings import Settings
from raincheck.store.db import one, rows, run
from raincheck.store.records import ProductRecord, SiteRecord


def test_stock_that_came_by_hand_goes_to_who_waits(db: None) -> None:
    catalogue.save_settings(Settings(warehouse="manual"))
    catalogue.save_sites([SiteRecord("east")])
    catalogue.save_products([ProductRecord("lamp", price=Decimal(40))])
    catalogue.set_stock("east", {"lamp": 1})
    for ref in ("ann", "bob"):
        place_order(OrderRequest(ref, (AskedLine("lamp", 1),)))
    run("UPDATE stock_level SET on_hand = 2")

    done = CliRunner().invoke(command, catch_exceptions=False, standalone_mode=False)

    assert done.output == "1 products passed.\n"
    assert one("SELECT sum(reserved), sum(backordered) FROM order_line") == (2, 0)
    before = rows("SELECT * FROM peg ORDER BY id")
    CliRunner().invoke(command, catch_exceptions=False, standalone_mode=False)
    assert rows("SELECT * FROM peg ORDER BY id") == before

"""A directory laid out as the Online Retail data is."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from raincheck.feeds.replay.find import find_mapping
from raincheck.feeds.replay.history import History, read_history

if TYPE_CHECKING:
    from pathlib import Path

TRANSACTIONS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
BASE = {
    "suppliers.csv": "supplier,name,country,lead_time_days,email\nS1,One,GB,7,a@s1.example\n",
    "products.csv": (
        "sku,name,price,supplier,cost,moq,pack,alternative_supplier,alternative_cost,available_from\n"
        "85123A,WHITE HEART,2.55,S1,1.00,6,6,S2,1.10,2010-12-01\n"
        "22423,CAKE STAND,12.75,S1,6.00,1,1,S2,6.10,2011-01-10\n"
    ),
    "opening_stock.csv": "site,sku,on_hand\nLEEDS,85123A,40\nBRISTOL,22423,5\n",
    "purchase_orders.csv": (
        "po,supplier,site,sku,quantity,unit_cost,ordered_on,due_on,received_on,received_quantity\n"
        "PO1,S1,LEEDS,85123A,60,1.00,2010-12-06,2010-12-13,2010-12-15,48\n"
        "PO1,S1,LEEDS,22423,10,6.00,2010-12-06,2010-12-13,2010-12-15,0\n"
    ),
}
ORDER = "536365,85123A,WHITE HEART,6,2010-12-01T08:26:00,2.55,17850,United Kingdom\n"


def write_retail(directory: Path, transactions: str = "", **others: str) -> None:
    """The files, with a first order and these further transactions."""
    for name, text in {**BASE, **others}.items():
        (directory / name).write_text(text)
    with gzip.open(directory / "transactions.csv.gz", "wt") as out:
        out.write(TRANSACTIONS + ORDER + transactions)


def retail(directory: Path, transactions: str = "", **others: str) -> History:
    """Its history."""
    write_retail(directory, transactions, **others)
    return read_history(*find_mapping(directory))

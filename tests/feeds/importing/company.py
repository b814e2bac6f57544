"""A small company made by imports, as a user would make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.feeds.importing.run import import_file
from raincheck.feeds.kinds import kind_named
from raincheck.feeds.mapping import parse_map

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.feeds.report import Report

FILES = {
    "suppliers": (
        "supplier,name,country,email,lead_time_days,min_order_value\n"
        "S1,Acme,GB,buy@acme.example,14,100\n"
        "S2,Other,FR,,30,\n"
    ),
    "sites": (
        "site,name,country,postcode,timezone,cutoff,working_days\n"
        "EAST,East,GB,N1,Europe/London,,mon tue wed thu fri sat sun\n"
        "WEST,,GB,BS1,,,\n"
    ),
    "products": (
        "sku,name,price,currency,supplier,cost,moq,pack,available_from,category,criticality,backorder,kit\n"
        "LAMP,Lamp,40.00,GBP,S1,18.00,10,5,,lights,A,allow,\n"
        "VASE,Vase,12.50,GBP,,,,,,glass,,allow,\n"
        "SOFA,Sofa,900.00,GBP,S2,,,,,,,deny,\n"
        "PAIR,Two lamps,75.00,GBP,,,,,,,,allow,LAMP:2\n"
    ),
    "customers": "customer,name,email,tier,country,postcode\nann,Ann,ann@example.com,gold,GB,N1\nbob,Bob,,,DE,10115\n",
    "stock": "site,sku,on_hand\nEAST,LAMP,5\nWEST,VASE,3\n",
}


def take(directory: Path, kind: str, text: str, maps: str = "", **how: Any) -> Report:
    """Imports a text as a file of a kind."""
    path = directory / f"{kind}.csv"
    path.write_text(text)
    wanted = kind_named(kind)
    return import_file(path, wanted, parse_map(maps, wanted) if maps else {}, **how)


def open_shop(directory: Path) -> None:
    """Imports every file of the small company."""
    for kind, text in FILES.items():
        report = take(directory, kind, text)
        assert not report.refused, list(report.errors())
        assert report.imported == report.rows

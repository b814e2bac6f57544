"""The company that benchmarks work on: a throw-away database with products, customers and stock, filled by set."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from raincheck.config.databases import default_database, throwaway_database
from raincheck.core.settings import Settings
from raincheck.store.company import write_settings
from raincheck.store.db import raw

FIRST_PRODUCT = 500_001
"""Ids of products, customers and stock levels are the numbers in their codes: nothing else has numbers like them."""
PRODUCTS = 10_000
FIRST_CUSTOMER = 700_001
CUSTOMERS = 1_000
PLENTY = 1_000_000


@contextmanager
def company(*, on_hand: int = PLENTY, settings: Settings | None = None) -> Iterator[str]:
    """The name of the database, to which Django's default connection of this process goes.

    The warehouse is manual unless the settings say otherwise, so that orders reserve and nothing leaves by itself.
    """
    with throwaway_database() as name, default_database(name):
        write_settings(settings or Settings(warehouse="manual"), "Bench")
        run(
            """INSERT INTO site (code, name, country, postcode, timezone, working_days)
               VALUES ('main', '', 'US', '', '', '')"""
        )
        run("INSERT INTO supplier (code, name, country, email, lead_time_days) VALUES ('acme', 'Acme', '', '', 14)")
        run(
            f"""INSERT INTO product (id, sku, name, price, currency, supplier_id, category, style, size, colour, gtin,
                                     backorder, criticality)
                SELECT n, 'P' || n, 'Product ' || n, (n % 500) / 4.0, 'USD', 1, '', '', '', '', '', '', 'B'
                FROM generate_series({FIRST_PRODUCT}, {FIRST_PRODUCT + PRODUCTS - 1}) n"""
        )
        run(
            f"""INSERT INTO customer (id, code, name, email, phone, tier, country, postcode)
                SELECT n, 'C' || n, 'Customer ' || n, 'c' || n || '@example.com', '', '', 'US', '10001'
                FROM generate_series({FIRST_CUSTOMER}, {FIRST_CUSTOMER + CUSTOMERS - 1}) n"""
        )
        run(
            f"""INSERT INTO stock_level (id, site_id, product_id, on_hand, reserved, unsellable)
                SELECT id, 1, id, {on_hand}, 0, 0 FROM product"""
        )
        run(
            """INSERT INTO stock_entry (at, stock_level_id, on_hand_units, unsellable_units, kind, reference)
               SELECT now(), id, on_hand, 0, 'opening', '' FROM stock_level WHERE on_hand > 0"""
        )
        settle()
        yield name


def run(statement: str) -> None:
    """Runs a statement of the benchmark's own."""
    raw().execute(statement.encode())


def count(query: str) -> int:
    """The number that a query gives."""
    found = raw().execute(query.encode()).fetchone()
    return int(found[0]) if found else 0


def settle() -> None:
    """Statistics as they are on a database that has been in use, and nothing left to write from before."""
    run("VACUUM ANALYZE")
    run("CHECKPOINT")


def server_address() -> dict[str, str]:
    """How other programs reach this database: the environment that libpq reads."""
    info = raw().info
    names = {"PGHOST": info.host, "PGPORT": str(info.port), "PGUSER": info.user, "PGPASSWORD": info.password}
    return {
        **{name: value for name, value in names.items() if value},
        "PGDATABASE": str(connection.settings_dict["NAME"]),
    }

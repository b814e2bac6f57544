"""Sellers of record on a marketplace: who sold a line, under which law, and in whose working days money is due back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import orjson

from raincheck.core.calendar import WEEKDAYS, Calendar
from raincheck.core.errors import NotFound
from raincheck.core.settings import Settings
from raincheck.store.db import columns, one, row, rows, run


@dataclass(frozen=True, slots=True)
class SellerRecord:
    """A seller as it is kept. What is empty is the company's: zone, working days, law."""

    code: str
    name: str = ""
    address: str = ""
    timezone: str = ""
    working_days: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()
    law: str = ""


@dataclass(frozen=True, slots=True)
class SellerTerms:
    """What the law asks of a seller: its law and its calendar."""

    id: int
    name: str
    law: str
    calendar: Calendar


def sellers_of(settings: Settings, lines: Iterable[int]) -> dict[int, SellerTerms]:
    """Who sold lines, as of placing; a line that is missing here was sold by the company itself."""
    found = rows(
        """SELECT ls.line_id, s.id, s.code, s.name, s.timezone, s.working_days::text, s.holidays::text, s.law
           FROM line_seller ls JOIN seller s ON s.id = ls.seller_id WHERE ls.line_id = ANY(%s)""",
        [list(lines)],
    )
    return {
        line: SellerTerms(id_, name or code, law or settings.law, _calendar(settings, zone, working_days, holidays))
        for line, id_, code, name, zone, working_days, holidays, law in found
    }


def _calendar(settings: Settings, zone: str, working_days: str, holidays: str) -> Calendar:
    own = settings.calendar
    days = orjson.loads(working_days)
    return Calendar(
        ZoneInfo(zone) if zone else own.zone,
        frozenset(WEEKDAYS.index(day) for day in days) if days else own.working_days,
        frozenset(date.fromisoformat(day) for day in orjson.loads(holidays)) if days else own.holidays,
    )


def note_sellers(order: int, asked: Mapping[str, str]) -> None:
    """Puts on record who sells the lines of an order, as it names them: sellers' codes by SKU. Raises NotFound."""
    known = {code: id_ for id_, code in rows("SELECT id, code FROM seller WHERE code = ANY(%s)", [[*asked.values()]])}
    for code in asked.values():
        if code not in known:
            raise NotFound(f"seller {code!r} does not exist", "seller", code)
    if asked:
        skus, sellers = columns([(sku, known[code]) for sku, code in asked.items()], 2)
        run(
            """INSERT INTO line_seller (line_id, seller_id)
               SELECT l.id, v.seller FROM unnest(%s::text[], %s::bigint[]) AS v (sku, seller)
               JOIN product p ON p.sku = v.sku JOIN order_line l ON l.product_id = p.id AND l.order_id = %s
               ON CONFLICT (line_id) DO NOTHING""",
            [skus, sellers, order],
        )


def settle_sellers(lines: Sequence[int]) -> None:
    """Lines that name no seller are sold by their product's, from placing on."""
    run(
        """INSERT INTO line_seller (line_id, seller_id)
           SELECT l.id, ps.seller_id FROM order_line l JOIN product_seller ps ON ps.product_id = l.product_id
           WHERE l.id = ANY(%s) ON CONFLICT (line_id) DO NOTHING""",
        [list(lines)],
    )


def write_seller(record: SellerRecord) -> int:
    """Inserts or changes a seller; its id."""
    found = one(
        """INSERT INTO seller (code, name, address, timezone, working_days, holidays, law)
           VALUES (%s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, address = excluded.address,
               timezone = excluded.timezone, working_days = excluded.working_days, holidays = excluded.holidays,
               law = excluded.law RETURNING id""",
        [record.code, record.name, record.address, record.timezone, orjson.dumps(record.working_days).decode(),
         orjson.dumps([day.isoformat() for day in record.holidays]).decode(), record.law],
    )  # fmt: skip
    return int(found[0])


def write_product_seller(product: int, code: str) -> None:
    """Says who sells a product from now on; an empty code: the company itself. Raises NotFound."""
    if not code:
        run("DELETE FROM product_seller WHERE product_id = %s", [product])
        return
    found = row("SELECT id FROM seller WHERE code = %s", [code])
    if found is None:
        raise NotFound(f"seller {code!r} does not exist", "seller", code)
    run(
        """INSERT INTO product_seller (product_id, seller_id) VALUES (%s, %s)
           ON CONFLICT (product_id) DO UPDATE SET seller_id = excluded.seller_id""",
        [product, found[0]],
    )

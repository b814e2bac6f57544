"""What the shop was last told of each product, and which products to look at next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from raincheck.store.db import columns, row, rows


@dataclass(frozen=True, slots=True)
class Said:
    """A product's availability as a shop knows it. `version` counts what was said; 0: nothing yet."""

    product: int
    status: str
    next_on: date | None
    may_sell: bool
    version: int = 0
    said_at: datetime | None = None


def is_anybody_listening(event: str) -> bool:
    """Whether an endpoint wants an event."""
    found = row(
        """SELECT 1 FROM webhook_endpoint e WHERE e.is_active AND (e.events @> '"*"' OR e.events @> to_jsonb(%s::text))
           LIMIT 1""",
        [event],
    )
    return found is not None


def lock_said(products: Sequence[int]) -> dict[int, Said]:
    """What was said of products, under lock, by product."""
    found = rows(
        """SELECT product_id, status, next_on, may_sell, version, said_at FROM product_said
           WHERE product_id = ANY(%s) ORDER BY product_id FOR NO KEY UPDATE""",
        [list(products)],
    )
    return {values[0]: Said(*values) for values in found}


def keep_said(said: Sequence[Said], at: datetime) -> dict[int, int]:
    """Keeps what is said now; the new version of each product. One that somebody else noted meanwhile is left out."""
    found = rows(
        """INSERT INTO product_said AS t (product_id, status, next_on, may_sell, version, said_at)
           SELECT v.product, v.status, v.next_on, v.may_sell, 1, %s
           FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bool[], %s::bigint[])
                AS v (product, status, next_on, may_sell, version)
           ON CONFLICT (product_id) DO UPDATE SET status = excluded.status, next_on = excluded.next_on,
               may_sell = excluded.may_sell, version = t.version + 1, said_at = excluded.said_at
           WHERE t.version = ANY(%s)
           RETURNING product_id, version""",
        [at, *columns([(s.product, s.status, s.next_on, s.may_sell, s.version) for s in said], 5),
         [s.version for s in said]],
    )  # fmt: skip
    return dict(found)


def products_named(products: Sequence[int]) -> dict[str, int]:
    """Products by SKU, those that are gone left out, and the kits of which they are parts."""
    found = rows(
        """SELECT sku, id FROM product WHERE id = ANY(%s)
           UNION SELECT p.sku, p.id FROM kit_part k JOIN product p ON p.id = k.kit_id WHERE k.part_id = ANY(%s)
           ORDER BY 2""",
        [list(products), list(products)],
    )
    return dict(found)


def next_products(after: int, most: int) -> list[int]:
    """The next products by id."""
    return [id_ for (id_,) in rows("SELECT id FROM product WHERE id > %s ORDER BY id LIMIT %s", [after, most])]

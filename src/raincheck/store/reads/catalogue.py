"""Lists of products, a page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from raincheck.store.reads.named import named_rows

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the list. `waiting` units are backordered or preordered; `inbound` ones confirmed and to come."""

    sku: str
    name: str
    category: str
    supplier: str
    on_hand: int
    free: int
    inbound: int
    waiting: int
    next_on: date | None
    available_from: date | None


def product_rows(text: str, after: str, only: str = "", limit: int = PAGE) -> list[ProductRow]:
    """Products by SKU after `after`, one more than `limit` when there are more. One query.

    `text` narrows by the beginning of the SKU, a part of the name or the barcode; `only` is waiting (orders wait for
    it), short (nothing free) or nothing.
    """
    conditions = ["p.sku > %(after)s"]
    params: dict[str, Any] = {"after": after, "limit": limit + 1}
    if text:
        conditions.append("(starts_with(lower(p.sku), lower(%(text)s)) OR p.name ILIKE %(like)s OR p.gtin = %(text)s)")
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        params |= {"text": text, "like": f"%{escaped}%"}
    if only == "waiting":
        conditions.append("coalesce(w.waiting, 0) > 0")
    elif only == "short":
        conditions.append("coalesce(v.on_hand - v.reserved, 0) = 0")
    return named_rows(
        ProductRow,
        f"""SELECT p.sku, p.name, p.category, coalesce(nullif(s.name, ''), s.code, '') AS supplier,
                   coalesce(v.on_hand, 0)::bigint AS on_hand, coalesce(v.on_hand - v.reserved, 0)::bigint AS free,
                   coalesce(i.owed, 0)::bigint AS inbound, coalesce(w.waiting, 0)::bigint AS waiting, i.next_on,
                   p.available_from
            FROM product p LEFT JOIN supplier s ON s.id = p.supplier_id
            LEFT JOIN LATERAL (SELECT sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_level
                               WHERE product_id = p.id) v ON true
            LEFT JOIN LATERAL (SELECT sum(owed) AS owed, min(expected_on) AS next_on FROM inbound_line
                               WHERE product_id = p.id AND owed > 0) i ON true
            LEFT JOIN LATERAL (SELECT sum(units) AS waiting FROM peg
                               WHERE product_id = p.id AND (kind <> 'stock' OR is_preorder)) w ON true
            WHERE {" AND ".join(conditions)} ORDER BY p.sku LIMIT %(limit)s""",
        params,
    )

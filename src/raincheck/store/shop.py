"""The shop's own rows: its settings, and which product may stand in for which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from raincheck.store.db import row, rows, run


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """How the shop is set up; the defaults before anybody touched it.

    `{sku}` in the two patterns stands for a product's SKU; empty: nothing is linked. `feed_key`: the secret part of the
    feed's address, empty: no feed. A basket holds stock for `hold_minutes` at the most, a key at most `holds_per_key`
    baskets; an offer of a substitute stands for `offer_hours`.
    """

    product_url: str = ""
    image_url: str = ""
    feed_key: str = ""
    hold_minutes: int = 30
    holds_per_key: int = 500
    offer_hours: int = 72
    confirms_interest: bool = False


_FIELDS = "product_url, image_url, feed_key, hold_minutes, holds_per_key, offer_hours, confirms_interest"


def read_shop() -> ShopSettings:
    """The shop's settings."""
    found = row(f"SELECT {_FIELDS} FROM shop WHERE id = 1")  # noqa: S608 - our own names
    return ShopSettings(*found) if found else ShopSettings()


def write_shop(shop: ShopSettings) -> None:
    """Stores the shop's settings."""
    run(
        f"""INSERT INTO shop (id, {_FIELDS}) VALUES (1, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (id) DO UPDATE SET product_url = excluded.product_url, image_url = excluded.image_url,
                feed_key = excluded.feed_key, hold_minutes = excluded.hold_minutes,
                holds_per_key = excluded.holds_per_key, offer_hours = excluded.offer_hours,
                confirms_interest = excluded.confirms_interest""",  # noqa: S608 - our own names
        [shop.product_url, shop.image_url, shop.feed_key, shop.hold_minutes, shop.holds_per_key, shop.offer_hours,
         shop.confirms_interest],
    )  # fmt: skip


def set_substitutes(product: int, instead: Sequence[int], at: datetime, by: str) -> bool:
    """These and no others may stand in for a product; whether that changed anything."""
    gone = run(
        "DELETE FROM product_substitute WHERE product_id = %s AND NOT instead_id = ANY(%s)", [product, [*instead]]
    )
    new = run(
        """INSERT INTO product_substitute (product_id, instead_id, named_at, named_by)
           SELECT %s, v.id, %s, %s FROM unnest(%s::bigint[]) AS v (id) ON CONFLICT DO NOTHING""",
        [product, at, by, [*instead]],
    )
    return gone + new > 0


def names_of(products: Sequence[int]) -> dict[int, str]:
    """What products are called, by id: their name, else their SKU."""
    found = rows("SELECT id, coalesce(nullif(name, ''), sku) FROM product WHERE id = ANY(%s)", [[*products]])
    return dict(found)

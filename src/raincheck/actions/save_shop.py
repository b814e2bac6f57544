"""How the shop is set up: where its pages are, its feed's address, how long baskets hold stock and offers stand."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction

from raincheck.core.errors import Malformed
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.shop import ShopSettings, read_shop, write_shop

LONGEST_HOLD_MINUTES: Final = 10_080
MOST_HOLDS: Final = 100_000
LONGEST_OFFER_HOURS: Final = 2_160


def save_shop(shop: ShopSettings, at: datetime | None = None, actor: str = "") -> None:
    """Stores the settings; the feed's key stays as it is. Raises Malformed, naming the field."""
    for name, pattern in (("product link", shop.product_url), ("picture link", shop.image_url)):
        _check_pattern(name, pattern)
    if not 0 <= shop.hold_minutes <= LONGEST_HOLD_MINUTES:
        raise Malformed(f"a basket holds stock for 0 to {LONGEST_HOLD_MINUTES} minutes, not {shop.hold_minutes}")
    if not 0 <= shop.holds_per_key <= MOST_HOLDS:
        raise Malformed(f"one key holds 0 to {MOST_HOLDS} baskets, not {shop.holds_per_key}")
    if not 1 <= shop.offer_hours <= LONGEST_OFFER_HOURS:
        raise Malformed(f"an offer stands for 1 to {LONGEST_OFFER_HOURS} hours, not {shop.offer_hours}")
    with transaction.atomic():
        outbox = Outbox(at or database_now(), "shop_saved", "shop", actor)
        write_shop(replace(shop, feed_key=read_shop().feed_key))
        _ = outbox.fact


def renew_feed_key(at: datetime | None = None, actor: str = "") -> str:
    """Gives the feed a new address; the old one is dead at once. The new key."""
    key = secrets.token_urlsafe(32)
    with transaction.atomic():
        outbox = Outbox(at or database_now(), "shop_saved", "shop", actor, {"feed": "new address"})
        write_shop(replace(read_shop(), feed_key=key))
        _ = outbox.fact
    return key


def _check_pattern(name: str, pattern: str) -> None:
    if not pattern:
        return
    try:
        parts = urlsplit(pattern.replace("{sku}", "x"))
    except ValueError as error:
        raise Malformed(f"the {name} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not pattern.isprintable() or " " in pattern:
        raise Malformed(f"the {name} must be an address such as https://shop.example/p/{{sku}}, not {pattern!r}")
    if "{sku}" not in pattern:
        raise Malformed(f"the {name} must hold {{sku}} where the product's SKU belongs")

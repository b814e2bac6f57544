"""The shop's settings, for doors."""

from raincheck.store.shop import ShopSettings, read_shop

__all__ = ["ShopSettings", "shop_settings"]

shop_settings = read_shop
"""How the shop is set up."""

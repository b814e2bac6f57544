"""Where an order goes, for a page that shows or changes it."""

from raincheck.store.ship_to import Address, read_address

__all__ = ["Address", "shipping_address"]


def shipping_address(order: int) -> Address:
    """The address on record. Raises LookupError for no such order."""
    return read_address(order)

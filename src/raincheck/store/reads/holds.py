"""Holds of baskets, for doors."""

from raincheck.store.baskets import Hold, find_hold

__all__ = ["Hold", "hold_named"]


def hold_named(ref: str) -> Hold | None:
    """The hold with this reference, or None."""
    return find_hold(ref)

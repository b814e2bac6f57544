"""The shipping policies that forms offer. One with more parcels can be imported, or set by a rule."""

from typing import Final

MOST_OFFERED: Final = 9

SHIPPING: Final = [
    ("available", "As it comes"),
    ("complete", "All at once"),
    ("up_to:1", "In one parcel at most"),
    *((f"up_to:{parcels}", f"In at most {parcels} parcels") for parcels in range(2, MOST_OFFERED + 1)),
]


def with_current(current: str) -> list[tuple[str, str]]:
    """What is offered, and what holds now if that is none of it."""
    if current in dict(SHIPPING):
        return SHIPPING
    return [*SHIPPING, (current, f"In at most {current.removeprefix('up_to:')} parcels")]

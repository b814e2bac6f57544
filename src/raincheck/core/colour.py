"""Colours as `#rrggbb`: how well one can be read on another (WCAG 2.2, 1.4.3)."""

import re
from typing import Final

READABLE: Final = 4.5
"""The least contrast at which text of ordinary size can be read."""
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
_LIGHT, _DARK = "#ffffff", "#1b201d"


def is_colour(text: str) -> bool:
    """Whether it is a colour such as `#2b6a4d`."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 (the same) to 21 (black on white).

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_readable_on_white(colour: str) -> bool:
    """Whether text of this colour can be read on white, and white text on this colour."""
    return contrast(colour, _LIGHT) >= READABLE


def lightened(colour: str, ground: str = _DARK) -> str:
    """The same hue, as much lighter as it takes to be read on a dark ground."""
    channels = _channels(colour)
    for step in range(21):
        lighter = "#" + "".join(f"{round(value + (255 - value) * step / 20):02x}" for value in channels)
        if contrast(lighter, ground) >= READABLE:
            return lighter
    return _LIGHT


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

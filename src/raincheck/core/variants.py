"""Which variants of a style come nearest to one that cannot be had: by size, then colour, then price.

Sizes are compared on the scales that the trade knows: letters (XXS to 6XL), numbers, shoe sizes of the EU, the US and
the UK, and pairs such as 32/34 (waist and length). Two sizes on scales that do not compare are further apart than any
two that do. The distance counts steps of the scale: one letter, one number. US and UK shoe sizes are men's, set beside
the EU's by the usual chart (US 9 = UK 8 = EU 42): good enough to say what is near, not to sell a shoe by.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_LETTERS: Final = ("XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "XXXXL", "5XL", "6XL")
_ALIASES: Final = {
    "EXTRA SMALL": "XS",
    "SMALL": "S",
    "MEDIUM": "M",
    "LARGE": "L",
    "EXTRA LARGE": "XL",
    "3XS": "XXXS",
    "2XS": "XXS",
    "2XL": "XXL",
    "3XL": "XXXL",
    "4XL": "XXXXL",
}
_NUMBER: Final = re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,2})?)(?: ?(?:CM|MM|IN|INCH|\"))?")
_PAIR: Final = re.compile(r"W? ?([0-9]{1,3}) ?[/XL] ?L? ?([0-9]{1,3})")
_SHOE: Final = re.compile(r"(EU|EUR|US|UK) ?([0-9]{1,2}(?:[.,][05])?)")
_TO_EU: Final = {"EU": Decimal(0), "EUR": Decimal(0), "US": Decimal(33), "UK": Decimal(34)}


@dataclass(frozen=True, slots=True)
class Variant:
    """One product of a style. Price None: not known."""

    sku: str
    style: str
    size: str = ""
    colour: str = ""
    price: Decimal | None = None


def size_key(size: str) -> tuple[str, tuple[Decimal, ...]]:
    """The scale of a size and its place on it. A size on no known scale is a scale of its own."""
    text = " ".join(size.upper().split())
    letters = _ALIASES.get(text, text)
    if letters in _LETTERS:
        return "letters", (Decimal(_LETTERS.index(letters)),)
    if shoe := _SHOE.fullmatch(text):
        return "shoes", (_number(shoe[2]) + _TO_EU[shoe[1]],)
    if pair := _PAIR.fullmatch(text):
        return "pair", (Decimal(pair[1]), Decimal(pair[2]))
    if number := _NUMBER.fullmatch(text):
        return "numbers", (_number(number[1]),)
    return f"={text}", ()


def size_distance(one: str, other: str) -> Decimal | None:
    """Steps between two sizes; None where they do not compare."""
    (scale, at), (other_scale, other_at) = size_key(one), size_key(other)
    if scale != other_scale:
        return None
    return sum((abs(here - there) for here, there in zip(at, other_at, strict=True)), Decimal(0))


def nearest(wanted: Variant, others: Iterable[Variant]) -> list[Variant]:
    """The other variants of the same style, the nearest first; none where the product has no style."""
    if not wanted.style:
        return []
    same = [other for other in others if other.style == wanted.style and other.sku != wanted.sku]
    return sorted(same, key=lambda other: _far(wanted, other))


def _far(wanted: Variant, other: Variant) -> tuple[bool, Decimal, bool, bool, Decimal, str]:
    size = size_distance(wanted.size, other.size)
    colour_differs = other.colour.casefold() != wanted.colour.casefold()
    price = None if wanted.price is None or other.price is None else abs(wanted.price - other.price)
    return (size is None, size or Decimal(0), colour_differs, price is None, price or Decimal(0), other.sku)


def in_size_order(sizes: Iterable[str]) -> list[str]:
    """Sizes as a shop lists them: letters, numbers, shoes, pairs each in their order; then what is on no scale."""
    return sorted(set(sizes), key=lambda size: _shelf(size_key(size), size))


_SCALES: Final = ("letters", "numbers", "shoes", "pair")


def _shelf(key: tuple[str, tuple[Decimal, ...]], size: str) -> tuple[int, tuple[Decimal, ...], str]:
    scale, at = key
    return (_SCALES.index(scale) if scale in _SCALES else len(_SCALES), at, size)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))

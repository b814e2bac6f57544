"""How alike a name is to what somebody heard: each word with a letter too many, too few, wrong, or two exchanged."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

LIKE_ENOUGH: Final = 0.7
"""The least part of a word that has to be right (optimal string alignment, by length)."""
_PARTS: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}`]")


def most_alike(heard: str, names: Sequence[str]) -> list[int]:
    """The places of the names in which every word heard is found, nearly; the most alike first, then by place."""
    from rapidfuzz.distance import OSA

    words = _words(heard)
    found: list[tuple[float, int]] = []
    for place, name in enumerate(names):
        theirs = _words(name)
        best = [max((OSA.normalized_similarity(word, one) for one in theirs), default=0.0) for word in words]
        if best and min(best) >= LIKE_ENOUGH:
            found.append((-sum(best) / len(best), place))
    return [place for _, place in sorted(found)]


def _words(name: str) -> list[str]:
    """The words of a name as one hears them: without accents, each part of a double name by itself."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(char))
    return _PARTS.findall(_APOSTROPHES.sub("", plain))

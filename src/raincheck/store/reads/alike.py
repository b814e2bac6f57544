"""How alike a name is to what somebody heard: each word with a letter too many, too few, wrong, or two exchanged."""

from collections.abc import Sequence
from typing import Final

LIKE_ENOUGH: Final = 0.7
"""The least part of a word that has to be right (optimal string alignment, by length)."""


def most_alike(heard: str, names: Sequence[str]) -> list[int]:
    """The places of the names in which every word heard is found, nearly; the most alike first, then by place."""
    from rapidfuzz.distance import OSA

    words = heard.lower().split()
    found: list[tuple[float, int]] = []
    for place, name in enumerate(names):
        theirs = name.lower().split()
        best = [max((OSA.normalized_similarity(word, one) for one in theirs), default=0.0) for word in words]
        if best and min(best) >= LIKE_ENOUGH:
            found.append((-sum(best) / len(best), place))
    return [place for _, place in sorted(found)]

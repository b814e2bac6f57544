"""The valid name that lies nearest to a mistyped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Collection

# Below this likeness (0 to 100) a suggestion misleads more often than it helps.
LEAST_LIKENESS = 60.0


def nearest_name(name: str, valid: Collection[str]) -> str | None:
    """The most similar of the valid names, or None when none is similar. Case does not count.

    Equal similarity goes to the name that sorts first, so the same file gets the same advice.
    """
    if not name or not valid:
        return None
    found = process.extract(
        name,
        sorted(valid),
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=LEAST_LIKENESS,
        limit=5,
    )
    return min(found, key=lambda match: (-match[1], match[0]))[0] if found else None

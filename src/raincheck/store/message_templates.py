"""The company's own words of messages: what is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from raincheck.store.db import rows


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words of an event in a language, as they were saved: {part: source}."""

    event: str
    version: int
    parts: Mapping[str, str]


def words_in_force(events: Iterable[str], language: str) -> tuple[OwnWords, ...]:
    """The company's words of these events; an event without any is left out. One query."""
    found = rows(
        """SELECT event, version, parts::text FROM message_template
           WHERE event = ANY(%s) AND language = %s AND ended_at IS NULL ORDER BY event""",
        [list(events), language],
    )
    return tuple(OwnWords(event, version, orjson.loads(parts)) for event, version, parts in found)

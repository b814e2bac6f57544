"""What was done lately, by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from raincheck.store.reads.named import named_rows

RECENT: Final = 12


@dataclass(frozen=True, slots=True)
class FactView:
    """One action that was done. `subject` names its record; an empty `actor` is the software itself."""

    id: int
    at: datetime
    verb: str
    subject: str
    actor: str
    detail: dict[str, Any]


def recent_facts(limit: int = RECENT) -> list[FactView]:
    """The last things that somebody did, the newest first; what fell due by itself is left out."""
    return named_rows(
        FactView,
        """SELECT id, at, verb, subject, actor, detail FROM fact
           WHERE NOT starts_with(verb, 'timer_') AND verb NOT IN ('day_began', 'site_hours')
           ORDER BY id DESC LIMIT %(limit)s""",
        {"limit": limit},
    )


def facts_about(subject: str) -> list[FactView]:
    """Everything that was done to one record, the oldest first."""
    return named_rows(
        FactView,
        "SELECT id, at, verb, subject, actor, detail FROM fact WHERE subject = %(subject)s ORDER BY id",
        {"subject": subject},
    )

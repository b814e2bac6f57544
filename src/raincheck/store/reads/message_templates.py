"""Words of messages as the console shows them: what the company wrote of its own, in versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from raincheck.store.db import row, rows
from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A version on record. `ended_at` None: in force."""

    event: str
    language: str
    version: int
    parts: dict[str, str]
    made_at: datetime
    made_by: str
    ended_at: datetime | None


_VERSIONS: Final = "SELECT event, language, version, parts, made_at, made_by, ended_at FROM message_template"


def versions_in_force() -> dict[tuple[str, str], TemplateVersion]:
    """What is in force, by event and language."""
    found = named_rows(TemplateVersion, f"{_VERSIONS} WHERE ended_at IS NULL ORDER BY event, language", {})
    return {(version.event, version.language): version for version in found}


def template_versions(event: str, language: str) -> list[TemplateVersion]:
    """Every version of an event's words in a language, the newest first."""
    condition = "WHERE event = %(event)s AND language = %(language)s ORDER BY version DESC"
    return named_rows(TemplateVersion, f"{_VERSIONS} {condition}", {"event": event, "language": language})


def last_notices(event: str, order_ref: str, most: int = 1) -> list[int]:
    """The newest messages of an event (empty: of any), of one order if its reference is given; the newest first."""
    found = rows(
        """SELECT n.id FROM notice n JOIN sales_order o ON o.id = n.order_id
           WHERE (%s::text = '' OR n.event = %s) AND (%s::text = '' OR o.ref = %s) ORDER BY n.id DESC LIMIT %s""",
        [event, event, order_ref, order_ref, most],
    )
    return [int(notice) for (notice,) in found]


def order_exists(order_ref: str) -> bool:
    """Whether there is such an order."""
    return row("SELECT 1 FROM sales_order WHERE ref = %s", [order_ref]) is not None

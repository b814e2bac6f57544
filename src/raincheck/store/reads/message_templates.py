"""Words of messages as the console shows them: what the company wrote of its own, in versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from raincheck.store.db import row
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


def last_notice_of(event: str, order_ref: str = "") -> int | None:
    """The newest message of an event, of one order if its reference is given; None if there is none."""
    where = "o.ref = %s" if order_ref else "%s = ''"
    params: list[Any] = [event, order_ref]
    found = row(
        f"""SELECT n.id FROM notice n JOIN sales_order o ON o.id = n.order_id
            WHERE n.event = %s AND {where} ORDER BY n.id DESC LIMIT 1""",
        params,
    )
    return int(found[0]) if found else None

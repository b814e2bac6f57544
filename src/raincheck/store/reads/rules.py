"""Policy rules in force, and API keys."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule: `when` {level: value}, `then` {setting: value}."""

    id: int
    when: dict[str, str]
    then: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeyView:
    """An API key as it is listed: its beginning, never the whole."""

    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    created_by: str
    last_used_on: date | None
    revoked_at: datetime | None


def rules_in_force() -> list[RuleView]:
    """The rules in force, the oldest first. One query."""
    return named_rows(
        RuleView, 'SELECT id, "when", "then", created_at FROM policy_rule WHERE ended_at IS NULL ORDER BY id'
    )


@dataclass(frozen=True, slots=True)
class EndedRule(RuleView):
    """A rule that is out of force."""

    ended_at: datetime


def ended_rules(most: int = 50) -> list[EndedRule]:
    """The rules that were ended last, the latest first. One query."""
    return named_rows(
        EndedRule,
        """SELECT id, "when", "then", created_at, ended_at FROM policy_rule WHERE ended_at IS NOT NULL
           ORDER BY ended_at DESC, id DESC LIMIT %(most)s""",
        {"most": most},
    )


def api_keys() -> list[KeyView]:
    """All keys: those in force first, the newest first. One query."""
    return named_rows(
        KeyView,
        """SELECT name, prefix, scopes, created_at, created_by, last_used_on, revoked_at FROM api_key
           ORDER BY (revoked_at IS NOT NULL), id DESC""",
    )

"""The printed document of a drill (contract, section 3) and how its values are written."""

from datetime import UTC, datetime
from typing import Any, TypeAlias

#: What ``--json`` prints, as plain JSON values.
Document: TypeAlias = dict[str, Any]


def printed_instant(at: datetime) -> str:
    """An instant as printed: UTC, to the second, such as ``2026-03-02T09:00:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

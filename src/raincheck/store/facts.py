"""The audit trail: one row for each action that was done."""

from datetime import datetime
from typing import Any

import orjson

from raincheck.store import live
from raincheck.store.db import one


def record(at: datetime, verb: str, subject: str, actor: str = "", detail: dict[str, Any] | None = None) -> int:
    """Records that something was done; the id that entries, notices and payments of it refer to."""
    live.changed(*live.EVERYWHERE, *((subject,) if subject.startswith("order:") else ()))
    found = one(
        "INSERT INTO fact (at, verb, subject, actor, detail) VALUES (%s, %s, %s, %s, %s::jsonb) RETURNING id",
        [at, verb, subject, actor, orjson.dumps(detail or {}, default=str).decode()],
    )
    return int(found[0])

"""Put policy rules in force. They hold for orders placed from then on; open orders keep what they were placed under."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from raincheck.store.company import add_rule
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox


def add_policy(when: Mapping[str, str], then: Mapping[str, Any], at: datetime | None = None, actor: str = "") -> int:
    """Puts a rule in force (contract, section 4): where `when` holds, the settings of `then`. The rule's id."""
    with transaction.atomic():
        outbox = Outbox(
            at or database_now(), "policy_added", "company", actor, {"when": dict(when), "then": dict(then)}
        )
        rule = add_rule(dict(when), dict(then), outbox.at)
        _ = outbox.fact
    return rule

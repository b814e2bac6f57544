"""Take a policy rule out of force. It stays on record, and open orders keep what they were placed under."""

from datetime import datetime

from django.db import transaction

from raincheck.core.errors import NotFound
from raincheck.store.company import end_rule
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox


def end_policy(rule_id: int, at: datetime | None = None, actor: str = "") -> None:
    """Ends a rule from this instant on. Raises NotFound for one that is not in force."""
    with transaction.atomic():
        outbox = Outbox(at or database_now(), "policy_ended", "company", actor, {"rule": rule_id})
        if not end_rule(rule_id, outbox.at):
            raise NotFound(f"no rule {rule_id} is in force")
        _ = outbox.fact

"""Set up a company: its settings, its rules, and how late its suppliers were before it began to count."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from raincheck.actions.run_timers import begin_days
from raincheck.core.policy import Rule
from raincheck.core.settings import Settings
from raincheck.store import inbound
from raincheck.store.catalogue import find_supplier
from raincheck.store.company import add_rule, write_settings


def set_up_company(
    settings: Settings, rules: Iterable[Rule], lateness_days: Mapping[str, Sequence[int]], at: datetime
) -> None:
    """Stores settings, adds rules, records suppliers' past lateness (calendar days by supplier), starts the days.

    Raises NotFound for an unknown supplier.
    """
    with transaction.atomic():
        write_settings(settings)
        for rule in rules:
            add_rule(dict(rule.when), dict(rule.then), at)
        today = settings.calendar.day_of(at)
        for code, record in lateness_days.items():
            supplier = find_supplier(code)
            for days in record:
                inbound.record_lateness(supplier, days, today, None)
        begin_days(at)

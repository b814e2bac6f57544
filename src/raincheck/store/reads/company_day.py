"""Which day it is at the company."""

from datetime import date

from django.utils import timezone

from raincheck.store.company import read_settings


def company_today() -> date:
    """Today at the company, whatever the reader's zone. One query."""
    return read_settings().calendar.day_of(timezone.now())

"""The company's day, from which promises are counted."""

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


def company_today(request: "ConsoleRequest") -> date:
    """Today at the company, whatever the reader's zone."""
    return timezone.now().astimezone(ZoneInfo(request.company.timezone)).date()

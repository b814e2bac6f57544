"""The company as every page's frame needs it."""

from dataclasses import dataclass

from raincheck.core.settings import Settings
from raincheck.store.company import read_settings
from raincheck.store.models import Company

DEFAULTS = Settings()

company_settings = read_settings
"""The company's settings, whole."""


@dataclass(frozen=True, slots=True)
class CompanyFace:
    """Name, zone, currency, law, whether the warehouse ships by itself. Defaults stand in before the first set-up."""

    name: str
    timezone: str
    currency: str
    country: str
    is_manual_warehouse: bool
    law: str = "none"
    feedback_days: int | None = None


def company_face() -> CompanyFace:
    """One query."""
    row = Company.objects.values("name", "settings").first() or {"name": "", "settings": {}}
    settings = row["settings"]
    return CompanyFace(
        name=row["name"],
        timezone=settings.get("timezone", DEFAULTS.timezone),
        currency=settings.get("currency", DEFAULTS.currency),
        country=settings.get("country", DEFAULTS.country),
        is_manual_warehouse=settings.get("warehouse", DEFAULTS.warehouse) == "manual",
        law=settings.get("law", DEFAULTS.law),
        feedback_days=settings.get("feedback_days", DEFAULTS.feedback_days),
    )

"""The company's rules: contract section 3, `settings`, as one value."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from raincheck.core.calendar import WEEKDAYS, Calendar, Road


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts in a score; all 0 is plain first come, first served."""

    tier: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    urgency: Decimal = Decimal(0)
    age: Decimal = Decimal(0)
    criticality: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every rule that holds for the whole company unless a policy says otherwise. Defaults as in the contract."""

    timezone: str = "UTC"
    country: str = "US"
    currency: str = "USD"
    working_days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: tuple[date, ...] = ()
    ship: str = "available"
    backorders: str = "allow"
    warehouse: str = "automatic"
    handling_days: int = 0
    transit_days: int = 0
    receiving_days: int = 0
    promise_confidence: Decimal | None = None
    tighten: bool = False
    told_dates: str = "keep"
    hold_days: int = 7
    lend_days: int = 30
    margin_days: int = 0
    latest_days: int | None = None
    inbound_share: Decimal = Decimal(1)
    settle_minutes: int = 60
    charge: str = "shipment"
    payment_grace_days: int = 3
    law: str = "none"
    merge_hours: int = 0
    minimum_shipment_units: int = 0
    minimum_shipment_value: Decimal = Decimal(0)
    weights: Weights = field(default_factory=Weights)

    @property
    def calendar(self) -> Calendar:
        """The company's calendar."""
        days = frozenset(WEEKDAYS.index(day) for day in self.working_days)
        return Calendar(ZoneInfo(self.timezone), days, frozenset(self.holidays))

    @property
    def road(self) -> Road:
        """The company's road from arrival to the customer."""
        return Road(self.calendar, self.receiving_days, self.handling_days, self.transit_days)

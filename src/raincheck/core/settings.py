"""The company's rules: contract section 3, `settings`, as one value."""

from dataclasses import dataclass, field, fields
from datetime import date, time
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from raincheck.core.calendar import WEEKDAYS, Calendar, Road
from raincheck.core.cards import LONGEST_WINDOW_DAYS, WINDOW_NAMES
from raincheck.core.colour import is_colour, is_readable_on_white
from raincheck.core.errors import Malformed
from raincheck.core.money import check_charge
from raincheck.core.site_plan import OBJECTIVES

LANGUAGES: Final = ("en", "de", "es")
"""The languages that customers are written to in, as ISO 639-1 codes."""
DEFAULT_BRAND_COLOUR: Final = "#2b6a4d"


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
    replenish: str = "review"
    payment_grace_days: int = 3
    pass_on_cuts: bool = False
    card_payments: bool = False
    authorisation_days: tuple[tuple[str, int], ...] = ()
    capture_variance: Decimal = Decimal(0)
    law: str = "none"
    advance_consent_days: int | None = None
    feedback_days: int | None = None
    link_days: int = 90
    webhook_days: int | None = 30
    merge_hours: int = 0
    minimum_shipment_units: int = 0
    minimum_shipment_value: Decimal = Decimal(0)
    weights: Weights = field(default_factory=Weights)
    site_choice: str = "most_lines"
    parcel_cost: Decimal = Decimal(5)
    waiting_percent: Decimal = Decimal(1)
    reminder_days: int = 2
    digest: bool = True
    quiet_from: str = ""
    quiet_until: str = ""
    language: str = "en"
    contact_email: str = ""
    contact_phone: str = ""
    postal_address: str = ""
    brand_colour: str = DEFAULT_BRAND_COLOUR

    @property
    def calendar(self) -> Calendar:
        """The company's calendar."""
        days = frozenset(WEEKDAYS.index(day) for day in self.working_days)
        return Calendar(ZoneInfo(self.timezone), days, frozenset(self.holidays))

    @property
    def road(self) -> Road:
        """The company's road from arrival to the customer."""
        return Road(self.calendar, self.receiving_days, self.handling_days, self.transit_days)


_CHOICES = {
    "backorders": ("allow", "deny"),
    "warehouse": ("automatic", "manual"),
    "told_dates": ("keep", "by_rank"),
    "replenish": ("review", "order", "pack", "ship"),
    "law": ("none", "us-ftc-435", "eu-2011-83"),
    "site_choice": tuple(OBJECTIVES),
    "language": LANGUAGES,
}
LONGEST_CONTACT = 200
LONGEST_POSTAL_ADDRESS = 400
_LONGEST_DAYS = 3_650
LONGEST_MERGE_HOURS = 8_760
LARGEST_MINIMUM_UNITS = 1_000_000
LARGEST_MINIMUM_VALUE = Decimal(10) ** 12
LARGEST_PARCEL_COST = Decimal(10) ** 9
LARGEST_WAITING_PERCENT = 100
LARGEST_WEIGHT = 1_000
"""The most that anything counts in a score."""


def check_settings(settings: Settings) -> None:
    """Raises Malformed, naming the setting, for settings that no company can run under."""
    try:
        ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError) as error:
        raise Malformed(f"timezone {settings.timezone!r} is not known: use a name such as Europe/Paris") from error
    if not settings.working_days or not set(settings.working_days) <= set(WEEKDAYS):
        raise Malformed(f"working_days needs at least one of {', '.join(WEEKDAYS)}")
    for name, choices in _CHOICES.items():
        if getattr(settings, name) not in choices:
            raise Malformed(f"{name} must be one of {', '.join(choices)}, not {getattr(settings, name)!r}")
    for name in ("handling_days", "transit_days", "receiving_days", "hold_days", "lend_days", "margin_days"):
        if not 0 <= getattr(settings, name) <= _LONGEST_DAYS:
            raise Malformed(f"{name} must lie between 0 and {_LONGEST_DAYS}, not {getattr(settings, name)}")
    _check_days(settings)
    _check_bounds(settings)
    _check_quiet_hours(settings)
    _check_sender(settings)
    _check_desk(settings)
    check_charge(settings.charge)
    _check_cards(settings)


def _check_days(settings: Settings) -> None:
    """Numbers of days that may be left out, or of which 0 makes no sense."""
    for name, least in (
        ("link_days", 1),
        ("latest_days", 0),
        ("advance_consent_days", 1),
        ("feedback_days", 0),
        ("webhook_days", 1),
    ):
        days = getattr(settings, name)
        if days is not None and not least <= days <= _LONGEST_DAYS:
            raise Malformed(f"{name} must lie between {least} and {_LONGEST_DAYS}, not {days}")


def _check_cards(settings: Settings) -> None:
    for name, days in settings.authorisation_days:
        if name not in WINDOW_NAMES:
            raise Malformed(f"authorisation_days knows {', '.join(WINDOW_NAMES)}, not {name!r}")
        if not 1 <= days <= LONGEST_WINDOW_DAYS:
            raise Malformed(f"authorisation_days.{name} must lie between 1 and {LONGEST_WINDOW_DAYS}, not {days}")
    if not 0 <= settings.capture_variance <= 1:
        raise Malformed(f"capture_variance must lie between 0 and 1, not {settings.capture_variance}")


def _check_desk(settings: Settings) -> None:
    """What the service desk weighs with."""
    if not 0 <= settings.parcel_cost < LARGEST_PARCEL_COST:
        raise Malformed(f"parcel_cost must lie between 0 and {LARGEST_PARCEL_COST}, not {settings.parcel_cost}")
    if not 0 <= settings.waiting_percent <= LARGEST_WAITING_PERCENT:
        raise Malformed(f"waiting_percent must lie between 0 and {LARGEST_WAITING_PERCENT}")
    if not 0 <= settings.reminder_days <= _LONGEST_DAYS:
        raise Malformed(f"reminder_days must lie between 0 and {_LONGEST_DAYS}, not {settings.reminder_days}")


def _check_bounds(settings: Settings) -> None:
    for weight in fields(Weights):
        if not 0 <= getattr(settings.weights, weight.name) <= LARGEST_WEIGHT:
            raise Malformed(f"weights.{weight.name} must lie between 0 and {LARGEST_WEIGHT}")
    if not 0 <= settings.merge_hours <= LONGEST_MERGE_HOURS:
        raise Malformed(f"merge_hours must lie between 0 and {LONGEST_MERGE_HOURS}, not {settings.merge_hours}")
    if not 0 <= settings.minimum_shipment_units <= LARGEST_MINIMUM_UNITS:
        raise Malformed(f"minimum_shipment must ask for 0 to {LARGEST_MINIMUM_UNITS} units")
    if not 0 <= settings.minimum_shipment_value < LARGEST_MINIMUM_VALUE:
        raise Malformed(f"minimum_shipment must ask for a value from 0 to {LARGEST_MINIMUM_VALUE}")
    if settings.settle_minutes < 0:
        raise Malformed(f"settle_minutes must not be negative, not {settings.settle_minutes}")
    if not 0 <= settings.inbound_share <= 1:
        raise Malformed(f"inbound_share must lie between 0 and 1, not {settings.inbound_share}")
    if settings.promise_confidence is not None and not 0 < settings.promise_confidence <= 1:
        raise Malformed(f"promise_confidence must lie above 0 and at most at 1, not {settings.promise_confidence}")


def _check_quiet_hours(settings: Settings) -> None:
    """Times of day where the customer is, both or none."""
    times = (settings.quiet_from, settings.quiet_until)
    if not any(times):
        return
    for name in ("quiet_from", "quiet_until"):
        try:
            is_plain = time.fromisoformat(getattr(settings, name)).tzinfo is None
        except ValueError:
            is_plain = False
        if not is_plain:
            raise Malformed(f"{name} must be a time of day such as 22:00, not {getattr(settings, name)!r}")
    if time.fromisoformat(times[0]) == time.fromisoformat(times[1]):
        raise Malformed("quiet_from and quiet_until must be two times of day: 22:00 and 07:00, say")


def _check_sender(settings: Settings) -> None:
    """What customers read of the company in each message, and on their own page."""
    for name, longest in (
        ("contact_email", LONGEST_CONTACT),
        ("contact_phone", LONGEST_CONTACT),
        ("postal_address", LONGEST_POSTAL_ADDRESS),
    ):
        if len(getattr(settings, name)) > longest:
            raise Malformed(f"{name} must have at most {longest} characters, not {len(getattr(settings, name))}")
    if not is_colour(settings.brand_colour):
        raise Malformed(f"brand_colour must be a colour such as #2b6a4d, not {settings.brand_colour!r}")
    if not is_readable_on_white(settings.brand_colour):
        raise Malformed(
            f"brand_colour {settings.brand_colour} is too light to be read on white (WCAG asks for a contrast of 4.5):"
            " take a darker one"
        )

"""The company's settings as a form: what it says about itself, and the rules where no policy says otherwise."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from babel import Locale
from django import forms

from raincheck.core.calendar import WEEKDAYS
from raincheck.core.cards import LONGEST_WINDOW_DAYS, WINDOW_NAMES
from raincheck.core.colour import is_colour, is_readable_on_white
from raincheck.core.errors import Malformed
from raincheck.core.money import deposit_of
from raincheck.core.settings import (
    LANGUAGES,
    LARGEST_MINIMUM_UNITS,
    LARGEST_WAITING_PERCENT,
    LARGEST_WEIGHT,
    LONGEST_CONTACT,
    LONGEST_MERGE_HOURS,
    LONGEST_POSTAL_ADDRESS,
    Settings,
    Weights,
)
from raincheck.web.long_choices import Select
from raincheck.web.shipping_choices import SHIPPING, with_current
from raincheck.web.zone import zone_names
from raincheck.words.countries import country_names
from raincheck.words.currencies import currency_names

ENGLISH: Final = Locale("en")
DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_DAYS: Final = 3650
COUNTRIES: Final = sorted(country_names().items(), key=lambda country: country[1])
CURRENCIES: Final = sorted((code, f"{code} {name}") for code, name in currency_names().items())

# The fields under each heading of the page, in order.
SECTIONS: Final = (
    ("Company", ("name", "timezone", "country", "currency", "working_days", "holidays")),
    ("What customers read of you", ("language", "contact_email", "contact_phone", "postal_address", "brand_colour")),
    ("From arrival to the customer", ("receiving_days", "handling_days", "transit_days", "warehouse")),
    (
        "Promises",
        ("backorders", "latest_days", "inbound_share", "promise_confidence", "settle_minutes", "tighten", "told_dates"),
    ),
    ("Who comes first", ("weight_tier", "weight_value", "weight_urgency", "weight_age", "weight_criticality")),
    ("Law", ("law", "advance_consent_days")),
    ("Feedback", ("feedback_days",)),
    (
        "Shipping",
        (
            "ship",
            "site_choice",
            "hold_days",
            "lend_days",
            "margin_days",
            "merge_hours",
            "minimum_shipment_units",
            "minimum_shipment_value",
        ),
    ),
    (
        "Money",
        (
            "charge",
            "deposit",
            "payment_grace_days",
            "pass_on_cuts",
            "card_payments",
            "capture_variance",
            "authorisation_days",
        ),
    ),
    ("Messages", ("digest", "quiet_from", "quiet_until", "webhook_days")),
    ("Customers’ pages", ("link_days",)),
    ("Service desk", ("parcel_cost", "waiting_percent", "reminder_days")),
)
WEIGHTS: Final = tuple(field.name for field in fields(Weights))


def _days(label: str, help_text: str, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=required, min_value=0, max_value=MOST_DAYS, localize=False
    )


def _weight(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=Decimal(0),
        max_value=Decimal(LARGEST_WEIGHT),
        max_digits=10,
        decimal_places=6,
        localize=False,
    )


def _time(label: str, help_text: str) -> forms.CharField:
    clock = forms.TextInput(attrs={"type": "time"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=8, widget=clock)


class CompanyForm(forms.Form):
    """Every setting that works today. The words of the contract, section 3, in a planner's language."""

    name = forms.CharField(label="Name", max_length=200)
    language = forms.ChoiceField(
        label="Language of messages",
        choices=[(code, ENGLISH.languages[code]) for code in LANGUAGES],
        help_text="For customers who chose none and whose country speaks none of these.",
    )
    contact_email = forms.EmailField(label="E-mail for customers", max_length=LONGEST_CONTACT, required=False)
    contact_phone = forms.CharField(label="Phone for customers", max_length=LONGEST_CONTACT, required=False)
    postal_address = forms.CharField(
        label="Postal address",
        max_length=LONGEST_POSTAL_ADDRESS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="At the foot of each message.",
    )
    brand_colour = forms.CharField(
        label="Colour",
        max_length=7,
        help_text="Such as #2b6a4d, dark enough to be read on white. For messages and the customer’s own page.",
    )
    timezone = forms.ChoiceField(label="Time zone", choices=[(name, name) for name in zone_names()], widget=Select)
    country = forms.ChoiceField(label="Country", choices=COUNTRIES, widget=Select)
    currency = forms.ChoiceField(label="Currency", choices=CURRENCIES, widget=Select)
    working_days = forms.MultipleChoiceField(
        label="Working days",
        choices=list(zip(WEEKDAYS, DAY_NAMES, strict=True)),
        widget=forms.CheckboxSelectMultiple,
    )
    holidays = forms.CharField(
        label="Holidays",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One day a line, such as 2026-12-25.",
    )
    receiving_days = _days("Receiving", "Working days from arrival at the dock until units can be given to orders.")
    handling_days = _days("Handling", "Working days from release to the carrier.")
    transit_days = _days("Transit", "Calendar days from the carrier to the customer.")
    warehouse = forms.ChoiceField(
        label="Warehouse",
        choices=[("automatic", "Ships by itself after handling"), ("manual", "People pick, pack and ship")],
    )
    backorders = forms.ChoiceField(
        label="Backorders",
        choices=[("allow", "Take orders for what is not there"), ("deny", "Sell only what is there")],
    )
    latest_days = _days(
        "Latest promise", "Days. What cannot be promised within them is refused. Empty: no limit.", required=False
    )
    inbound_share = forms.DecimalField(
        label="Share of an inbound",
        min_value=Decimal(0),
        max_value=Decimal(1),
        max_digits=4,
        decimal_places=3,
        help_text="How much of a purchase order may be promised to backorders: 1 is all of it.",
    )
    promise_confidence = forms.DecimalField(
        label="Confidence",
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal("0.999"),
        max_digits=4,
        decimal_places=3,
        help_text="0.9 adds the lateness that a supplier keeps 9 times in 10. Empty: the supplier’s own date.",
    )
    settle_minutes = forms.IntegerField(
        label="Settling",
        min_value=0,
        max_value=10_080,
        help_text="Minutes a changed date must stand before it is told.",
    )
    tighten = forms.BooleanField(label="Tell earlier dates too", required=False)
    told_dates = forms.ChoiceField(
        label="Told dates",
        choices=[("keep", "Rank never breaks a told date"), ("by_rank", "Rank may break a told date")],
    )
    law = forms.ChoiceField(
        label="Law",
        choices=[
            ("none", "None"),
            ("us-ftc-435", "16 CFR 435 (US): shipping times, options, cancels by silence"),
            ("eu-2011-83", "Directive 2011/83 (EU): day of delivery"),
        ],
        help_text="For orders placed from then on. Data, not legal advice: have counsel check it.",
    )
    advance_consent_days = forms.IntegerField(
        label="Further delay",
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        localize=False,
        help_text="16 CFR 435: an option with a date also asks to agree to an unforeseen further delay of so many "
        "days. Empty: it does not ask.",
    )
    feedback_days = _days(
        "Ask how it went",
        "Days after an order’s last parcel has arrived. Empty: nobody is asked.",
        required=False,
    )
    ship = forms.ChoiceField(label="Shipping", choices=SHIPPING)
    site_choice = forms.ChoiceField(
        label="Which site ships",
        choices=[
            ("most_lines", "The one that has most lines of the order, then the nearest"),
            ("fewest_parcels", "Fewest parcels, then least cost, then nearest"),
            ("cheapest", "Least cost of parcels, then fewest, then nearest"),
            ("nearest", "Nearest, then fewest parcels, then least cost"),
        ],
        help_text="Among sites that can ship on the same day. What a parcel costs is said with each site.",
    )
    merge_hours = forms.IntegerField(
        label="Merge window",
        min_value=0,
        max_value=LONGEST_MERGE_HOURS,
        help_text="Hours for which a customer’s first units wait for others to the same address, to share a parcel.",
    )
    minimum_shipment_units = forms.IntegerField(
        label="Least units in a parcel",
        min_value=0,
        max_value=LARGEST_MINIMUM_UNITS,
        help_text="A smaller parcel waits for more of its order, never past its told day. 0: none is too small.",
    )
    minimum_shipment_value = forms.DecimalField(
        label="Least value of a parcel",
        min_value=0,
        max_digits=16,
        decimal_places=4,
        help_text="A parcel has to reach both, the units and the value.",
    )
    hold_days = _days("Hold for a complete order", "How soon its last line must land for the rest to be set aside.")
    lend_days = _days("Lend without a date", "How long a complete order without a date lends what it has.")
    margin_days = _days("Margin", "How long before it is needed supply that repays a loan must be there.")
    charge = forms.ChoiceField(
        label="Charge",
        choices=[
            ("shipment", "When it ships"),
            ("deposit", "A deposit with the order, the rest when it ships"),
            ("order", "With the order"),
        ],
    )
    deposit = forms.DecimalField(
        label="Deposit",
        required=False,
        max_digits=5,
        decimal_places=4,
        help_text="The share of the price that is charged with the order, such as 0.2. Only where a deposit is asked.",
    )
    pass_on_cuts = forms.BooleanField(
        label="Pass on cuts",
        required=False,
        help_text="Charge the lower of the order’s price and the price on the day it ships. A rise is never passed on.",
    )
    card_payments = forms.BooleanField(
        label="Take cards",
        required=False,
        help_text="Cards are authorised with the order and charged as parcels leave. Off: the shop charges elsewhere.",
    )
    capture_variance = forms.DecimalField(
        label="Variance",
        required=False,
        min_value=0,
        max_value=1,
        max_digits=5,
        decimal_places=4,
        help_text="By what share captures may go above an authorisation, where your acquirer allows it: such as 0.15.",
    )
    authorisation_days = forms.CharField(
        label="Days that authorisations hold",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only where your acquirer says otherwise than the card scheme: one a line, such as visa 10.",
    )
    payment_grace_days = _days("Days of grace", "How long a line keeps its units when its charge was declined.")
    digest = forms.BooleanField(
        label="One message an order",
        required=False,
        help_text="What happens to an order at the same time is told in one message.",
    )
    quiet_from = _time("Quiet from", "Where the customer is. Messages wait until the quiet hours end.")
    quiet_until = _time("Quiet until", "Empty: no quiet hours. A customer’s own go first.")
    webhook_days = forms.IntegerField(
        label="Webhooks kept",
        help_text="Days after which what an endpoint took, or did not take, is forgotten. Empty: never. What customers "
        "were told is always kept.",
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        localize=False,
    )
    link_days = forms.IntegerField(
        label="Links last",
        min_value=1,
        max_value=MOST_DAYS,
        help_text="Days for which the link in a message opens the customer’s page.",
    )
    parcel_cost = forms.DecimalField(
        label="One more parcel",
        min_value=0,
        max_digits=13,
        decimal_places=4,
        help_text="What it costs you to send one more parcel: the service desk weighs it against waiting.",
    )
    waiting_percent = forms.DecimalField(
        label="A day of waiting",
        min_value=0,
        max_value=LARGEST_WAITING_PERCENT,
        max_digits=7,
        decimal_places=4,
        help_text="What a day of waiting is worth, in percent of the price of what waits. Gold counts twice.",
    )
    reminder_days = _days("Ask again", "How long before its deadline an unanswered question becomes somebody’s task.")
    weight_tier = _weight("Tier", "Gold counts 2, silver 1. All weights 0: first come, first served.")
    weight_value = _weight("Value", "Each hundred of the order’s value counts 1.")
    weight_urgency = _weight("Urgency", "Each day by which it is wanted sooner counts 1.")
    weight_age = _weight("Age", "Each day since it was placed counts 1, so that nobody waits for ever.")
    weight_criticality = _weight("Criticality", "A product of class A counts 2, of class B 1.")

    def clean_brand_colour(self) -> str:
        """A colour in which text can be read on white."""
        colour = str(self.cleaned_data["brand_colour"]).strip().lower()
        if not is_colour(colour):
            raise forms.ValidationError("Give a colour such as #2b6a4d.")
        if not is_readable_on_white(colour):
            raise forms.ValidationError("Too light to be read on white: its contrast is below 4.5. Take a darker one.")
        return colour

    def clean_deposit(self) -> Decimal | None:
        """A share, where a deposit is asked; it becomes part of when to charge."""
        share = self.cleaned_data.get("deposit")
        if self.cleaned_data.get("charge") != "deposit":
            return None
        if share is None:
            raise forms.ValidationError("Say which share of the price is charged with the order, such as 0.2.")
        try:
            self.cleaned_data["charge"] = deposit_of(share)
        except Malformed:
            raise forms.ValidationError("A share above 0 and below 1, such as 0.2.") from None
        return Decimal(share)

    def clean_capture_variance(self) -> Decimal:
        """Nothing said: none."""
        return self.cleaned_data.get("capture_variance") or Decimal(0)

    def clean_authorisation_days(self) -> tuple[tuple[str, int], ...]:
        """Lines of a scheme, or a scheme and use, and days."""
        found: dict[str, int] = {}
        for number, line in enumerate(self.cleaned_data["authorisation_days"].splitlines(), start=1):
            if not line.strip():
                continue
            name, _, days = line.strip().partition(" ")
            if name not in WINDOW_NAMES:
                raise forms.ValidationError(f"Line {number}: {name[:20]!r} is none of {', '.join(WINDOW_NAMES)}.")
            if not days.strip().isdecimal() or not 1 <= int(days) <= LONGEST_WINDOW_DAYS:
                raise forms.ValidationError(f"Line {number}: days from 1 to {LONGEST_WINDOW_DAYS}, such as {name} 7.")
            found[name] = int(days)
        return tuple(sorted(found.items()))

    def clean_holidays(self) -> tuple[date, ...]:
        """The days, sorted; each line is one ISO date."""
        days: set[date] = set()
        for number, line in enumerate(self.cleaned_data["holidays"].split(), start=1):
            try:
                days.add(date.fromisoformat(line))
            except ValueError:
                raise forms.ValidationError(f"Day {number}, {line[:20]!r}, is no date such as 2026-12-25.") from None
        return tuple(sorted(days))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        ship, currency = self.fields["ship"], self.fields["currency"]
        if isinstance(ship, forms.ChoiceField) and (current := self.initial.get("ship")):
            ship.choices = with_current(current)
        if isinstance(currency, forms.ChoiceField) and (current := self.initial.get("currency")):
            currency.choices = CURRENCIES if current in currency_names() else [(current, current), *CURRENCIES]

    def settings(self, before: Settings) -> Settings:
        """The settings as the form has them; what it does not show stays as it was."""
        given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "name"}
        given.pop("deposit", None)
        given["weights"] = Weights(**{name: given.pop(f"weight_{name}") for name in WEIGHTS})
        given["working_days"] = tuple(day for day in WEEKDAYS if day in given["working_days"])
        return replace(before, **given)


def initial_of(settings: Settings, name: str) -> dict[str, Any]:
    """What the form shows first."""
    shown = {field: getattr(settings, field, None) for _, names in SECTIONS for field in names if field != "name"}
    charge, _, deposit = settings.charge.partition(":")
    shown |= {"charge": charge, "deposit": deposit or None}
    shown["authorisation_days"] = "\n".join(f"{name} {days}" for name, days in settings.authorisation_days)
    weights = {f"weight_{weight}": f"{getattr(settings.weights, weight).normalize():f}" for weight in WEIGHTS}
    return {**shown, **weights, "name": name, "holidays": "\n".join(day.isoformat() for day in settings.holidays)}

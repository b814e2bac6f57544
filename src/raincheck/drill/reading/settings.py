"""The drill's ``settings`` and ``policies``."""

from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from raincheck.core.calendar import WEEKDAYS
from raincheck.core.cards import LONGEST_WINDOW_DAYS, WINDOW_NAMES
from raincheck.core.errors import Malformed
from raincheck.core.money import deposit_of
from raincheck.core.policy import LEVELS, LIMITS, SUPPLY_LEVELS, Rule
from raincheck.core.settings import (
    LARGEST_MINIMUM_UNITS,
    LARGEST_WEIGHT,
    LONGEST_MERGE_HOURS,
    Settings,
    Weights,
)
from raincheck.core.site_plan import OBJECTIVES
from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.moments import read_date
from raincheck.drill.reading.names import Kind, Names
from raincheck.drill.reading.problems import shown
from raincheck.drill.scenario import BACKORDERS, CHARGES, LAWS, REPLENISHES, TIERS
from raincheck.words.countries import country_codes, country_names
from raincheck.words.currencies import currency_names, nearest_currency

MOST_DAYS = 3_650
MOST_MINUTES = 525_600
MOST_SHIPMENTS = 1_000


def read_days(entry: Entry) -> int:
    """A number of days."""
    return entry.whole(0, MOST_DAYS)


def read_country(entry: Entry) -> str:
    """An ISO 3166 country code of two letters, of a country that exists."""
    code = _code(entry, 2, "a country code of two letters such as US")
    if len(code) == 2 and code not in country_names():
        meant = country_codes().get(code.casefold())
        entry.refuse(f"there is no country {shown(code)!r}" + (f": write {meant}" if meant else ""))
    return code


def read_currency(entry: Entry) -> str:
    """An ISO 4217 currency code of three letters, of a currency that exists or did."""
    code = _code(entry, 3, "a currency code of three letters such as USD")
    if len(code) == 3 and code not in currency_names():
        near = nearest_currency(code)
        entry.refuse(f"there is no currency {shown(code)!r}", near=(code, [near]) if near else None)
    return code


def read_timezone(entry: Entry) -> str:
    """The name of a time zone that exists."""
    name = entry.text()
    if name and name not in available_timezones():
        entry.refuse(f"there is no time zone {shown(name)!r}", near=(name, available_timezones()))
        return "UTC"
    return name or "UTC"


def read_working_days(entry: Entry) -> tuple[str, ...]:
    """The days of the week on which work is done; at least one, none twice, from Monday on."""
    days = [day.choice(WEEKDAYS) for day in entry.each()]
    if not days:
        entry.refuse("needs at least one day: without one nothing would ever arrive")
    if len(days) != len(set(days)):
        entry.refuse("names a day twice")
    return tuple(day for day in WEEKDAYS if day in days)


def read_ship(entry: Entry) -> str:
    """A shipping policy: available, complete, or up_to:N for ``{up_to: N}``."""
    if not entry.is_mapping:
        return entry.choice(("available", "complete"))
    fields = entry.fields(("up_to",))
    return f"up_to:{fields['up_to'].whole(1, MOST_SHIPMENTS)}" if "up_to" in fields else "available"


_SETTINGS: dict[str, Callable[[Entry], Any]] = {
    "timezone": read_timezone,
    "country": read_country,
    "currency": lambda entry: read_currency(entry) or "USD",
    "working_days": read_working_days,
    "holidays": lambda entry: tuple(sorted({read_date(day) for day in entry.each()})),
    "ship": read_ship,
    "backorders": lambda entry: entry.choice(BACKORDERS),
    "warehouse": lambda entry: entry.choice(("automatic", "manual")),
    "handling_days": read_days,
    "transit_days": read_days,
    "receiving_days": read_days,
    "promise_confidence": lambda entry: entry.number(above=Decimal(0)),
    "tighten": Entry.flag,
    "told_dates": lambda entry: entry.choice(("keep", "by_rank")),
    "hold_days": read_days,
    "lend_days": read_days,
    "margin_days": read_days,
    "latest_days": read_days,
    "inbound_share": Entry.number,
    "settle_minutes": lambda entry: entry.whole(0, MOST_MINUTES),
    "charge": lambda entry: read_charge(entry),  # noqa: PLW0108 - it is defined below
    "replenish": lambda entry: entry.choice(REPLENISHES),
    "payment_grace_days": read_days,
    "pass_on_cuts": Entry.flag,
    "card_payments": Entry.flag,
    "authorisation_days": lambda entry: _windows(entry),  # noqa: PLW0108 - it is defined below
    "capture_variance": Entry.number,
    "law": lambda entry: entry.choice(LAWS),
    "advance_consent_days": lambda entry: entry.whole(1, MOST_DAYS),
    "feedback_days": read_days,
    "merge_hours": lambda entry: entry.whole(0, LONGEST_MERGE_HOURS),
    "site_choice": lambda entry: entry.choice(tuple(OBJECTIVES)),
    "weights": lambda entry: _weights(entry),  # noqa: PLW0108 - it is defined below
}


def read_settings(entry: Entry | None, base: Settings) -> Settings:
    """``base`` with what the file says on top of it."""
    if entry is None:
        return base
    fields = entry.fields((*_SETTINGS, "minimum_shipment"))
    values = {key: read(fields[key]) for key, read in _SETTINGS.items() if key in fields}
    if "minimum_shipment" in fields:
        minimum = read_minimum(fields["minimum_shipment"])
        values |= {"minimum_shipment_units": minimum["units"], "minimum_shipment_value": Decimal(minimum["value"])}
    return replace(base, **values)


def read_minimum(entry: Entry) -> dict[str, Any]:
    """The least that is worth a parcel: units and value, 0 where nothing is said."""
    fields = entry.fields(("units", "value"))
    units = fields["units"].whole(0, LARGEST_MINIMUM_UNITS) if "units" in fields else 0
    value = fields["value"].money() if "value" in fields else Decimal(0)
    return {"units": units, "value": str(value)}


def read_charge(entry: Entry) -> str:
    """When a line is charged: shipment, order, or ``deposit:0.2`` for ``{deposit: "0.2"}``."""
    if not entry.is_mapping:
        return entry.choice(CHARGES)
    fields = entry.fields(("deposit",), required=("deposit",))
    if "deposit" not in fields:
        return CHARGES[0]
    share = fields["deposit"].number()
    try:
        return deposit_of(share)
    except Malformed as fault:
        fields["deposit"].refuse(str(fault))
        return CHARGES[0]


def _windows(entry: Entry) -> tuple[tuple[str, int], ...]:
    """Days for which authorisations hold, by scheme or by scheme and use."""
    return tuple((name, days.whole(1, LONGEST_WINDOW_DAYS)) for name, days in entry.fields(WINDOW_NAMES).items())


def _weights(entry: Entry) -> Weights:
    names = [weight.name for weight in dataclass_fields(Weights)]
    return Weights(**{name: value.number(most=LARGEST_WEIGHT) for name, value in entry.fields(names).items()})


def read_policies(entry: Entry | None, names: Names) -> tuple[Rule, ...]:
    """The rules, numbered from 1 in the order of the file."""
    rules = entry.each() if entry else []
    return tuple(_rule(str(number), rule, names) for number, rule in enumerate(rules, start=1))


_EFFECTS: dict[str, Callable[[Entry], Any]] = {
    "ship": read_ship,
    "backorders": lambda entry: entry.choice(BACKORDERS),
    "backorder_limit": Entry.whole,
    "charge": lambda entry: read_charge(entry),  # noqa: PLW0108 - it is defined below
    "latest_days": read_days,
    "inbound_share": lambda entry: str(entry.number()),
    "replenish": lambda entry: entry.choice(REPLENISHES),
    "minimum_shipment": read_minimum,
    "merge_hours": lambda entry: entry.whole(0, LONGEST_MERGE_HOURS),
}
_REFERENCES: dict[str, Kind] = {
    "product": "product",
    "customer": "customer",
    "category": "category",
    "site": "site",
}


def _rule(number: str, entry: Entry, names: Names) -> Rule:
    fields = entry.fields(("when", *_EFFECTS), required=("when",), keep_nothing=True)
    effects = {
        key: None if fields[key].is_nothing else read(fields[key])
        for key, read in _EFFECTS.items()
        if key in fields and (key in LIMITS or not fields[key].is_nothing)
    }
    if not effects and entry.is_mapping:
        entry.refuse(f"changes nothing: it needs one of {', '.join(_EFFECTS)}")
    when = {}
    if "when" in fields and fields["when"].is_nothing:
        entry.refuse("needs `when`; {} is every line")
    elif "when" in fields:
        for condition, value in fields["when"].fields(LEVELS).items():
            if condition in _REFERENCES:
                when[condition] = names.read(value, _REFERENCES[condition])
            else:
                when[condition] = value.choice(TIERS) if condition == "tier" else value.text()
    if "inbound_share" in effects and not set(when) <= set(SUPPLY_LEVELS):
        entry.refuse("inbound_share speaks of supply, which has no customer yet: ask for a product or a category")
    return Rule(number, when, effects)


def _code(entry: Entry, letters: int, what: str) -> str:
    code = entry.text().upper()
    if code and not (len(code) == letters and code.isascii() and code.isalpha()):
        entry.refuse(f"{shown(code)!r} is not {what}")
    return code

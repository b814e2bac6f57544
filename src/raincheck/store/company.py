"""The company's settings and rules, read from and written to their rows."""

from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from raincheck.core.policy import Rule
from raincheck.core.settings import Settings, Weights
from raincheck.store.db import one, run

_DECIMALS = {
    "promise_confidence",
    "inbound_share",
    "minimum_shipment_value",
    "capture_variance",
    "parcel_cost",
    "waiting_percent",
}


def read_settings() -> Settings:
    """The company's settings; the defaults where nothing is set."""
    return read_company()[0]


def read_company() -> tuple[Settings, tuple[Rule, ...]]:
    """The company's settings and the rules in force, in one look."""
    found = one(
        """SELECT (SELECT settings::text FROM company WHERE id = 1),
                  (SELECT json_agg(json_build_array(id, "when", "then") ORDER BY id) FROM policy_rule
                   WHERE ended_at IS NULL)::text"""
    )
    return parsed_settings(found[0] or "{}"), parsed_rules(found[1] or "[]")


@lru_cache(maxsize=64)
def parsed_settings(text: str) -> Settings:
    """Settings from their column's text; the same text gives the same value again."""
    return settings_from_json(orjson.loads(text))


@lru_cache(maxsize=64)
def parsed_rules(text: str) -> tuple[Rule, ...]:
    """Rules from the JSON array of their rows [id, when, then]; the same text gives the same value again."""
    return tuple(Rule(str(id_), when, then) for id_, when, then in orjson.loads(text))


def settings_from_json(stored: dict[str, Any]) -> Settings:
    """Settings from their stored form."""
    values: dict[str, Any] = {}
    for name, value in stored.items():
        if name in _DECIMALS:
            values[name] = None if value is None else Decimal(value)
        elif name == "holidays":
            values[name] = tuple(date.fromisoformat(day) for day in value)
        elif name == "working_days":
            values[name] = tuple(value)
        elif name == "authorisation_days":
            values[name] = tuple((window, int(days)) for window, days in value)
        elif name == "weights":
            values[name] = Weights(**{weight: Decimal(number) for weight, number in value.items()})
        else:
            values[name] = value
    return Settings(**values)


def settings_to_json(settings: Settings) -> dict[str, Any]:
    """The stored form of settings: only what differs from the defaults."""
    default = Settings()
    stored: dict[str, Any] = {}
    for field in fields(Settings):
        value = getattr(settings, field.name)
        if value == getattr(default, field.name):
            continue
        if field.name == "weights":
            stored[field.name] = {name: str(number) for name, number in asdict(value).items()}
        elif field.name == "holidays":
            stored[field.name] = [day.isoformat() for day in value]
        elif field.name == "working_days":
            stored[field.name] = list(value)
        else:
            stored[field.name] = str(value) if isinstance(value, Decimal) else value
    return stored


def write_settings(settings: Settings, name: str | None = None) -> None:
    """Stores the company's settings (and its name, if given)."""
    run(
        """INSERT INTO company (id, name, settings, version) VALUES (1, coalesce(%s, 'My company'), %s::jsonb, 1)
           ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, version = company.version + 1,
               name = coalesce(%s, company.name)""",
        [name, orjson.dumps(settings_to_json(settings)).decode(), name],
    )


def add_rule(when: dict[str, str], then: dict[str, Any], at: datetime) -> int:
    """Puts a rule in force; its id."""
    found = one(
        'INSERT INTO policy_rule ("when", "then", created_at) VALUES (%s::jsonb, %s::jsonb, %s) RETURNING id',
        [orjson.dumps(when).decode(), orjson.dumps(then).decode(), at],
    )
    return int(found[0])


def end_rule(rule_id: int, at: datetime) -> bool:
    """Takes a rule out of force; False if none such was in force."""
    return run("UPDATE policy_rule SET ended_at = %s WHERE id = %s AND ended_at IS NULL", [at, rule_id]) > 0

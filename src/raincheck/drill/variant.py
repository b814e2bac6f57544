"""The same company and events under other rules: a variant changes settings and policies, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from raincheck.core.policy import Rule
from raincheck.core.settings import Settings
from raincheck.drill.expectation import Expectation
from raincheck.drill.scenario import Scenario

AS_IT_IS = "As the file says"
"""The title of the drill without any change, to which the variants are compared."""


@dataclass(frozen=True, slots=True)
class Variant:
    """`settings` are whole: the drill's with the changes on top. `policies` is None where the drill's own stay."""

    title: str
    settings: Settings
    policies: tuple[Rule, ...] | None = None

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario under these rules. What its author expects was written for the file as it is."""
        policies = scenario.policies if self.policies is None else self.policies
        return replace(scenario, title=self.title, settings=self.settings, policies=policies, expect=Expectation())

    def changes_nothing(self, base: Settings) -> bool:
        """Whether it is the drill as it is, under another title."""
        return self.policies is None and self.settings == base


def changed(base: Settings, settings: Settings) -> dict[str, Any]:
    """The settings that differ from the base, named as in a drill file, as plain JSON values."""
    found = {
        field.name: _plain(getattr(settings, field.name))
        for field in fields(Settings)
        if getattr(settings, field.name) != getattr(base, field.name)
    }
    minimum = {
        key: found.pop(f"minimum_shipment_{key}") for key in ("units", "value") if f"minimum_shipment_{key}" in found
    }
    return {**found, "minimum_shipment": minimum} if minimum else found


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return _plain(dict(value)) if isinstance(value, Mapping) and not isinstance(value, dict) else value

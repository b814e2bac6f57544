"""A policy rule as a form: when a line is such and such, this setting holds."""

from typing import Any

from django import forms

from raincheck.core.policy import LEVELS

LEVEL_WORDS = {
    "product": "Product (SKU)",
    "customer": "Customer (code)",
    "category": "Category",
    "tier": "Tier",
    "channel": "Channel",
    "site": "Site",
}
OUTCOMES = (
    ("ship=available", "Shipping: as it comes"),
    ("ship=complete", "Shipping: all at once"),
    ("backorders=allow", "Backorders: allowed"),
    ("backorders=deny", "Backorders: not allowed"),
    ("charge=shipment", "Charged: when it ships"),
    ("charge=order", "Charged: with the order"),
    ("backorder_limit", "Backorder limit: so many units"),
)
WORKING_LEVELS = tuple(level for level in LEVELS if level != "site")


class RuleForm(forms.Form):
    """One or two conditions and one setting."""

    level = forms.ChoiceField(label="When the", choices=[(level, LEVEL_WORDS[level]) for level in WORKING_LEVELS])
    value = forms.CharField(label="is", max_length=100)
    level_2 = forms.ChoiceField(
        label="and the",
        required=False,
        choices=[("", "(no more)"), *((level, LEVEL_WORDS[level]) for level in WORKING_LEVELS)],
    )
    value_2 = forms.CharField(label="is", max_length=100, required=False)
    then = forms.ChoiceField(label="then", choices=OUTCOMES)
    limit = forms.IntegerField(label="Units", required=False, min_value=0, max_value=1_000_000_000)

    def clean(self) -> dict[str, Any]:
        """A limit needs its number, a second condition its value and another level than the first."""
        given = super().clean() or {}
        if given.get("then") == "backorder_limit" and given.get("limit") is None:
            self.add_error("limit", "Say how many units.")
        if given.get("level_2") and not given.get("value_2"):
            self.add_error("value_2", "Say what it is.")
        if given.get("level_2") and given.get("level_2") == given.get("level"):
            self.add_error("level_2", "Choose another one than above.")
        for level, value in (("level", "value"), ("level_2", "value_2")):
            if given.get(level) == "tier" and given.get(value) not in (None, "gold", "silver", "standard"):
                self.add_error(value, "Tiers are gold, silver and standard.")
        return given

    def rule(self) -> tuple[dict[str, str], dict[str, Any]]:
        """What the rule asks, and what it sets."""
        given = self.cleaned_data
        when = {given["level"]: given["value"].strip()}
        if given["level_2"]:
            when[given["level_2"]] = given["value_2"].strip()
        setting, _, value = given["then"].partition("=")
        return when, {setting: given["limit"] if setting == "backorder_limit" else value}

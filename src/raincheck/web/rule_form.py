"""A policy rule as a form: when a line is such and such, this setting holds."""

from decimal import Decimal
from typing import Any, Final

from django import forms

from raincheck.core.errors import Malformed
from raincheck.core.money import deposit_of
from raincheck.core.policy import LEVELS, SUPPLY_LEVELS

LEVEL_WORDS: Final = {
    "product": "Product (SKU)",
    "customer": "Customer (code)",
    "category": "Category",
    "tier": "Tier",
    "channel": "Channel",
    "site": "Site",
}
OUTCOMES: Final = (
    ("ship=available", "Shipping: as it comes"),
    ("ship=complete", "Shipping: all at once"),
    ("ship=up_to", "Shipping: in so many parcels at most"),
    ("minimum_shipment", "Shipping: parcels of so many units at least"),
    ("merge_hours", "Shipping: wait so many hours to share a parcel"),
    ("backorders=allow", "Backorders: allowed"),
    ("backorders=deny", "Backorders: not allowed"),
    ("backorder_limit", "Backorders: so many units wait at most"),
    ("latest_days", "Backorders: promised within so many days, or refused"),
    ("inbound_share", "Backorders: this share of an inbound may be promised (0 to 1)"),
    ("charge=shipment", "Charged: when it ships"),
    ("charge=deposit", "Charged: this share with the order (0 to 1), the rest when it ships"),
    ("charge=order", "Charged: with the order"),
    ("replenish=review", "Bought: at the review"),
    ("replenish=order", "Bought: when it is ordered"),
    ("replenish=pack", "Bought: when it is packed"),
    ("replenish=ship", "Bought: when it ships"),
)
WORKING_LEVELS: Final = tuple(level for level in LEVELS if level != "site")
MOST: Final = {"ship=up_to": 1_000, "merge_hours": 8_760, "latest_days": 3_650, "inbound_share": 1}
LEAST: Final = {"ship=up_to": 1}
MOST_UNITS: Final = 1_000_000_000


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
    limit = forms.DecimalField(label="Number", required=False, max_digits=12, decimal_places=3, localize=False)

    def clean(self) -> dict[str, Any]:
        """A number needs its bounds, a second condition its value and another level than the first."""
        given = super().clean() or {}
        self._clean_number(given)
        if given.get("level_2") and not given.get("value_2"):
            self.add_error("value_2", "Say what it is.")
        if given.get("level_2") and given.get("level_2") == given.get("level"):
            self.add_error("level_2", "Choose another one than above.")
        for level, value in (("level", "value"), ("level_2", "value_2")):
            if given.get(level) == "tier" and given.get(value) not in (None, "gold", "silver", "standard"):
                self.add_error(value, "Tiers are gold, silver and standard.")
            if given.get("then") == "inbound_share" and given.get(level) and given[level] not in SUPPLY_LEVELS:
                self.add_error(level, "What comes in has no customer yet: choose a product or a category.")
        return given

    def _clean_number(self, given: dict[str, Any]) -> None:
        then, number = given.get("then", ""), given.get("limit")
        if then == "charge=deposit":
            self._clean_deposit(number)
            return
        if "=" in then and then != "ship=up_to":
            return
        least, most = LEAST.get(then, 0), MOST.get(then, MOST_UNITS)
        if number is None:
            if "limit" not in self.errors:
                self.add_error("limit", "Say the number.")
        elif not least <= number <= most:
            self.add_error("limit", f"A number from {least} to {most}.")
        elif then != "inbound_share" and number != number.to_integral_value():
            self.add_error("limit", "A whole number.")

    def _clean_deposit(self, share: Decimal | None) -> None:
        try:
            deposit_of(share if share is not None else Decimal(0))
        except Malformed:
            self.add_error("limit", "A share above 0 and below 1, such as 0.2.")

    def rule(self) -> tuple[dict[str, str], dict[str, Any]]:
        """What the rule asks, and what it sets."""
        given = self.cleaned_data
        when = {given["level"]: given["value"].strip()}
        if given["level_2"]:
            when[given["level_2"]] = given["value_2"].strip()
        return when, _effect(given["then"], given["limit"])


def _effect(then: str, number: Decimal | None) -> dict[str, Any]:
    setting, _, value = then.partition("=")
    if then == "ship=up_to":
        return {"ship": f"up_to:{int(number or 1)}"}
    if then == "charge=deposit":
        return {"charge": deposit_of(number or Decimal(0))}
    if value:
        return {setting: value}
    if setting == "inbound_share":
        return {setting: str((number or Decimal(0)).normalize())}
    if setting == "minimum_shipment":
        return {setting: {"units": int(number or 0), "value": "0"}}
    return {setting: int(number or 0)}

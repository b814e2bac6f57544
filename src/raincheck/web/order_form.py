"""The form for an order taken by hand: its head as a Django form, its lines as pairs of fields."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import DecimalValidator

from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.money import decimals_of
from raincheck.web.shipping_choices import SHIPPING

MOST_LINES = 200


class OrderForm(forms.Form):
    """Who orders, how it ships, what is charged besides the goods, and which card pays."""

    ref = forms.CharField(label="Reference", max_length=100, help_text="Your own number for it.")
    customer = forms.CharField(
        label="Customer",
        max_length=100,
        required=False,
        help_text="The customer’s code. Empty: nobody on record.",
        widget=forms.TextInput(attrs={"list": "customer-options", "autocomplete": "off"}),
    )
    ship = forms.ChoiceField(
        label="Shipping",
        required=False,
        choices=[("", "As the rules say"), *SHIPPING],
    )
    wanted_on = forms.DateField(
        label="Wanted on",
        required=False,
        help_text="Not delivered before that day. Empty: as soon as it can be.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    channel = forms.ChoiceField(
        label="Came by", choices=[("phone", "Phone"), ("email", "E-mail"), ("counter", "Counter"), ("web", "Web")]
    )

    shipping_fee = forms.DecimalField(
        label="Shipping fee", required=False, min_value=0, max_digits=12, help_text="Once, with the first charge."
    )
    tax = forms.DecimalField(
        label="Tax", required=False, min_value=0, max_digits=12, help_text="Of the whole order, on top of the prices."
    )
    card = forms.CharField(
        label="Card",
        required=False,
        max_length=200,
        help_text="The processor’s token of it, never its number. Empty: charged elsewhere.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "cus_…/pm_…"}),
    )

    def __init__(self, *args: Any, currency: str, takes_cards: bool, cards: Sequence[tuple[str, str]], **more: Any):
        """`cards`: those of the test processor, by name; empty where another processor's tokens are typed in."""
        super().__init__(*args, **more)
        decimals = decimals_of(currency)
        for name in ("shipping_fee", "tax"):
            field = self.fields[name]
            field.decimal_places = decimals  # type: ignore[attr-defined]
            field.validators.append(DecimalValidator(12, decimals))
            field.widget.attrs.update({"step": str(Decimal(1).scaleb(-decimals)), "inputmode": "decimal"})
            field.label = f"{field.label}, {currency}"
        if not takes_cards:
            del self.fields["card"]
        elif cards:
            self.fields["card"] = forms.ChoiceField(
                label="Test card",
                required=False,
                choices=[("", "None: charged elsewhere"), *cards],
                help_text="The test processor moves no money.",
            )

    def request(self, lines: dict[str, int], sold_by: str = "") -> OrderRequest:
        """What is asked for, once the form is valid."""
        given = self.cleaned_data
        return OrderRequest(
            ref=given["ref"].strip(),
            lines=tuple(AskedLine(sku, units) for sku, units in lines.items()),
            customer=given["customer"].strip() or None,
            channel=given["channel"],
            ship=given["ship"] or None,
            wanted_on=given["wanted_on"],
            shipping_fee=given["shipping_fee"] or Decimal(0),
            tax=given["tax"] or Decimal(0),
            card=given.get("card", ""),
            sold_by=sold_by,
        )


def first_values(now: datetime) -> dict[str, Any]:
    """A reference that no other order of this second has, by the clock that people here read."""
    return {"ref": f"H-{now:%y%m%d-%H%M%S}", "channel": "phone"}

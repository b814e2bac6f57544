"""The form for an order taken by hand: its head as a Django form, its lines as pairs of fields."""

from datetime import datetime
from typing import Any

from django import forms

from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.web.shipping_choices import SHIPPING

MOST_LINES = 200


class OrderForm(forms.Form):
    """Who orders, how it ships, where it goes."""

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
    channel = forms.ChoiceField(
        label="Came by", choices=[("phone", "Phone"), ("email", "E-mail"), ("counter", "Counter"), ("web", "Web")]
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
            sold_by=sold_by,
        )


def first_values(now: datetime) -> dict[str, Any]:
    """A reference that no other order of this minute has."""
    return {"ref": f"H-{now:%y%m%d-%H%M%S}", "channel": "phone"}

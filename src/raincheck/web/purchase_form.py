"""The form for a new purchase order: its head as a Django form, its lines as pairs of fields."""

from collections.abc import Sequence
from typing import Any

from django import forms

from raincheck.store.reads.choices import Choice


class PurchaseForm(forms.Form):
    """The head of a purchase order."""

    po = forms.CharField(
        label="Number", max_length=100, help_text="Your own number for it, as the supplier will see it."
    )
    due_on = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="The day of arrival."
    )
    state = forms.ChoiceField(
        label="State",
        choices=[("draft", "Draft"), ("sent", "Sent to the supplier"), ("confirmed", "Confirmed by the supplier")],
        initial="sent",
        help_text="Only a confirmed order with a date is promised to customers.",
    )

    def __init__(self, suppliers: Sequence[Choice], sites: Sequence[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"] = forms.ChoiceField(label="Supplier", choices=_pairs(suppliers))
        self.fields["site"] = forms.ChoiceField(label="To site", choices=_pairs(sites))
        self.order_fields(["po", "supplier", "site", "due_on", "state"])

    def clean(self) -> dict[str, Any]:
        """A confirmed order needs its day."""
        given = super().clean() or {}
        if given.get("state") == "confirmed" and given.get("due_on") is None and "due_on" not in self.errors:
            self.add_error("due_on", "A confirmed order has a day of arrival.")
        return given


def _pairs(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.code, choice.name) for choice in choices]

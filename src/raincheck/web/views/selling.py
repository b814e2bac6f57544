"""How a product is sold: the page on which that is changed."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raincheck.actions.selling_terms import SellingTerms, change_selling_terms
from raincheck.core.errors import Malformed, NotFound
from raincheck.store.reads.records import read_products
from raincheck.store.records import ProductRecord
from raincheck.web.access import permitted
from raincheck.web.acting import say_done, sentence

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

MOST_PARTS: Final = 200
MOST_UNITS: Final = 1_000_000


class SellingForm(forms.Form):
    """A product's own terms. What is left empty is as the company's rules have it."""

    price = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=14, decimal_places=4)
    backorder = forms.ChoiceField(
        label="When there is none left",
        required=False,
        choices=[("", "As the rules say"), ("allow", "Take orders: they wait"), ("deny", "Refuse orders")],
    )
    backorder_limit = forms.IntegerField(
        label="Units that may wait at the most",
        required=False,
        min_value=0,
        max_value=MOST_UNITS,
        help_text="Of all orders together. What is over it is refused.",
    )
    available_from = forms.DateField(
        label="On sale from",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Orders before that day are pre-orders: nothing of it leaves earlier, even with stock.",
    )
    criticality = forms.ChoiceField(
        label="How critical it is",
        required=False,
        choices=[("", "Not said"), ("A", "A: most"), ("B", "B"), ("C", "C: least")],
        help_text="Counts where the company ranks by it, under Settings > Company.",
    )
    kit = forms.CharField(
        label="Made of",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "code", "placeholder": "LAMP 2"}),
        help_text="A kit’s parts, one a line: SKU and units. It ships whole, from stock of its parts; open orders keep "
        "what they were sold.",
    )

    def clean_kit(self) -> dict[str, int]:
        """Units by part."""
        parts: dict[str, int] = {}
        for text in filter(None, map(str.strip, self.cleaned_data["kit"].splitlines())):
            sku, _, units = text.rpartition(" ")
            # A number of thousands of digits is no number to Python either.
            is_number = units.isascii() and units.isdigit() and len(units) <= len(str(MOST_UNITS))
            if not sku.strip() or not is_number or not 1 <= int(units) <= MOST_UNITS:
                raise ValidationError(f"“{text}”: write a part’s SKU, a space, and its units in one kit.")
            if sku.strip() in parts:
                raise ValidationError(f"{sku.strip()} stands there twice: write it once, with the units added up.")
            parts[sku.strip()] = int(units)
        if len(parts) > MOST_PARTS:
            raise ValidationError(f"A kit has at most {MOST_PARTS} parts.")
        return parts


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("product.terms")
def selling(request: "ConsoleRequest", sku: str) -> HttpResponse:
    """The terms as they are; a POST changes them."""
    record = next(read_products([sku]), None)
    if record is None:
        raise Http404(f"product {sku!r} does not exist")
    form = SellingForm(request.POST or None, initial=_initial(record))
    if form.is_valid():
        try:
            changed = change_selling_terms(sku, SellingTerms(**form.cleaned_data), actor=request.user.get_username())
        except (Malformed, NotFound) as error:
            form.add_error("price" if str(error).startswith("price") else "kit", sentence(error))
        else:
            said = f"{sku}: orders from now on are taken on these terms." if changed else f"{sku} is sold so already."
            return say_done(request, said, reverse("product", args=[sku]))
    return render(
        request, "web/product/selling.html", {"form": form, "record": record}, status=422 if form.errors else 200
    )


def _initial(record: ProductRecord) -> dict[str, Any]:
    shown = replace(record, price=None if record.price is None else record.price.normalize() + 0)
    parts = "\n".join(f"{part} {units}" for part, units in record.kit.items())
    return {name: getattr(shown, name) for name in SellingForm.base_fields if name != "kit"} | {"kit": parts}

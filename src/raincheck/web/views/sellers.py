"""Sellers of record: kept, and told which products are theirs."""

from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions.sellers import save_seller, say_who_sells
from raincheck.core.calendar import WEEKDAYS
from raincheck.core.errors import Malformed
from raincheck.store.reads.sellers import seller_views
from raincheck.store.sellers import SellerRecord
from raincheck.web.access import permitted
from raincheck.web.acting import act, say_done, sentence
from raincheck.web.company_form import DAY_NAMES
from raincheck.web.long_choices import Select
from raincheck.web.zone import zone_names

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


class SellerForm(forms.Form):
    """A seller; what is left empty is the company's."""

    code = forms.CharField(label="Code", max_length=100, help_text="As orders and products name it.")
    name = forms.CharField(label="Name", max_length=200, required=False)
    address = forms.CharField(label="Address", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    law = forms.ChoiceField(
        label="Law",
        required=False,
        choices=[("", "The company’s"), ("us-ftc-435", "16 CFR 435 (US)"), ("eu-2011-83", "Directive 2011/83 (EU)"),
                 ("none", "None")],
        help_text="For orders placed from then on.",
    )  # fmt: skip
    timezone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=[("", "The company’s"), *((name, name) for name in zone_names())],
        widget=Select,
    )
    working_days = forms.MultipleChoiceField(
        label="Working days",
        required=False,
        choices=list(zip(WEEKDAYS, DAY_NAMES, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        help_text="In which money is due back. None: the company’s, holidays included.",
    )
    holidays = forms.CharField(
        label="Holidays",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One day a line, such as 2026-12-25. They count with working days of its own.",
    )

    def clean_holidays(self) -> tuple[date, ...]:
        """The days, sorted."""
        try:
            return tuple(sorted({date.fromisoformat(line) for line in self.cleaned_data["holidays"].split()}))
        except ValueError:
            raise forms.ValidationError("Write each day like 2026-12-25, one a line.") from None

    def record(self) -> SellerRecord:
        """The seller as the form has it."""
        given = self.cleaned_data
        return SellerRecord(**{**given, "working_days": tuple(d for d in WEEKDAYS if d in given["working_days"])})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("law.change")
def sellers(request: "ConsoleRequest") -> HttpResponse:
    """The sellers, and a form for a new one or to change one."""
    known = seller_views()
    chosen = next((one for one in known if one.code == request.GET.get("seller", "")), None)
    if request.method == "POST":
        form = SellerForm(request.POST)
        if form.is_valid():
            try:
                save_seller(form.record(), actor=request.user.get_username())
                return say_done(request, f"{form.cleaned_data['code']} is saved.", reverse("sellers"))
            except Malformed as error:
                form.add_error(None, sentence(error))
    else:
        shown = {name: getattr(chosen, name) for name in SellerForm.base_fields} if chosen else {}
        form = SellerForm(initial={**shown, "holidays": "\n".join(chosen.holidays)} if chosen else None)
    context = {"sellers": known, "chosen": chosen, "form": form}
    return render(request, "web/law/sellers.html", context, status=422 if form.errors else 200)


@require_POST
@permitted("law.change")
def sells(request: "ConsoleRequest") -> HttpResponse:
    """Says who sells a product in orders to come."""
    sku, code = request.POST.get("sku", "").strip(), request.POST.get("seller", "").strip()
    who = code or request.company.name or "the company itself"
    actor = request.user.get_username()
    return act(
        request, lambda: say_who_sells(sku, code, actor=actor), f"{sku} is sold by {who} from now on.",
        reverse("sellers"),
    )  # fmt: skip

"""A person's own settings that are no matter of sign-in: the time zone."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from raincheck.web.access import permitted
from raincheck.web.long_choices import Select
from raincheck.web.zone import chosen_zone, remember_zone, zone_names

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


class ZoneForm(forms.Form):
    """The zone in which this device shows times; empty for the company's."""

    def __init__(self, company_zone: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        choices = [("", f"The company's zone ({company_zone})"), *((name, name) for name in zone_names())]
        self.fields["zone"] = forms.ChoiceField(label="Show times in", required=False, choices=choices, widget=Select)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("own.account")
def own_settings(request: "ConsoleRequest") -> HttpResponse:
    """Choose the time zone. It is kept on this device."""
    company_zone = request.company.timezone
    if request.method == "POST":
        form = ZoneForm(company_zone, request.POST)
        if form.is_valid():
            response = redirect("own_settings")
            remember_zone(response, form.cleaned_data["zone"])
            messages.success(request, f"Times are shown in {form.cleaned_data['zone'] or company_zone} from now on.")
            return response
    else:
        form = ZoneForm(company_zone, initial={"zone": chosen_zone(request)})
    return render(request, "web/account/own_settings.html", {"form": form})

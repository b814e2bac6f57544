"""Settings: the carriers that parcels are given to, and the page of each that follows a number."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.track_parcel import remove_carrier, save_carrier
from raincheck.core.errors import Malformed
from raincheck.core.tracking import LONGEST_LINK, LONGEST_NAME
from raincheck.store.reads.carriers import carrier_views
from raincheck.web.access import permitted
from raincheck.web.acting import act, say_done, sentence

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


class CarrierForm(forms.Form):
    """A carrier and its page."""

    name = forms.CharField(max_length=LONGEST_NAME, help_text="As people of the warehouse choose it.")
    link = forms.CharField(
        label="Page that follows a parcel",
        required=False,
        max_length=LONGEST_LINK,
        help_text="Such as https://carrier.example/track/{number}: {number} stands for the parcel’s number. "
        "Empty: customers see the number alone.",
    )


@require_safe
@permitted("settings.view")
def carriers(request: "ConsoleRequest") -> HttpResponse:
    """Every carrier; `change` names one whose page the form begins with."""
    views = carrier_views()
    chosen = next((view for view in views if view.name == request.GET.get("change")), None)
    form = CarrierForm(initial={"name": chosen.name, "link": chosen.link} if chosen else None)
    return _page(request, form)


@require_POST
@permitted("settings.change")
def save(request: "ConsoleRequest") -> HttpResponse:
    """Adds a carrier, or changes the page of the one of that name."""
    form = CarrierForm(request.POST)
    if form.is_valid():
        try:
            saved = save_carrier(
                form.cleaned_data["name"], form.cleaned_data["link"], actor=request.user.get_username()
            )
            return say_done(
                request, f"{saved.name} is saved. Links of parcels already sent follow it.", reverse("carriers")
            )
        except Malformed as error:
            form.add_error("link" if "link" in str(error) else "name", sentence(error))
    return _page(request, form)


@require_POST
@permitted("settings.change")
def remove(request: "ConsoleRequest") -> HttpResponse:
    """Takes a carrier of the company's own away."""
    name = request.POST.get("name", "")
    actor = request.user.get_username()
    return act(request, lambda: remove_carrier(name, actor=actor), f"{name} is removed.", reverse("carriers"))


def _page(request: "ConsoleRequest", form: CarrierForm) -> HttpResponse:
    context = {"form": form, "carriers": carrier_views()}
    return render(request, "web/settings/carriers.html", context, status=422 if form.errors else 200)

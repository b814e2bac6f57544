"""Settings: where the shop's pages are, its feed's address, how long baskets hold stock and offers stand."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions.permissions import PERMISSIONS
from raincheck.actions.save_shop import (
    LONGEST_HOLD_MINUTES,
    LONGEST_OFFER_HOURS,
    MOST_HOLDS,
    renew_feed_key,
    save_shop,
)
from raincheck.core.errors import Malformed
from raincheck.store.reads.shop import ShopSettings, shop_settings
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


class ShopForm(forms.Form):
    """How the shop is set up."""

    product_url = forms.CharField(
        label="Product page",
        required=False,
        max_length=500,
        help_text="Such as https://shop.example/p/{sku}: {sku} stands for the product. The feed needs it.",
    )
    image_url = forms.CharField(
        label="Picture", required=False, max_length=500, help_text="Such as https://shop.example/img/{sku}.jpg."
    )
    hold_minutes = forms.IntegerField(
        label="Longest hold",
        min_value=0,
        max_value=LONGEST_HOLD_MINUTES,
        help_text="Minutes for which a basket may hold stock. 0: baskets hold nothing.",
    )
    holds_per_key = forms.IntegerField(
        label="Holds at once",
        min_value=0,
        max_value=MOST_HOLDS,
        help_text="The most baskets that one API key may hold.",
    )
    offer_hours = forms.IntegerField(
        label="An offer stands",
        min_value=1,
        max_value=LONGEST_OFFER_HOURS,
        help_text="Hours in which a customer can take a substitute that was offered.",
    )
    confirms_interest = forms.BooleanField(
        label="Ask by mail before somebody is told that a product is back", required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("settings.view")
def shop(request: "ConsoleRequest") -> HttpResponse:
    """The shop's settings; changing them takes another permission than seeing them."""
    before = shop_settings()
    if request.method == "POST":
        if not request.person.may("settings.change"):
            raise PermissionDenied(PERMISSIONS["settings.change"])
        form = ShopForm(request.POST)
        if form.is_valid() and _save(form, before, request.user.get_username()):
            messages.success(request, "Saved.")
            return redirect("settings_shop")
    else:
        form = ShopForm(initial={name: getattr(before, name) for name in ShopForm.base_fields})
    may_see_feed = request.person.may("settings.change") and bool(before.feed_key)
    context = {
        "form": form,
        "feed_key": before.feed_key if may_see_feed else "",
        "has_feed": bool(before.feed_key),
        "base": request.build_absolute_uri("/api/v1/feeds/"),
        "has_links": bool(before.product_url),
    }
    return render(request, "web/settings/shop.html", context, status=422 if form.errors else 200)


@require_POST
@permitted("settings.change")
def renew_feed(request: "ConsoleRequest") -> HttpResponse:
    """Gives the feed an address, or a new one."""
    actor = request.user.get_username()
    done = "The feed has a new address. An earlier one is dead."
    return act(request, lambda: renew_feed_key(actor=actor), done, reverse("settings_shop"))


def _save(form: ShopForm, before: ShopSettings, actor: str) -> bool:
    try:
        save_shop(replace(before, **form.cleaned_data), actor=actor)
    except Malformed as error:
        field = "image_url" if "picture" in str(error) else "product_url"
        form.add_error(field, sentence(error))
        return False
    return True

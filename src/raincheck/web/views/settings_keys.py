"""Settings: keys of the HTTP API. A key is shown once, on the page that made it."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions.api_keys import make_api_key, revoke_api_key
from raincheck.actions.permissions import PERMISSIONS, ROLE_DESCRIPTIONS
from raincheck.core.errors import Malformed
from raincheck.store.reads.rules import api_keys
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

# What only a person can do is no scope.
SCOPES = [
    *((role.value, f"Role {role.value}: {text}") for role, text in ROLE_DESCRIPTIONS.items()),
    *((name, f"{name}: {text}") for name, text in PERMISSIONS.items() if name not in ("own.account", "user.manage")),
]


class KeyForm(forms.Form):
    """A name by which to know the key, and what it may do."""

    name = forms.CharField(max_length=100, help_text="Who or what uses it, such as “web shop”.")
    scopes = forms.MultipleChoiceField(
        label="May",
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        help_text="As little as it needs.",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permitted("apikey.manage")
def keys(request: "ConsoleRequest") -> HttpResponse:
    """The keys, a form for a new one, and the new one itself right after it was made."""
    form = KeyForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = make_api_key(given["name"], given["scopes"], actor=request.user.get_username())
            form = KeyForm()
        except Malformed as error:
            form.add_error(None, sentence(error))
    status = 422 if form.errors else 200
    context = {"form": form, "keys": api_keys(), "made": made}
    return render(request, "web/settings/keys.html", context, status=status)


@require_POST
@permitted("apikey.manage")
def revoke_key(request: "ConsoleRequest", prefix: str) -> HttpResponse:
    """Revokes a key: from now on it opens nothing."""
    return act(
        request,
        lambda: revoke_api_key(prefix, actor=request.user.get_username()),
        f"The key {prefix}… is revoked.",
        reverse("keys"),
    )

"""Settings: who can sign in, with which roles."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions.people import NewPerson, add_person, change_roles, give_password, set_active
from raincheck.actions.permissions import ROLE_DESCRIPTIONS
from raincheck.core.errors import RaincheckError
from raincheck.store.reads.people import people as read_people
from raincheck.web.access import permitted
from raincheck.web.acting import act, say_done, sentence

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

ROLES = [(role.value, f"{role.value.capitalize()}: {text}") for role, text in ROLE_DESCRIPTIONS.items()]


class PersonForm(forms.Form):
    """Somebody new."""

    username = forms.SlugField(label="Username", max_length=150)
    first_name = forms.CharField(label="First name", max_length=150, required=False)
    last_name = forms.CharField(label="Last name", max_length=150, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    password = forms.CharField(
        label="First password",
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ten signs or more. Ask them to change it.",
    )
    roles = forms.MultipleChoiceField(label="Roles", choices=ROLES, widget=forms.CheckboxSelectMultiple)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@permitted("user.manage")
def people(request: "ConsoleRequest") -> HttpResponse:
    """Everybody, and a form for somebody new."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_person(NewPerson(**form.cleaned_data), actor=request.user.get_username())
        except RaincheckError as error:
            form.add_error(None, sentence(error))
        else:
            return say_done(request, f"{form.cleaned_data['username']} can sign in now.", reverse("people"))
    status = 422 if form.errors else 200
    return render(
        request, "web/settings/people.html", {"form": form, "people": read_people(), "roles": ROLES}, status=status
    )


@require_POST
@permitted("user.manage")
def set_roles(request: "ConsoleRequest", username: str) -> HttpResponse:
    """Gives somebody the roles that are ticked, and no others."""
    roles = request.POST.getlist("roles")
    return act(
        request,
        lambda: change_roles(username, roles, actor=request.user.get_username()),
        f"{username} is now: {', '.join(roles) or 'without a role'}.",
        reverse("people"),
    )


@require_POST
@permitted("user.manage")
def let_in(request: "ConsoleRequest", username: str) -> HttpResponse:
    """Lets somebody sign in (`active=1`) or no longer (`active=0`)."""
    wanted = request.POST.get("active")
    if wanted not in ("0", "1"):
        raise BadRequest("Say whether they may sign in.")
    done = f"{username} can sign in." if wanted == "1" else f"{username} can no longer sign in."
    return act(
        request,
        lambda: set_active(username, request.user.get_username(), is_active=wanted == "1"),
        done,
        reverse("people"),
    )


@sensitive_post_parameters("password")
@require_POST
@permitted("user.manage")
def new_password(request: "ConsoleRequest", username: str) -> HttpResponse:
    """Sets a new password for somebody who lost theirs."""
    password = request.POST.get("password", "")
    return act(
        request,
        lambda: give_password(username, password, actor=request.user.get_username()),
        f"{username} has a new password. Ask them to change it.",
        reverse("people"),
    )

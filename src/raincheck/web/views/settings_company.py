"""Settings: the company, and its policies."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from raincheck.actions.catalogue import save_settings
from raincheck.actions.end_policy import end_policy
from raincheck.actions.permissions import PERMISSIONS
from raincheck.actions.policies import add_policy
from raincheck.store.reads.company import company_settings
from raincheck.store.reads.rules import rules_in_force
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.company_form import SECTIONS, CompanyForm, initial_of
from raincheck.web.rule_form import RuleForm

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("settings.view")
def settings_page(request: "ConsoleRequest") -> HttpResponse:
    """The company's settings; changing them takes another permission than seeing them."""
    before = company_settings()
    if request.method == "POST":
        _require(request, "settings.change")
        form = CompanyForm(request.POST)
        if form.is_valid():
            save_settings(form.settings(before), form.cleaned_data["name"], actor=request.user.get_username())
            messages.success(request, "Saved. Dates already told stay; what happens from now on follows these rules.")
            return redirect("settings")
    else:
        form = CompanyForm(initial=initial_of(before, request.company.name))
    sections = [(heading, [form[name] for name in names]) for heading, names in SECTIONS]
    status = 422 if form.errors else 200
    return render(request, "web/settings/company.html", {"form": form, "sections": sections}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("settings.view")
def policies(request: "ConsoleRequest") -> HttpResponse:
    """The rules in force, and a form for another."""
    form = RuleForm(request.POST or None)
    if request.method == "POST":
        _require(request, "settings.change")
        if form.is_valid():
            when, then = form.rule()
            return act(
                request,
                lambda: add_policy(when, then, actor=request.user.get_username()),
                "The rule holds for orders placed from now on.",
                reverse("policies"),
            )
    status = 422 if form.errors else 200
    return render(request, "web/settings/policies.html", {"form": form, "rules": rules_in_force()}, status=status)


@require_POST
@permitted("settings.change")
def end_rule(request: "ConsoleRequest", rule_id: int) -> HttpResponse:
    """Takes a rule out of force."""
    return act(
        request,
        lambda: end_policy(rule_id, actor=request.user.get_username()),
        "The rule is out of force. Open orders keep what they were placed under.",
        reverse("policies"),
    )


def _require(request: "ConsoleRequest", permission: str) -> None:
    if not request.person.may(permission):
        raise PermissionDenied(PERMISSIONS[permission])

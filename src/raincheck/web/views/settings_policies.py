"""Settings: the policies, what a change of them would do, and which rule wins."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raincheck.actions.end_policy import end_policy
from raincheck.actions.migrate_orders import migrate_orders
from raincheck.actions.permissions import PERMISSIONS
from raincheck.actions.policies import add_policy
from raincheck.actions.preview_change import Change, preview_change
from raincheck.actions.which_rule import which_rules
from raincheck.core.errors import RaincheckError
from raincheck.store.reads.rules import ended_rules, rules_in_force
from raincheck.web.access import permitted
from raincheck.web.acting import act, sentence
from raincheck.web.rule_form import RuleForm
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

MOST_SKUS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("settings.view")
def policies(request: "ConsoleRequest") -> HttpResponse:
    """The rules in force, a form for another, and before it is saved what it would do."""
    form = RuleForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "rules": rules_in_force(), "ended": ended_rules()}
    if request.method == "POST":
        if not request.person.may("settings.change"):
            raise PermissionDenied(PERMISSIONS["settings.change"])
        if form.is_valid():
            when, then = form.rule()
            if request.POST.get("do") != "preview":
                return _save(request, when, then)
            context["today"] = company_today(request)
            context["preview"] = preview_change(Change(add=(when, then)))
            context["migrated"] = preview_change(Change(add=(when, then), migrate=True))
    return render(request, "web/settings/policies.html", context, status=422 if form.errors else 200)


def _save(request: "ConsoleRequest", when: dict[str, str], then: dict[str, Any]) -> HttpResponse:
    actor, reason = request.user.get_username(), request.POST.get("reason", "").strip()[:200]
    if request.POST.get("do") != "migrate":
        return act(
            request,
            lambda: add_policy(when, then, actor=actor),
            "The rule holds for orders placed from now on.",
            reverse("policies"),
        )

    def put_in_force_and_migrate() -> None:
        add_policy(when, then, actor=actor)
        migrate_orders([when], reason or "a new rule was put in force", actor=actor)

    done = "The rule is in force, and the open orders that it speaks of are under today’s rules."
    return act(request, put_in_force_and_migrate, done, reverse("policies"))


@require_safe
@permitted("settings.change")
def ending_rule(request: "ConsoleRequest", rule_id: int) -> HttpResponse:
    """What ending a rule would do, before it is ended."""
    ending = frozenset({str(rule_id)})
    context = {
        "rule": next((rule for rule in rules_in_force() if rule.id == rule_id), None),
        "preview": preview_change(Change(end=ending)),
        "migrated": preview_change(Change(end=ending, migrate=True)),
        "today": company_today(request),
    }
    return render(request, "web/settings/ending_rule.html", context, status=200 if context["rule"] else 404)


@require_POST
@permitted("settings.change")
def end_rule(request: "ConsoleRequest", rule_id: int) -> HttpResponse:
    """Takes a rule out of force; with `do=migrate` the open orders that it spoke of follow."""
    actor, reason = request.user.get_username(), request.POST.get("reason", "").strip()[:200]
    whens = [rule.when for rule in rules_in_force() if rule.id == rule_id]
    migrates = request.POST.get("do") == "migrate"

    def end() -> None:
        end_policy(rule_id, actor=actor)
        if migrates:
            migrate_orders(whens, reason or f"rule {rule_id} was ended", actor=actor)

    stays = "the open orders that it spoke of are under today’s rules" if migrates else "open orders keep their terms"
    return act(request, end, f"The rule is out of force; {stays}.", reverse("policies"))


class WhichForm(forms.Form):
    """An order that nobody has placed yet."""

    skus = forms.CharField(label="Products (SKU, several with spaces)", max_length=2_000)
    customer = forms.CharField(label="Customer (code)", max_length=100, required=False)
    tier = forms.ChoiceField(
        label="Tier, where no customer is named",
        required=False,
        choices=[("", "Standard"), ("silver", "Silver"), ("gold", "Gold")],
    )
    channel = forms.CharField(label="Channel", max_length=50, required=False)
    ship = forms.CharField(
        label="The customer’s own choice of shipping",
        max_length=12,
        required=False,
        help_text="available, complete or up_to:2; empty: none was made.",
    )


@require_safe
@permitted("settings.view")
def which_rule(request: "ConsoleRequest") -> HttpResponse:
    """Of each setting what wins for an order like this, what loses, and why."""
    form = WhichForm(request.GET or None)
    found = []
    if request.GET and form.is_valid():
        given = form.cleaned_data
        skus = given["skus"].replace(",", " ").split()[:MOST_SKUS]
        try:
            found = which_rules(skus, given["customer"].strip(), given["tier"], given["channel"].strip(), given["ship"])
        except RaincheckError as error:
            form.add_error(None, sentence(error))
    status = 422 if form.errors else 200
    return render(request, "web/settings/which_rule.html", {"form": form, "found": found}, status=status)

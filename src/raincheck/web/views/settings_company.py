"""Settings: the company, and what a change of them would do to the open book."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from raincheck.actions.catalogue import save_settings
from raincheck.actions.permissions import PERMISSIONS
from raincheck.actions.preview_change import Change, preview_change
from raincheck.core.errors import Refused
from raincheck.store.reads.company import company_settings
from raincheck.web.access import permitted
from raincheck.web.acting import sentence
from raincheck.web.company_form import SECTIONS, CompanyForm, initial_of
from raincheck.web.today import company_today

if TYPE_CHECKING:
    from raincheck.core.settings import Settings
    from raincheck.web.person import ConsoleRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("settings.view")
def settings_page(request: "ConsoleRequest") -> HttpResponse:
    """The company's settings; changing them takes another permission than seeing them."""
    before = company_settings()
    preview = None
    if request.method == "POST":
        _require(request, "settings.change")
        form = CompanyForm(request.POST, initial=initial_of(before, request.company.name))
        if form.is_valid() and request.POST.get("do") == "preview":
            after = form.settings(before)
            preview = preview_change(Change(settings=after))
        elif form.is_valid() and _is_saved(request, form, before):
            messages.success(request, "Saved. Dates already told stay; what happens from now on follows these rules.")
            return redirect("settings")
    else:
        form = CompanyForm(initial=initial_of(before, request.company.name))
    sections = [(heading, [form[name] for name in names]) for heading, names in SECTIONS]
    status = 422 if form.errors else 200
    context = {"form": form, "sections": sections, "preview": preview, "today": company_today(request)}
    return render(request, "web/settings/company.html", context, status=status)


def _is_saved(request: "ConsoleRequest", form: CompanyForm, before: "Settings") -> bool:
    """Saves what the form says. Money that has moved keeps the currency: then its field says so."""
    try:
        save_settings(form.settings(before), form.cleaned_data["name"], actor=request.user.get_username())
    except Refused as refusal:
        form.add_error("currency", sentence(refusal))
        return False
    return True


def _require(request: "ConsoleRequest", permission: str) -> None:
    if not request.person.may(permission):
        raise PermissionDenied(PERMISSIONS[permission])

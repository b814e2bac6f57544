"""Settings: the sites, and what a parcel from each costs."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raincheck.actions.parcel_costs import set_parcel_costs
from raincheck.actions.permissions import PERMISSIONS
from raincheck.core.errors import Malformed
from raincheck.store.reads.company import company_settings
from raincheck.store.reads.sites import site_views
from raincheck.web.access import permitted
from raincheck.web.acting import act

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("settings.view")
def sites(request: "ConsoleRequest") -> HttpResponse:
    """The sites; changing what their parcels cost takes another permission than seeing it."""
    if request.method == "POST":
        if not request.person.may("settings.change"):
            raise PermissionDenied(PERMISSIONS["settings.change"])
        return act(request, lambda: _save(request), "Saved. Whoever is served next is served by it.", reverse("sites"))
    settings = company_settings()
    shown = [(site, _shown(site.parcel_cost), _shown(site.parcel_cost_abroad)) for site in site_views()]
    context = {"sites": shown, "currency": settings.currency, "site_choice": settings.site_choice}
    return render(request, "web/settings/sites.html", context)


def _save(request: "ConsoleRequest") -> None:
    costs = {
        site.code: (_cost(request, "home", site.code), _cost(request, "abroad", site.code)) for site in site_views()
    }
    set_parcel_costs(costs, actor=request.user.get_username())


def _shown(cost: Decimal) -> str:
    return f"{cost.normalize():f}"


def _cost(request: "ConsoleRequest", where: str, site: str) -> Decimal:
    text = request.POST.get(f"{where}:{site}", "").strip() or "0"
    try:
        cost = Decimal(text)
    except InvalidOperation:
        cost = Decimal("NaN")
    if not cost.is_finite():
        raise Malformed(f"site {site!r}: {text[:20]!r} is no amount such as 4.50")
    return cost

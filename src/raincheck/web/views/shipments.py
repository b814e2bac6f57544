"""Shipments: what can be picked, and parcels on their way through pack, ship and deliver."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions import floor
from raincheck.actions.track_parcel import checked, known_carriers, track_parcel
from raincheck.store.reads.shipments import (
    PAGE,
    ShipmentView,
    pick_list,
    pickable_orders,
    shipment_rows,
    shipment_view,
)
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.paging import before_id, choice, cut
from raincheck.web.quantities import counted, posted_units

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

LONGEST_TYPED = 200

STATES = {
    "": "All",
    "released": "Released",
    "picked": "Picked",
    "packed": "Packed",
    "shipped": "With the carrier",
    "delivered": "Delivered",
}


@require_safe
@permitted("shipment.view")
def shipments(request: "ConsoleRequest") -> HttpResponse:
    """Orders to pick (manual warehouse) and parcels, the newest first."""
    state = choice(request, "state", tuple(STATES))
    rows, before = cut(shipment_rows(state, before_id(request)), PAGE)
    pickable = pickable_orders() if request.company.is_manual_warehouse and not state else []
    context = {"rows": rows, "before": before, "state": state, "states": STATES, "pickable": pickable}
    return render(request, "web/shipment/list.html", context)


@require_safe
@permitted("shipment.view")
def pick_page(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """What to take from the shelf for one order."""
    return render(request, "web/shipment/pick.html", {"ref": ref, "lines": pick_list(ref)})


@require_safe
@permitted("shipment.view")
def shipment(request: "ConsoleRequest", shipment_id: int) -> HttpResponse:
    """One parcel."""
    return render(request, "web/shipment/page.html", {"parcel": _known(shipment_id), "carriers": known_carriers()})


@require_POST
@permitted("shipment.work")
def pick(request: "ConsoleRequest", ref: str) -> HttpResponse:
    """Posts what the picker found. Less than asked goes back to the queue and opens a count."""
    wanted = {line.sku: 0 for line in pick_list(ref)}
    found = {**wanted, **posted_units(request.POST, "units:")}
    return act(
        request,
        lambda: floor.pick(ref, found, actor=request.user.get_username()),
        f"{ref} is picked: {counted(sum(found.values()), 'unit')} in the tote.",
        reverse("shipments"),
    )


@require_POST
@permitted("shipment.work")
def pack(request: "ConsoleRequest", shipment_id: int) -> HttpResponse:
    """The parcel is packed."""
    parcel = _known(shipment_id)
    return act(
        request,
        lambda: floor.pack(parcel.order_ref, parcel.id, actor=request.user.get_username()),
        f"Parcel {parcel.id} is packed.",
        reverse("shipment", args=[parcel.id]),
    )


@require_POST
@permitted("shipment.work")
def ship(request: "ConsoleRequest", shipment_id: int) -> HttpResponse:
    """The carrier has the parcel, under the number that was typed or scanned, if any."""
    parcel = _known(shipment_id)
    actor, carrier, number = request.user.get_username(), *_typed(request)
    return act(
        request,
        lambda: floor.ship(parcel.order_ref, parcel.id, actor=actor, tracking=checked(carrier, number)),
        f"Parcel {parcel.id} is with the carrier; the customer is told.",
        reverse("shipment", args=[parcel.id]),
    )


@require_POST
@permitted("shipment.work")
def track(request: "ConsoleRequest", shipment_id: int) -> HttpResponse:
    """The carrier and the number of a parcel that has left, added or corrected."""
    parcel = _known(shipment_id)
    actor, carrier, number = request.user.get_username(), *_typed(request)
    return act(
        request,
        lambda: track_parcel(parcel.id, carrier, number, actor=actor),
        f"Parcel {parcel.id}: saved. The customer’s page shows it.",
        reverse("shipment", args=[parcel.id]),
    )


def _typed(request: "ConsoleRequest") -> tuple[str, str]:
    return request.POST.get("carrier", "")[:LONGEST_TYPED], request.POST.get("tracking_number", "")[:LONGEST_TYPED]


@require_POST
@permitted("shipment.work")
def deliver(request: "ConsoleRequest", shipment_id: int) -> HttpResponse:
    """The customer has the parcel."""
    parcel = _known(shipment_id)
    return act(
        request,
        lambda: floor.deliver(parcel.order_ref, parcel.id, actor=request.user.get_username()),
        f"Parcel {parcel.id} is delivered.",
        reverse("shipment", args=[parcel.id]),
    )


def _known(shipment_id: int) -> ShipmentView:
    found = shipment_view(shipment_id)
    if found is None:
        raise Http404(f"parcel {shipment_id} does not exist")
    return found

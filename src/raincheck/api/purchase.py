"""Purchase orders: written, and confirmed by the supplier."""

from typing import Annotated, Any

from ninja import Body, Path, Router

from raincheck.actions.purchase import PurchaseRequest, confirm, purchase
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.lines import units_by_sku
from raincheck.api.problems import MALFORMED, NOT_FOUND, FieldError, Problem
from raincheck.api.shapes.fields import Code
from raincheck.api.shapes.purchase import ConfirmBody, PurchaseAnswer, PurchaseBody
from raincheck.store.reads.purchase_outcome import purchase_outcome

router = Router(tags=["Supply"])
EVERYTHING = ConfirmBody()


@router.post(
    "/purchase-orders",
    auth=ApiKey("purchase.change"),
    response={201: PurchaseAnswer, 200: PurchaseAnswer},
    operation_id="writePurchaseOrder",
    summary="Write a purchase order",
)
@writes()
def write(request: ApiRequest, body: PurchaseBody) -> Answer:
    """Only a confirmed one is supply: the queue is then served from it at once. The same `po` again with the same
    supplier, site and lines: 200 and the purchase order as it is now. With others: 409.
    """
    asked = PurchaseRequest(
        po=body.po,
        supplier=body.supplier,
        site=body.site,
        units_by_sku=_named_once(body),
        due_on=body.due_on,
        state=body.state,
        ordered_on=body.ordered_on,
        unit_costs={line.sku: line.unit_cost for line in body.lines if line.unit_cost is not None},
    )
    is_new = purchase(asked, actor=request.auth.actor)
    return Answer(_shown(body.po), 201 if is_new else 200)


@router.post(
    "/purchase-orders/{path:po}/confirm",
    auth=ApiKey("purchase.change"),
    response=PurchaseAnswer,
    operation_id="confirmPurchaseOrder",
    summary="Enter the supplier's confirmation",
)
@writes()
def acknowledge(
    request: ApiRequest,
    po: Annotated[Code, Path(description="The purchase order's reference.")],
    body: Annotated[ConfirmBody, Body()] = EVERYTHING,
) -> Answer:
    """Which units come, and when; without a body all of them, on the day that is known. 409 for one that is closed."""
    confirm(po, body.due_on, units_by_sku(body.lines) if body.lines else None, actor=request.auth.actor)
    return Answer(_shown(po))


def _named_once(body: PurchaseBody) -> dict[str, int]:
    units: dict[str, int] = {}
    for number, line in enumerate(body.lines):
        if line.sku in units:
            said = f"names {line.sku!r} again"
            raise Problem(MALFORMED, f"/lines/{number}: {said}.", [FieldError(said, pointer=f"/lines/{number}/sku")])
        units[line.sku] = line.quantity
    return units


def _shown(po: str) -> dict[str, Any]:
    found = purchase_outcome(po)
    if found is None:
        raise Problem(NOT_FOUND, f"Purchase order {po!r} does not exist.")
    return {
        "po": found.ref,
        "supplier": found.supplier,
        "site": found.site,
        "state": found.state,
        "ordered_on": found.ordered_on,
        "lines": [
            {
                "sku": line.sku,
                "ordered": line.ordered,
                "confirmed": line.confirmed,
                "received": line.received,
                "damaged": line.damaged,
                "inbound": line.owed,
                "promised": line.pegged,
                "unit_cost": line.unit_cost,
                "due_on": line.due_on,
                "expected_on": line.expected_on,
            }
            for line in found.lines
        ],
    }

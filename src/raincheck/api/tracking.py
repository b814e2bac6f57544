"""Where a parcel is followed: its carrier and number, told by whoever hands it over."""

from typing import Annotated

from ninja import Path, Router

from raincheck.actions.track_parcel import track_parcel
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.shapes.tracking import TrackingAnswer, TrackingBody
from raincheck.store.carriers import tracking_of

router = Router(tags=["Orders"])
ShipmentInPath = Annotated[
    int, Path(ge=1, le=2**63 - 1, description="The parcel, by its id in `shipments` of getOrder.")
]


@router.post(
    "/shipments/{int:shipment}/tracking",
    auth=ApiKey("shipment.work"),
    response=TrackingAnswer,
    operation_id="trackShipment",
    summary="Enter or correct a parcel's tracking number",
)
@writes()
def track(request: ApiRequest, shipment: ShipmentInPath, body: TrackingBody) -> Answer:
    """The customer's page shows it at once. Who was told already that the parcel left gets a message with the number,
    as long as it is on its way. The same once more changes nothing. 409 for a parcel that has not left.
    """
    track_parcel(shipment, body.carrier, body.tracking_number, actor=request.auth.actor)
    return Answer(tracking_of(shipment))

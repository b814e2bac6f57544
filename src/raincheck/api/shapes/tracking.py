"""A parcel's carrier and number, in and out."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from raincheck.api.shapes.fields import NO_CONTROL_SIGNS, Shape
from raincheck.core.tracking import LONGEST_NAME


class TrackingBody(Shape):
    """Who has the parcel, and under which number."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"carrier": "UPS", "tracking_number": "1Z999AA10123456784"}]}
    )

    carrier: Annotated[
        str,
        Field(
            strict=True,
            min_length=1,
            max_length=LONGEST_NAME,
            pattern=NO_CONTROL_SIGNS,
            description="One of the carriers of Settings, Carriers, whatever its capitals.",
            examples=["UPS"],
        ),
    ]
    tracking_number: Annotated[
        str,
        Field(
            strict=True,
            min_length=1,
            max_length=60,
            pattern=NO_CONTROL_SIGNS,
            description="Letters, digits and hyphens, at most 40; spaces are left out.",
            examples=["1Z999AA10123456784"],
        ),
    ]


class TrackingAnswer(BaseModel):
    """A parcel's carrier and number as they are kept."""

    shipment: int
    carrier: str
    tracking_number: str
    tracking_url: Annotated[str, Field(description="The carrier's page that follows it; empty where it has none.")]

"""Where an order goes, in and out."""

from typing import Annotated

from pydantic import AfterValidator

from raincheck.api.shapes.fields import Country, Postcode, Shape, printable, text_field


class AddressBody(Shape):
    """A postal address. What a country needs of it is checked: a state in the US, a postcode of the right form."""

    name: Annotated[str, text_field(200, "Who gets it.", "Ann Archer"), AfterValidator(printable)]
    street: Annotated[str, text_field(200, "Street and number.", "12 High Street"), AfterValidator(printable)]
    street_2: Annotated[
        str | None,
        text_field(200, "Flat, floor, company.", "Flat 3"),
        AfterValidator(lambda text: text and printable(text)),
    ] = None
    city: Annotated[str, text_field(100, "The town.", "Leeds"), AfterValidator(printable)]
    region: Annotated[
        str | None,
        text_field(100, "State or province, where the country has them.", "NY"),
        AfterValidator(lambda text: text and printable(text)),
    ] = None
    postcode: Postcode | None = None
    country: Country


class AddressAnswer(Shape):
    """Where an order goes. What was never given is empty."""

    name: str
    street: str
    street_2: str
    city: str
    region: str
    postcode: str
    country: str

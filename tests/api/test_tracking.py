"""A parcel's tracking number over the API."""

import pytest
from tests.api.caller import Caller, content

from raincheck.actions.catalogue import set_stock
from raincheck.actions.floor import pick, ship

NUMBER = "1Z999AA10123456784"


@pytest.fixture
def parcel(shop: Caller) -> int:
    """A parcel that has left."""
    set_stock("east", {"lamp": 3})
    shop.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}]})
    (left,) = pick("O1")
    ship("O1")
    return left


def test_a_number_is_entered_and_stands_with_the_order(shop: Caller, parcel: int) -> None:
    said = shop.post(f"/shipments/{parcel}/tracking", {"carrier": "ups", "tracking_number": "1z999aa1 0123456784"})
    assert said.status_code == 200
    page = f"https://www.ups.com/track?tracknum={NUMBER}"
    assert content(said) == {
        "shipment": parcel,
        "carrier": "UPS",
        "tracking_number": NUMBER,
        "tracking_url": page,
    }
    (shown,) = content(shop.get("/orders/O1"))["shipments"]
    assert (shown["carrier"], shown["tracking_number"], shown["tracking_url"]) == ("UPS", NUMBER, page)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"carrier": "UPPS", "tracking_number": NUMBER}, "did you mean 'UPS'"),
        ({"carrier": "UPS", "tracking_number": "a/b"}, "letters, digits and hyphens"),
        ({"carrier": "UPS"}, "tracking_number"),
        ({"carrier": "UPS", "tracking_number": 4711}, "tracking_number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_way_out(
    shop: Caller, parcel: int, body: dict[str, object], what: str
) -> None:
    said = shop.post(f"/shipments/{parcel}/tracking", body)
    assert said.status_code == 422
    assert said["Content-Type"] == "application/problem+json"
    assert what in said.content.decode()
    assert content(shop.get("/orders/O1"))["shipments"][0]["tracking_number"] == ""


def test_a_parcel_that_has_not_left_or_is_not_there_has_none(shop: Caller, parcel: int) -> None:
    set_stock("east", {"lamp": 3})
    shop.post("/orders", {"ref": "O2", "lines": [{"sku": "lamp", "quantity": 1}]})
    (waiting,) = pick("O2")
    body = {"carrier": "UPS", "tracking_number": NUMBER}
    assert shop.post(f"/shipments/{waiting}/tracking", body).status_code == 409
    assert shop.post("/shipments/999999/tracking", body).status_code == 404

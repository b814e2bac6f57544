"""Where a parcel is followed: told as it leaves, or later, once, to whom it concerns."""

import pytest
from tests.jobs.shop import OPENED_AT, open_shop, order_lamps

from raincheck.actions import catalogue
from raincheck.actions.floor import deliver, pick, ship
from raincheck.actions.track_parcel import checked, remove_carrier, save_carrier, track_parcel
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.core.tracking import Tracking
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.order_outcome import order_outcome
from raincheck.store.reads.webhook_order import order_event
from raincheck.store.records import SiteRecord

pytestmark = pytest.mark.django_db

NUMBER = "1Z999AA10123456784"
PAGE = f"https://www.ups.com/track?tracknum={NUMBER}"


def in_a_tote(ref: str = "O1", units: int = 2) -> int:
    """A shop with one order in a tote; the parcel."""
    open_shop(lamps=5)
    order_lamps([ref], units=units)
    (parcel,) = pick(ref, at=OPENED_AT)
    return parcel


def messages(event: str) -> list[str]:
    return [body for (body,) in rows("SELECT body FROM notice WHERE event = %s ORDER BY id", [event])]


def test_a_number_entered_as_the_parcel_leaves_is_in_the_mail_the_text_and_the_webhook() -> None:
    in_a_tote()
    ship("O1", at=OPENED_AT, tracking=checked("ups", "1z 999 aa1 0123456784"))
    drain(Mailbox(), OPENED_AT)
    (body,) = messages("shipped")
    assert f"UPS {NUMBER}" in body
    assert PAGE in body
    (html,) = one("SELECT html FROM notice WHERE event = 'shipped'")
    assert f'href="{PAGE}"' in html
    (notice,) = one("SELECT id FROM notice WHERE event = 'shipped'")
    said = order_event(notice)
    assert said is not None
    assert said["parcels"] == [
        {"shipment": said["lines"][0]["shipment"], "carrier": "UPS", "tracking_number": NUMBER, "tracking_url": PAGE}
    ]
    assert messages("tracking_changed") == []
    assert audit() == []


def test_a_parcel_without_a_number_says_nothing_of_one() -> None:
    in_a_tote()
    ship("O1", at=OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    (body,) = messages("shipped")
    assert "Follow" not in body


def test_a_number_that_comes_before_the_mail_has_left_goes_with_it() -> None:
    parcel = in_a_tote()
    ship("O1", at=OPENED_AT)
    assert track_parcel(parcel, "UPS", NUMBER, OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    assert PAGE in messages("shipped")[0]
    assert messages("tracking_changed") == []


def test_a_number_that_comes_late_is_told_by_itself_and_the_same_once_more_is_not() -> None:
    parcel = in_a_tote()
    ship("O1", at=OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    assert track_parcel(parcel, "UPS", NUMBER, OPENED_AT, "mia")
    assert not track_parcel(parcel, "UPS", NUMBER, OPENED_AT, "mia")
    drain(Mailbox(), OPENED_AT)
    (body,) = messages("tracking_changed")
    assert PAGE in body
    outcome = order_outcome("O1")
    assert outcome is not None
    assert outcome.parcels[0].tracking_url == PAGE
    assert rows("SELECT actor, detail->>'tracking_number' FROM fact WHERE verb = 'tracked'") == [("mia", NUMBER)]


def test_a_corrected_number_is_told_and_a_deleted_one_is_not() -> None:
    parcel = in_a_tote()
    ship("O1", at=OPENED_AT, tracking=Tracking("UPS", "1Z1"))
    drain(Mailbox(), OPENED_AT)
    track_parcel(parcel, "dhl", "JD01", OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    track_parcel(parcel, "", "", OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    (body,) = messages("tracking_changed")
    assert "DHL JD01" in body
    assert "1Z1" not in body


def test_once_it_has_arrived_a_number_is_kept_and_nobody_is_written_to() -> None:
    parcel = in_a_tote()
    ship("O1", at=OPENED_AT)
    deliver("O1", at=OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    track_parcel(parcel, "UPS", NUMBER, OPENED_AT)
    assert messages("tracking_changed") == []


def test_a_parcel_that_has_not_left_has_no_number_and_none_that_is_not_there() -> None:
    parcel = in_a_tote()
    with pytest.raises(Refused, match="has not left"):
        track_parcel(parcel, "UPS", NUMBER, OPENED_AT)
    with pytest.raises(NotFound):
        track_parcel(parcel + 1, "UPS", NUMBER, OPENED_AT)


def test_a_number_needs_its_carrier_and_a_carrier_has_to_be_known() -> None:
    open_shop()
    with pytest.raises(Malformed, match="which carrier"):
        checked(" ", NUMBER)
    with pytest.raises(Malformed, match="did you mean 'DPD'"):
        checked("DPP", NUMBER)
    assert checked("UPS", "") == Tracking("UPS", "")


def test_one_number_stands_for_one_parcel() -> None:
    parcel = in_a_tote()
    catalogue.save_sites([SiteRecord("west", country="US")])
    catalogue.set_stock("west", {"lamp": 3}, at=OPENED_AT)
    order_lamps(["O2"], units=6)
    first, second = pick("O2", at=OPENED_AT)
    with pytest.raises(Malformed, match="name the one"):
        ship("O2", at=OPENED_AT, tracking=Tracking("UPS", NUMBER))
    ship("O2", second, at=OPENED_AT, tracking=Tracking("UPS", NUMBER))
    assert dict(rows("SELECT id, tracking_number FROM shipment")) == {parcel: "", first: "", second: NUMBER}


def test_a_carrier_of_your_own_stands_in_for_a_ready_one_until_it_is_removed() -> None:
    parcel = in_a_tote()
    save_carrier("ups", "https://parcels.example/{number}", OPENED_AT)
    ship("O1", at=OPENED_AT, tracking=checked("UPS", NUMBER))
    outcome = order_outcome("O1")
    assert outcome is not None
    assert (outcome.parcels[0].carrier, outcome.parcels[0].tracking_url) == ("ups", f"https://parcels.example/{NUMBER}")
    remove_carrier("UPS", OPENED_AT)
    outcome = order_outcome("O1")
    assert outcome is not None
    assert outcome.parcels[0].tracking_url == PAGE
    with pytest.raises(NotFound):
        remove_carrier("UPS", OPENED_AT)
    assert outcome.parcels[0].id == parcel

"""What customers do on their page: each act once, with its consequence shown before, and late ones kindly refused."""

import pytest
from tests.web.customer.conftest import Visit

from raincheck.actions.change_address import TASK as ADDRESS_TASK
from raincheck.actions.floor import pack, ship
from raincheck.actions.name_substitutes import name_substitutes
from raincheck.actions.offer_substitute import offer_substitute
from raincheck.store.db import row, rows
from raincheck.store.reads.audit import audit
from raincheck.store.reads.order_outcome import LineOutcome, order_outcome


def line(ref: str, sku: str) -> LineOutcome:
    """A line as it stands."""
    order = order_outcome(ref)
    assert order is not None
    return next(line for line in order.lines if line.sku == sku)


def facts(ref: str, verb: str) -> list[str]:
    """Who did something to an order."""
    return [
        actor for (actor,) in rows("SELECT actor FROM fact WHERE subject = %s AND verb = %s", [f"order:{ref}", verb])
    ]


def test_cancelling_a_part(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    page = visitor.text("cancel")
    assert "Its place in line is lost" in page
    assert "Nothing has been charged for it" in page
    assert "You give up the date promised" in page
    assert "Cancelled. What you paid" in visitor.send("cancel", **{"units:LAMP": "3"})
    assert (line("SO-MIXED", "LAMP").cancelled, line("SO-MIXED", "MUG").cancelled) == (3, 0)
    assert facts("SO-MIXED", "order_cancelled") == ["customer"]
    assert audit() == []


def test_cancelling_everything_with_one_button(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    assert 'value="0"' in visitor.get("cancel").content.decode(), "of several lines none is chosen beforehand"
    visitor.send("cancel", everything="yes")
    assert (line("SO-MIXED", "LAMP").cancelled, line("SO-MIXED", "MUG").cancelled) == (10, 2)
    assert "This order was cancelled." in visitor.text()


def test_a_double_click_cancels_once(visit: Visit) -> None:
    """Case 58: the second click says that it is done."""
    visitor = visit("SO-MIXED")
    once = visitor.once("cancel")
    visitor.send("cancel", once, **{"units:LAMP": "3"})
    assert "This was done already. Nothing was done twice." in visitor.send("cancel", once, **{"units:LAMP": "3"})
    assert line("SO-MIXED", "LAMP").cancelled == 3
    visitor.send("cancel", **{"units:LAMP": "1"})
    assert line("SO-MIXED", "LAMP").cancelled == 4, "a form of its own counts by itself"


def test_cancelling_nothing_asks_for_a_number(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    assert "Say how many of what to cancel" in visitor.send("cancel", **{"units:LAMP": "0"})
    assert line("SO-MIXED", "LAMP").cancelled == 0


@pytest.mark.parametrize("units", ["-1", "1.5", "x", "99999999999999"])
def test_a_hostile_number_changes_nothing(visit: Visit, units: str) -> None:
    visitor = visit("SO-MIXED")
    response = visitor.client.post(f"{visitor.path}/cancel", {"once": visitor.once("cancel"), "units:LAMP": units})
    assert response.status_code == 400
    assert line("SO-MIXED", "LAMP").cancelled == 0


def test_more_than_is_open_cannot_be_cancelled(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    assert "could not be done any more" in visitor.send("cancel", **{"units:LAMP": "11"})
    assert "could not be done any more" in visitor.send("cancel", **{"units:NO-SUCH": "1"})
    assert line("SO-MIXED", "LAMP").cancelled == 0


def test_what_is_on_the_floor_is_asked_back_first(visit: Visit) -> None:
    """Case 36: the page says that it is not over yet."""
    visitor = visit("SO-PICKED")
    assert "Being packed" in visitor.text()
    assert "send it back" in visitor.text("cancel")
    page = visitor.send("cancel", **{"units:MUG": "2"})
    assert "asked our warehouse to stop it" in page
    assert "Cancelling" in page
    assert line("SO-PICKED", "MUG").cancelled == 0


def test_what_has_left_meanwhile_is_not_cancelled(visit: Visit) -> None:
    """Case 37: the form lay open while the parcel left."""
    visitor = visit("SO-PICKED")
    once = visitor.once("cancel")
    pack("SO-PICKED", actor="sam")
    ship("SO-PICKED", actor="sam")
    assert "could not be done any more" in visitor.send("cancel", once, **{"units:MUG": "2"})
    assert line("SO-PICKED", "MUG").cancelled == 0


def test_sending_what_is_here(visit: Visit) -> None:
    visitor = visit("SO-WHOLE")
    assert "Send what is here now" in visitor.text()
    assert "1 × Stoneware mug" in visitor.text("ship")
    assert "What is here goes now" in visitor.send("ship")
    assert line("SO-WHOLE", "MUG").ship == "available"
    assert "Send what is here now" not in visitor.text()


def test_another_address(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    page = visitor.get("address").content.decode()
    assert 'value="M1 1AA"' in page
    assert 'value="Maple &amp; Co"' in page, "their own name stands there until they write another"
    assert '<option value="GB" selected' in page
    new = {"name": "Ann Maple", "street": "12 High Street", "city": "Leeds", "postcode": "ls1 1aa", "country": "GB"}
    page_after = visitor.send("address", **new)
    assert "goes to the new address" in page_after
    assert "12 High Street" in page_after
    assert "LS1 1AA" in page_after
    assert row("SELECT postcode FROM sales_order WHERE ref = 'SO-MIXED'") == ("LS1 1AA",)
    assert facts("SO-MIXED", "address_changed") == ["customer"]


def test_an_address_with_a_fault_says_where(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    form = {"once": visitor.once("address"), "name": "<b>Ann</b>", "street": "", "city": "Leeds", "country": "GB"}
    response = visitor.client.post(f"{visitor.path}/address", form)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Please fill this in." in page
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page, "what was typed stays"
    assert facts("SO-MIXED", "address_changed") == []


def test_an_address_for_what_is_in_a_tote_goes_to_the_floor_as_a_task(visit: Visit) -> None:
    visitor = visit("SO-PICKED")
    visitor.send("address", name="Ann", street="12 High Street", city="Leeds", postcode="LS1 1AA", country="GB")
    assert row("SELECT count(*) FROM task WHERE kind = %s AND closed_at IS NULL", [ADDRESS_TASK]) == (1,)


def test_something_else_instead(visit: Visit) -> None:
    name_substitutes("THROW", ["MUG"], actor="bea")
    visitor = visit("SO-LATE")
    assert "Take something else instead" in visitor.text()
    page = visitor.text("substitute")
    assert "Stoneware mug" in page
    assert "You pay the price that was agreed, not more" in page
    assert "You get what you chose instead" in visitor.send("substitute", instead="THROW MUG")
    assert line("SO-LATE", "THROW").cancelled == 9
    assert line("SO-LATE", "MUG").ordered == 9


def test_what_is_not_offered_cannot_be_taken(visit: Visit) -> None:
    name_substitutes("THROW", ["MUG"], actor="bea")
    visitor = visit("SO-LATE")
    assert "could not be done any more" in visitor.send("substitute", instead="THROW LAMP")
    assert line("SO-LATE", "THROW").cancelled == 0


def test_preferences_of_the_customer(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    page = visitor.send("preferences", language="de", email="on", quiet_from="21:00", quiet_until="08:00")
    assert "Gespeichert." in page or "Saved." in page
    assert "Ihre Bestellung" in visitor.text(language="")
    assert row("SELECT email, sms, quiet_from::text FROM customer_preference") == (True, False, "21:00:00")


def test_an_order_without_a_customer_has_no_preferences(visit: Visit) -> None:
    visitor = visit("SO-NODATE")
    assert "How we write to you" not in visitor.text()
    assert visitor.get("preferences").status_code == 302


def test_what_cannot_be_done_now_is_not_offered_and_leads_back(visit: Visit) -> None:
    visitor = visit("SO-GONE")
    page = visitor.text()
    for act, words in (("cancel", "Cancel "), ("address", "Change the address"), ("ship", "Send what is here now")):
        assert words not in page
        assert visitor.get(act).status_code == 302
    for act in ("wait", "card", "again", "substitute"):
        assert visitor.get(act).status_code == 302


def test_a_form_of_nobody_s_making_is_refused(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    for once in ("", "short", "x" * 100):
        response = visitor.client.post(f"{visitor.path}/cancel", {"once": once, "units:LAMP": "1"})
        assert response.status_code == 400
    assert line("SO-MIXED", "LAMP").cancelled == 0


def test_doing_things_is_limited(visit: Visit) -> None:
    visitor = visit("SO-MIXED")
    codes = {visitor.client.post(f"{visitor.path}/wait", {"once": f"{n:020}"}).status_code for n in range(32)}
    assert codes == {302, 429}


def test_an_offer_is_shown_and_taken(visit: Visit) -> None:
    offer_substitute("SO-LATE", "THROW", "MUG", actor="bea")
    visitor = visit("SO-LATE")
    page = visitor.text()
    assert "We can offer you something else" in page
    assert "Instead of Linen throw, sage you can have Stoneware mug, at the price agreed." in page
    assert "our offer" in visitor.text("substitute")
    assert "You get what you chose instead" in visitor.send("substitute", instead="THROW MUG")
    assert line("SO-LATE", "MUG").ordered == 9
    assert row("SELECT state FROM substitute_offer") == ("taken",)


def test_an_offer_is_declined_by_waiting(visit: Visit) -> None:
    """Case 15: a declined substitute leaves the line where it stood."""
    offer_substitute("SO-LATE", "THROW", "MUG", actor="bea")
    visitor = visit("SO-LATE")
    assert "What we offered instead is then declined" in visitor.text("wait")
    visitor.send("wait")
    assert row("SELECT state FROM substitute_offer") == ("declined",)
    assert line("SO-LATE", "THROW").cancelled == 0
    assert "We can offer you something else" not in visitor.text()


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("21:00", ""), ("", "07:00"), ("21:00", "21:00"), ("x", "07:00"), ("22:00+02:00", "07:00")],
)
def test_half_quiet_hours_are_asked_for_again(visit: Visit, begins: str, ends: str) -> None:
    visitor = visit("SO-MIXED")
    form = {"once": visitor.once("preferences"), "quiet_from": begins, "quiet_until": ends}
    response = visitor.client.post(f"{visitor.path}/preferences", form)
    assert response.status_code == 422
    assert "Quiet hours need a beginning and another end" in response.content.decode()
    assert rows("SELECT 1 FROM customer_preference") == []

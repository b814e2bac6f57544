"""Short texts: through a service that really takes them, beside the mail, or instead of it."""

import json
import subprocess
import sys
from datetime import time, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from tests.jobs.receiver import receiving
from tests.jobs.shop import OPENED_AT, open_shop, order_lamps

from raincheck.actions import catalogue
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.carry_notice import RETRY_MINUTES
from raincheck.actions.save_preferences import save_preferences
from raincheck.config.channels import own_networks, sms_url
from raincheck.gateways.mail import Mailbox
from raincheck.gateways.sms import TextRefused, Texts, dialled
from raincheck.notices.outbox import drain, drain_texts
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import CustomerRecord


def ann_wants_texts() -> None:
    """Ann has a phone and wants texts."""
    open_shop(lamps=1)
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com", phone="+1 (212) 555-0100")])
    save_preferences("ann", {"sms": True})


@pytest.mark.slow
@pytest.mark.django_db
def test_what_deserves_a_text_is_texted_beside_the_mail() -> None:
    ann_wants_texts()
    order_lamps(["O1"])
    cancel_order("O1", at=OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    with receiving() as service:
        sent = drain_texts(Texts(f"json://127.0.0.1:{service.port}/{{phone}}"), OPENED_AT)
    assert sent["sent"] == len(service.calls) > 0
    assert {call.path for call in service.calls} == {"/+12125550100"}
    texts = [json.loads(call.body)["message"] for call in service.calls]
    assert texts == [text for (text,) in rows("SELECT text FROM notice_delivery WHERE channel = 'sms' ORDER BY id")]
    assert all("O1" in text for text in texts)
    assert rows(
        "SELECT n.event FROM notice_delivery d JOIN notice n ON n.id = d.notice_id WHERE d.channel = 'sms'"
    ) == [("cancelled",)], "a confirmation needs no text"
    assert set(rows("SELECT state, proof <> '' FROM notice_delivery WHERE channel = 'sms'")) == {("sent", True)}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_service_that_does_not_take_it_is_asked_again_later_and_mail_is_not_held_up() -> None:
    ann_wants_texts()
    order_lamps(["O1"])
    cancel_order("O1", at=OPENED_AT)
    assert drain(Mailbox(), OPENED_AT) == {"kept": 2}
    with receiving(503) as service:
        texts = Texts(f"json://127.0.0.1:{service.port}/{{phone}}")
        at = OPENED_AT
        for minutes in RETRY_MINUTES:
            assert drain_texts(texts, at) == {"postponed": 1}
            assert drain_texts(texts, at + timedelta(minutes=minutes, seconds=-1)) == {}
            at += timedelta(minutes=minutes)
        assert drain_texts(texts, at) == {"failed": 1}
    (failure,) = one("SELECT failure FROM notice_delivery WHERE channel = 'sms'")
    assert "503" in failure
    assert rows("SELECT 1 FROM task") == [], "the mail has told it: nobody has to"


@pytest.mark.django_db
def test_a_number_that_is_none_is_given_up_at_once() -> None:
    open_shop(lamps=1)
    catalogue.save_customers([CustomerRecord("bob", phone="ask my wife")])
    save_preferences("bob", {"sms": True})
    order_lamps(["O1"], customer="bob")
    assert drain_texts(Texts("json://127.0.0.1:9/{phone}"), OPENED_AT) == {"failed": 1}
    assert "no number" in one("SELECT text FROM task")[0]


class Taking:
    """A service that takes every text."""

    leaves = True

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, phone: str, text: str) -> str:
        """Takes it."""
        self.texts.append(text)
        return "taken"


@pytest.mark.django_db
def test_who_wants_texts_and_no_mail_is_texted() -> None:
    ann_wants_texts()
    save_preferences("ann", {"email": False})
    order_lamps(["O1"], units=2)
    service = Taking()
    assert drain(Mailbox(), OPENED_AT) == {"kept": 2}
    assert drain_texts(service, OPENED_AT) == {"sent": 1}
    assert "will follow" in service.texts[0]
    assert rows("SELECT event, state FROM notice ORDER BY id") == [("order_confirmed", "kept"), ("backordered", "sent")]
    assert audit() == []


@pytest.mark.django_db
def test_a_text_that_nothing_else_tells_and_nobody_takes_is_handed_to_a_person() -> None:
    ann_wants_texts()
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com", phone="ask my wife")])
    save_preferences("ann", {"email": False})
    order_lamps(["O1"], units=2)
    drain(Mailbox(), OPENED_AT)
    assert drain_texts(Texts("json://127.0.0.1:9/{phone}"), OPENED_AT) == {"failed": 1}
    ((text,),) = rows("SELECT text FROM task")
    assert text.startswith("Messages to ask my wife do not arrive: "), "Ann wants no mail: that is not what failed"
    assert "no number" in text


@pytest.mark.django_db
def test_a_text_waits_for_the_end_of_the_night_like_a_mail() -> None:
    ann_wants_texts()
    order_lamps(["O1"])
    cancel_order("O1", at=OPENED_AT)
    drain(Mailbox(), OPENED_AT)
    save_preferences("ann", {"quiet_from": time(22), "quiet_until": time(7)})
    night, morning = OPENED_AT + timedelta(hours=14), OPENED_AT + timedelta(hours=22)
    service = Taking()
    assert drain_texts(service, night) == {"held": 1}
    assert drain_texts(service, morning - timedelta(seconds=1)) == {}
    assert drain_texts(service, morning) == {"sent": 1}
    assert one("SELECT attempts FROM notice_delivery WHERE channel = 'sms'") == (1,), "holding is no attempt"


@pytest.mark.parametrize(
    ("phone", "number"),
    [("+1 (212) 555-0100", "+12125550100"), ("0049 30/123456", "+4930123456"), ("030123456", "030123456")],
)
def test_a_number_is_dialled_as_services_take_it(phone: str, number: str) -> None:
    assert dialled(phone) == number


@pytest.mark.parametrize("phone", ["", "12", "call me", "+1212555010000000", "+1212/@evil.example"])
def test_what_is_no_number_goes_nowhere(phone: str) -> None:
    with pytest.raises(TextRefused):
        dialled(phone)


@pytest.mark.slow
def test_the_library_is_loaded_with_the_first_text_alone() -> None:
    script = "import sys, django; django.setup(); import raincheck.jobs.worker; print('apprise' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "raincheck.config.settings", "RAINCHECK_SECRET_KEY": "x", "PATH": ""}
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert said.stdout.strip() == "False"


def test_settings_that_cannot_be_are_refused_without_repeating_a_secret() -> None:
    with pytest.raises(ImproperlyConfigured, match="phone") as refused:
        sms_url("twilio://SID:s3cret@+1212")
    assert "s3cret" not in str(refused.value)
    with pytest.raises(ImproperlyConfigured, match="127"):
        own_networks("home")
    assert sms_url(" ") == ""
    assert len(own_networks("127.0.0.0/8, 10.0.0.0/8")) == 2

"""The outbox: each message leaves once, in its order, or somebody hears that it cannot."""

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings as DjangoSettings
from tests.jobs.conftest import Sink
from tests.jobs.shop import OPENED_AT, notice_states, open_shop, order_lamps
from tests.serving import free_port

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.carry_notice import RETRY_MINUTES
from raincheck.actions.send_again import send_again
from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.gateways.mail import Mailbox, MailServerAway, Smtp, mail_gateway
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.django_db


def test_without_a_mail_server_messages_stay_in_the_mailbox_as_the_customer_would_see_them() -> None:
    open_shop()
    order_lamps(["O1"])
    assert isinstance(mail_gateway(), Mailbox)
    assert drain(mail_gateway(), OPENED_AT) == {"kept": 2}
    ((event, subject, body, html, sent_at),) = rows(
        "SELECT event, subject, body, html, sent_at FROM notice WHERE event = 'order_confirmed'"
    )
    assert (event, subject, sent_at) == ("order_confirmed", "Thank you for your order O1", None)
    assert body.startswith("Hello Ann,")
    assert "Field &amp; Hearth" in html


def test_a_message_leaves_once(through_the_sink: Sink) -> None:
    open_shop()
    order_lamps(["O1", "O2"])
    assert drain(mail_gateway(), OPENED_AT) == {"sent": 4}
    assert drain(mail_gateway(), OPENED_AT) == {}
    assert set(through_the_sink.times_taken.values()) == {1}
    assert len(through_the_sink.messages) == 2, "what an order's placing made true is one message"


def test_a_message_is_readable_as_text_and_html_and_belongs_to_its_order(through_the_sink: Sink) -> None:
    open_shop(Settings(warehouse="manual", digest=False))
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    first, second = through_the_sink.messages
    assert first["Subject"] == "Thank you for your order O1"
    assert first["From"] == "Field & Hearth <hello@shop.example>"
    assert first["To"] == "ann@example.com"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"].endswith("@shop.example>")
    assert first["References"] == second["References"]
    assert [part.get_content_type() for part in first.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_customer_without_an_address_is_listed_and_not_written_to() -> None:
    open_shop()
    order_lamps(["O1"], customer="bob")
    assert drain(Mailbox(), OPENED_AT) == {}
    assert set(rows("SELECT channel, state FROM notice")) == {("none", "kept")}


def test_a_message_refused_for_good_is_given_up_and_a_person_hears_of_it(through_the_sink: Sink) -> None:
    open_shop()
    order_lamps(["O1"])
    through_the_sink.rcpt_reply = "550 no such user here"
    assert drain(mail_gateway(), OPENED_AT) == {"failed": 2}
    assert rows("SELECT kind, text FROM task") == [
        ("message", "Messages to ann@example.com do not arrive: 550 no such user here")
    ]


@pytest.mark.usefixtures("through_the_sink")
def test_an_address_that_is_none_holds_up_nobody_else() -> None:
    open_shop()
    order_lamps(["O1", "O2"])
    run("UPDATE notice SET address = %s WHERE order_id = (SELECT id FROM sales_order WHERE ref = 'O1')", ["ann@"])
    assert drain(mail_gateway(), OPENED_AT) == {"failed": 2, "sent": 2}


def test_a_message_that_is_not_taken_now_waits_longer_each_time_and_is_given_up_in_the_end(
    through_the_sink: Sink,
) -> None:
    open_shop(lamps=1)
    order_lamps(["O1"])
    through_the_sink.data_reply = "452 too busy"
    at = OPENED_AT
    for minutes in RETRY_MINUTES:
        assert drain(mail_gateway(), at) == {"postponed": 1}
        assert drain(mail_gateway(), at + timedelta(minutes=minutes, seconds=-1)) == {}
        at += timedelta(minutes=minutes)
    assert drain(mail_gateway(), at) == {"failed": 1}
    assert one("SELECT state, failure, attempts FROM notice") == ("failed", "452 too busy", len(RETRY_MINUTES) + 1)
    assert rows("SELECT count(*) FROM task") == [(1,)]


def test_nobody_reads_of_a_cancellation_before_the_confirmation(through_the_sink: Sink) -> None:
    open_shop(lamps=1)
    order_lamps(["O1"])
    through_the_sink.data_reply = "452 too busy"
    drain(mail_gateway(), OPENED_AT)
    cancel_order("O1", at=OPENED_AT)
    through_the_sink.data_reply = ""
    assert drain(mail_gateway(), OPENED_AT) == {}
    assert drain(mail_gateway(), OPENED_AT + timedelta(minutes=1)) == {"sent": 2}
    assert [message["Subject"] for message in through_the_sink.messages] == [
        "Thank you for your order O1",
        "Your order O1 is cancelled",
    ]


def test_while_the_mail_server_is_away_no_attempt_is_counted(settings: DjangoSettings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    open_shop()
    order_lamps(["O1"])
    with pytest.raises(MailServerAway):
        drain(Smtp(), OPENED_AT)
    assert set(rows("SELECT state, attempts FROM notice")) == {("queued", 0)}


def test_a_server_that_goes_away_is_no_fault_of_the_message(through_the_sink: Sink) -> None:
    open_shop()
    order_lamps(["O1"])
    through_the_sink.data_reply = "421 closing down"
    with pytest.raises(MailServerAway):
        drain(mail_gateway(), OPENED_AT)
    assert notice_states() == {"queued": 2}


def test_an_event_without_words_is_handed_to_a_person_and_the_rest_leaves() -> None:
    open_shop()
    order_lamps(["O1"])
    run("UPDATE notice SET event = 'never_heard_of' WHERE event = 'backordered'")
    assert drain(Mailbox(), OPENED_AT) == {"kept": 1, "failed": 1}


def test_a_failed_message_goes_again_to_the_address_that_was_mended(through_the_sink: Sink) -> None:
    open_shop(lamps=1)
    order_lamps(["O1"])
    through_the_sink.rcpt_reply = "550 no such user here"
    drain(mail_gateway(), OPENED_AT)
    run("UPDATE customer SET email = 'ann@new.example' WHERE code = 'ann'")
    (notice,) = one("SELECT id FROM notice")
    send_again(notice, OPENED_AT, "sam")
    through_the_sink.rcpt_reply = ""
    assert drain(mail_gateway(), OPENED_AT) == {"sent": 1}
    assert through_the_sink.messages[0]["To"] == "ann@new.example"
    assert rows("SELECT closed_by FROM task WHERE closed_at IS NOT NULL") == [("sam",)]
    with pytest.raises(Refused, match="has not failed"):
        send_again(notice, OPENED_AT)


def test_the_audit_asks_for_proof_of_what_was_sent(through_the_sink: Sink) -> None:
    open_shop()
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    assert through_the_sink.messages
    assert audit() == []
    run("DELETE FROM notice_delivery")
    assert {violation.invariant for violation in audit()} == {"messages sent are on record"}

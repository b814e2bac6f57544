"""Messages that come back: the address is known to be bad, another channel is tried, then a person; law stands back."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.jobs.conftest import Sink
from tests.jobs.shop import OPENED_AT, notice_states, open_shop, order_lamps

from raincheck.actions import catalogue
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.carry_notice import RETRY_MINUTES
from raincheck.actions.note_interest import note_interest
from raincheck.actions.save_preferences import save_preferences
from raincheck.actions.send_again import send_again
from raincheck.actions.take_bounce import BounceKind, BounceReport, take_bounce
from raincheck.cli.bounces import command
from raincheck.core.errors import Malformed
from raincheck.feeds.bounces import read_reports, report_of
from raincheck.gateways.mail import mail_gateway
from raincheck.gateways.sms import Texts, TextsKept
from raincheck.jobs.shopkeeping import keep_shop_once
from raincheck.notices.outbox import drain, drain_texts
from raincheck.store.db import one, rows, run
from raincheck.store.records import CustomerRecord, ProductRecord

pytestmark = pytest.mark.django_db


def bounce_of(
    message_id: str,
    status: str = "5.1.1",
    action: str = "failed",
    *,
    whole: bool = False,
    said: str = "550 no such user here",
) -> bytes:
    """What a mail server sends back (RFC 3464)."""
    text = f"""From: MAILER-DAEMON@mx.example
To: hello@shop.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver this.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ann@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b
Content-Type: {"message/rfc822" if whole else "text/rfc822-headers"}

Message-ID: {message_id}
To: ann@example.com
Subject: x

body
--b--
"""
    return text.encode()


def complaint_of(message_id: str) -> bytes:
    """What a mail provider sends when somebody presses "spam" (RFC 5965)."""
    text = f"""From: <fbl@provider.example>
To: <hello@shop.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1
Version: 1
Original-Rcpt-To: <ann@example.com>

--b
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: x

body
--b--
"""
    return text.encode()


def sent_message(sink: Sink) -> str:
    """An order is confirmed; the id of the message that said so."""
    open_shop(lamps=1)
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    return str(sink.messages[-1]["Message-ID"])


@pytest.mark.parametrize("whole", [False, True], ids=["headers", "whole message"])
def test_a_delivery_status_notification_is_read(whole: bool) -> None:
    report = report_of(bounce_of("<notice-1.ab@shop.example>", whole=whole))
    assert report is not None
    assert (report.kind, report.message_id, report.address, report.reason) == (
        BounceKind.HARD,
        "<notice-1.ab@shop.example>",
        "ann@example.com",
        "5.1.1 550 no such user here",
    )


def test_a_status_that_the_server_repeats_is_said_once() -> None:
    report = report_of(bounce_of("<a@b>", said="550 5.1.1 User unknown"))
    assert report is not None
    assert report.reason == "550 5.1.1 User unknown"


@pytest.mark.parametrize(("status", "kind"), [("5.7.1", "hard"), ("4.4.1", "soft"), ("5.2.2", "soft")])
def test_what_is_for_good_and_what_is_not(status: str, kind: str) -> None:
    report = report_of(bounce_of("<a@b>", status))
    assert report is not None
    assert report.kind == kind


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_arrived_or_still_tries_is_no_bounce(action: str) -> None:
    assert report_of(bounce_of("<a@b>", "4.4.1", action)) is None


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 500, b"Subject: hello\n\nI am on holiday.\n"])
def test_what_is_no_report_is_left_alone(content: bytes) -> None:
    assert report_of(content) is None


def test_a_spam_report_is_read() -> None:
    report = report_of(complaint_of("<a@b>"))
    assert report is not None
    assert (report.kind, report.message_id, report.address) == (BounceKind.COMPLAINT, "<a@b>", "ann@example.com")


def test_a_hard_bounce_marks_the_address_and_asks_a_person(through_the_sink: Sink) -> None:
    message_id = sent_message(through_the_sink)
    assert take_bounce(BounceReport(BounceKind.HARD, message_id, reason="550 no such user"), "test") == "taken"
    assert notice_states() == {"failed": 1}
    assert rows("SELECT state, failure FROM notice_delivery") == [("bounced", "550 no such user")]
    assert rows("SELECT address FROM bad_address") == [("ann@example.com",)]
    assert rows("SELECT text FROM task") == [("Messages to ann@example.com do not arrive: 550 no such user",)]


def test_nothing_more_goes_to_an_address_that_is_known_to_be_bad(through_the_sink: Sink) -> None:
    message_id = sent_message(through_the_sink)
    take_bounce(BounceReport(BounceKind.HARD, message_id), "test")
    order_lamps(["O2"])
    assert drain(mail_gateway(), OPENED_AT) == {"failed": 2}
    assert len(through_the_sink.messages) == 1


def test_sending_again_says_that_the_address_works_now(through_the_sink: Sink) -> None:
    message_id = sent_message(through_the_sink)
    take_bounce(BounceReport(BounceKind.HARD, message_id), "test")
    send_again(one("SELECT id FROM notice")[0], OPENED_AT, "sam")
    assert drain(mail_gateway(), OPENED_AT) == {"sent": 1}


def test_a_text_goes_where_mail_did_not(through_the_sink: Sink) -> None:
    open_shop(lamps=1)
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com", phone="+12125550100")])
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    take_bounce(BounceReport(BounceKind.HARD, str(through_the_sink.messages[0]["Message-ID"])), "test", OPENED_AT)
    assert rows("SELECT 1 FROM task") == []
    assert rows("SELECT channel, state FROM notice_delivery ORDER BY id") == [("email", "bounced"), ("sms", "queued")]
    assert drain_texts(TextsKept(), OPENED_AT) == {"kept": 1}
    assert rows("SELECT count(*) FROM task") == [(1,)], "no service sends texts here: a person has to"


def test_a_person_is_asked_where_the_text_beside_the_mail_had_failed_before(through_the_sink: Sink) -> None:
    open_shop(lamps=1)
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com", phone="ask my wife")])
    save_preferences("ann", {"sms": True})
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    cancel_order("O1", at=OPENED_AT)
    drain(mail_gateway(), OPENED_AT)
    assert drain_texts(Texts("json://127.0.0.1:9/{phone}"), OPENED_AT) == {"failed": 1}
    assert rows("SELECT 1 FROM task") == [], "the mail has told it"
    take_bounce(BounceReport(BounceKind.HARD, str(through_the_sink.messages[1]["Message-ID"])), "test", OPENED_AT)
    assert rows("SELECT count(*) FROM task") == [(1,)], "now nothing has"


def test_who_said_no_to_texts_gets_none_instead(through_the_sink: Sink) -> None:
    open_shop(lamps=1)
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@example.com", phone="+12125550100")])
    save_preferences("ann", {"sms": False})
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    take_bounce(BounceReport(BounceKind.HARD, str(through_the_sink.messages[0]["Message-ID"])), "test", OPENED_AT)
    assert rows("SELECT count(*) FROM task") == [(1,)]


def test_a_soft_bounce_goes_again_later_under_its_old_name_and_is_given_up_in_the_end(through_the_sink: Sink) -> None:
    message_id = sent_message(through_the_sink)
    at = OPENED_AT
    for minutes in RETRY_MINUTES:
        assert take_bounce(BounceReport(BounceKind.SOFT, message_id, reason="mailbox full"), "test", at) == "taken"
        assert drain(mail_gateway(), at + timedelta(minutes=minutes, seconds=-1)) == {}
        at += timedelta(minutes=minutes)
        assert drain(mail_gateway(), at) == {"sent": 1}
    assert set(through_the_sink.times_taken) == {message_id}
    take_bounce(BounceReport(BounceKind.SOFT, message_id, reason="mailbox full"), "test", at)
    assert notice_states() == {"failed": 1}
    assert rows("SELECT 1 FROM bad_address") == []


def test_a_complaint_stops_what_need_not_be_said(through_the_sink: Sink) -> None:
    message_id = sent_message(through_the_sink)
    take_bounce(BounceReport(BounceKind.COMPLAINT, message_id), "test", OPENED_AT)
    order_lamps(["O2"])
    assert drain(mail_gateway(), OPENED_AT) == {"sent": 1, "kept": 1}
    assert one("SELECT email, stopped_why FROM customer_preference") == (False, "called spam on 2026-03-02")


def test_the_same_report_twice_has_one_effect(through_the_sink: Sink) -> None:
    content = bounce_of(sent_message(through_the_sink))
    report = report_of(content)
    assert report is not None
    assert [take_bounce(report, "test"), take_bounce(report, "test")] == ["taken", "known"]
    assert rows("SELECT count(*) FROM task") == [(1,)]


def waits_for_a_rug(sink: Sink) -> str:
    """Somebody is told that a rug is back; the id of the mail that said so."""
    open_shop()
    catalogue.save_products([ProductRecord("rug", name="Rug")], at=OPENED_AT)
    note_interest("rug", "zoe@example.com")
    catalogue.set_stock("east", {"rug": 1}, at=OPENED_AT)
    keep_shop_once(mail_gateway())
    return str(sink.messages[-1]["Message-ID"])


def test_a_report_on_a_product_mail_that_is_read_twice_ends_nothing_anew(through_the_sink: Sink) -> None:
    report = report_of(bounce_of(waits_for_a_rug(through_the_sink)))
    assert report is not None
    assert take_bounce(report, "test") == "taken"
    run("DELETE FROM bad_address")  # The address works again,
    note_interest("rug", "zoe@example.com")  # and they ask anew.
    assert take_bounce(report, "test") == "known"
    assert rows("SELECT 1 FROM bad_address") == []
    assert rows("SELECT state FROM product_interest ORDER BY id") == [("told",), ("waiting",)]


def test_a_product_mail_that_comes_back_for_a_while_goes_again(through_the_sink: Sink) -> None:
    message_id = waits_for_a_rug(through_the_sink)
    assert take_bounce(BounceReport(BounceKind.SOFT, message_id, reason="mailbox full"), "test") == "taken"
    assert rows("SELECT state, try_again_at > now() FROM interest_message") == [("queued", True)]
    run("UPDATE interest_message SET try_again_at = NULL")
    keep_shop_once(mail_gateway())
    assert through_the_sink.times_taken == {message_id: 2}


def test_a_second_report_on_a_former_address_leaves_the_new_one_alone(through_the_sink: Sink) -> None:
    message_id = sent_message(through_the_sink)
    take_bounce(BounceReport(BounceKind.HARD, message_id, "ann@example.com"), "test", OPENED_AT)
    catalogue.save_customers([CustomerRecord("ann", name="Ann", email="ann@new.example")])
    send_again(one("SELECT id FROM notice")[0], OPENED_AT, "sam")
    assert drain(mail_gateway(), OPENED_AT) == {"sent": 1}
    take_bounce(BounceReport(BounceKind.HARD, message_id, "ann@example.com", content="another"), "test", OPENED_AT)
    assert notice_states() == {"sent": 1}
    assert rows("SELECT address FROM bad_address WHERE address = 'ann@new.example'") == []


def test_a_forged_id_is_counted_and_changes_nothing(through_the_sink: Sink) -> None:
    sent_message(through_the_sink)
    assert take_bounce(BounceReport(BounceKind.HARD, "<notice-1.forged@shop.example>"), "test") == "unknown"
    assert notice_states() == {"sent": 1}
    assert rows("SELECT result FROM bounce") == [("unknown",)]
    with pytest.raises(Malformed):
        take_bounce(BounceReport(BounceKind.HARD), "test")


def test_an_address_alone_means_the_last_message_to_it(through_the_sink: Sink) -> None:
    sent_message(through_the_sink)
    report = BounceReport(BounceKind.HARD, address="Ann@Example.com")
    assert take_bounce(report, "test", OPENED_AT + timedelta(days=40)) == "unknown", "that was long ago"
    assert take_bounce(report, "test", OPENED_AT + timedelta(days=1)) == "taken"


def test_a_mailbox_of_reports_is_read_by_the_command(through_the_sink: Sink, tmp_path: Path) -> None:
    message_id = sent_message(through_the_sink)
    letters = [bounce_of(message_id), bounce_of("<forged@x>"), b"Subject: hi\n\nhello\n", bounce_of(message_id)]
    file = tmp_path / "bounces.mbox"
    file.write_bytes(b"".join(b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n" + one + b"\n" for one in letters))
    ran = CliRunner().invoke(command, [str(file), "--format", "json"])
    assert json.loads(ran.stdout) == {"taken": 1, "known": 1, "unknown": 1, "other": 1}
    with file.open("rb") as again:
        assert len(list(read_reports(again))) == 4
    assert list(read_reports(BytesIO(letters[0]))) != [None]


def test_a_mailbox_that_is_too_large_is_refused_whole(through_the_sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    report = b"From x Mon Mar  2 09:00:00 2026\n" + bounce_of(sent_message(through_the_sink)) + b"\n"
    monkeypatch.setattr("raincheck.feeds.bounces.MOST_BYTES", len(report) + 10)
    with pytest.raises(Malformed, match="split"):
        list(read_reports(BytesIO(report + report)))
    assert len(list(read_reports(BytesIO(report)))) == 1

"""Notices under a law that do not arrive, or leave too late, are no notices: a person tells, or time runs out."""

from datetime import UTC, datetime

import pytest
from tests.actions.law_mail import Bouncing, Taking
from tests.actions.law_shop import at, events, open_shop, order_lamps, pass_time, reason_of, tasks, truck

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.law_notices import tell_by_person
from raincheck.actions.move_stock import count
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import PurchaseRequest, purchase, reschedule
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.send_again import send_again
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.void_options import void_missed_options
from raincheck.core.errors import Malformed, Refused
from raincheck.gateways.mail import Mail, Mailbox, MailDeferred, MailServerAway
from raincheck.jobs.sending import Sending
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.django_db

CANCELLED = "cancelled_by_law"


def an_option_waits_to_leave() -> None:
    """Lamps told for the 12th come on the 22nd: their customer is asked, by a message that has not left yet."""
    open_shop()
    truck()
    order_lamps()
    drain(Taking(), at(0))
    reschedule("P1", at(20).date(), at=at(5))
    pass_time(5.1)


def test_a_notice_that_bounces_is_no_notice_and_time_runs_out_with_the_first_day() -> None:
    open_shop()
    truck()
    order_lamps()
    drain(Mailbox(), at(0))
    reschedule("P1", at(20).date(), at=at(5))
    drain(Bouncing(), pass_time(5.1))
    assert one("SELECT by_on::text FROM law_clock") == ("2026-03-12",)
    pass_time(11)
    assert reason_of() == CANCELLED
    assert audit() == []


def test_a_notice_that_leaves_after_the_last_day_is_no_notice() -> None:
    an_option_waits_to_leave()  # The mail server is away until the day after the 12th.
    assert drain(Taking(), at(11)) == {"failed": 1}
    assert one("SELECT stage, by_on::text FROM law_clock") == ("running", "2026-03-12")
    assert "the last day on which it counts" in one("SELECT text FROM task")[0]
    pass_time(11)
    assert reason_of() == CANCELLED
    assert audit() == []
    assert drain(Taking(), at(11)) == {"sent": 1}


def test_what_nobody_was_asked_about_in_time_ends_while_the_mail_server_is_away() -> None:
    """No message has its turn then; the option is void all the same, and nothing goes under it."""
    an_option_waits_to_leave()
    assert void_missed_options("email", at(10.7)) == 0, "it is the 12th in New York still: it may leave yet"
    assert one("SELECT stage FROM law_clock") == ("silence_consents",)
    assert void_missed_options("email", at(11)) == 1
    assert void_missed_options("email", at(11)) == 0
    assert one("SELECT stage, by_on::text FROM law_clock") == ("running", "2026-03-12")
    pass_time(11)
    assert reason_of() == CANCELLED
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(12))
    assert one("SELECT shipped FROM order_line") == (0,)
    assert audit() == []
    assert drain(Taking(), at(13)) == {"sent": 1}, "that it was cancelled"


def test_the_worker_looks_for_such_options_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    an_option_waits_to_leave()
    monkeypatch.setattr("raincheck.actions.void_options.database_now", lambda: at(11))
    monkeypatch.setattr("raincheck.actions.carry_notice.database_now", lambda: at(11))
    Sending(Away(), lambda: False).step()
    assert one("SELECT stage FROM law_clock") == ("running",)


def test_an_option_that_has_left_or_was_answered_is_not_void() -> None:
    open_shop()
    truck()
    for ref in ("O1", "O2"):
        order_lamps(ref, units=1)
    drain(Taking(), at(0))
    reschedule("P1", at(20).date(), at=at(5))
    pass_time(5.1)
    answer_order("O1", Answer("wait"), at=at(6))
    run("UPDATE notice n SET state = 'sent' FROM sales_order o WHERE o.id = n.order_id AND o.ref = 'O2'")
    assert void_missed_options("email", at(11)) == 0


def test_what_is_still_in_time_of_a_notice_that_left_too_late_is_asked_anew() -> None:
    open_shop()
    truck()
    purchase(PurchaseRequest("P2", "acme", "east", {"torch": 1}, at(25).date(), "confirmed"), at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 2), AskedLine("torch", 1)), "ann"), at=at(0))
    drain(Taking(), at(0))
    for ref in ("P1", "P2"):
        reschedule(ref, at(40).date(), at=at(5))
    pass_time(5.1)
    ((lines,),) = rows("SELECT jsonb_array_length(detail->'lines') FROM notice WHERE event = 'option_notice'")
    assert lines == 2, "one message asks about both"
    assert drain(Taking(), at(11)) == {"failed": 1}
    pass_time(11.1)
    assert reason_of("O1", "lamp") == CANCELLED
    assert events()[-2:] == ["cancelled", "option_notice"], "of the torch, which has until the 27th"
    assert drain(Taking(), at(11.1)) == {"sent": 2}
    assert audit() == []


def test_of_two_notices_that_leave_after_the_last_day_none_counts() -> None:
    """The one does not count as given because the other waits: nobody was asked by the 12th."""
    an_option_waits_to_leave()
    reschedule("P1", at(25).date(), at=at(6))
    pass_time(6.1)
    assert events()[-2:] == ["option_notice", "renewed_option_notice"]
    assert drain(Taking(), at(11)) == {"failed": 2}
    pass_time(11)
    assert reason_of() == CANCELLED
    assert audit() == []


def test_a_notice_that_leaves_on_the_last_day_counts() -> None:
    an_option_waits_to_leave()
    assert drain(Taking(), at(10.7)) == {"sent": 1}, "it is the 12th in New York still"
    assert one("SELECT stage, by_on::text FROM law_clock") == ("silence_consents", "2026-03-22")


def test_who_has_cancelled_meanwhile_is_not_asked_whether_to() -> None:
    open_shop(quiet_from="22:00", quiet_until="07:00", timezone="America/New_York")
    truck()
    order_lamps()
    drain(Taking(), at(0.2))
    reschedule("P1", at(20).date(), at=at(5.71))  # 22:02 on the 7th in New York.
    evening = pass_time(5.755)
    assert events()[-1] == "option_notice"
    assert drain(Taking(), evening).total() == 1
    cancel_order("O1", at=at(5.76))
    drain(Taking(), at(5.76))
    night = drain(Taking(), at(5.83))
    assert rows("SELECT event, state FROM notice ORDER BY id DESC LIMIT 2") == [
        ("cancelled", "queued"),
        ("option_notice", "kept"),
    ], night
    assert drain(Taking(), at(6.2)) == {"sent": 1}


def test_who_has_cancelled_what_the_floor_has_is_not_asked_either() -> None:
    open_shop(quiet_from="22:00", quiet_until="07:00", timezone="America/New_York", warehouse="manual")
    count("east", {"lamp": 1}, at(0))
    truck(units=1)
    order_lamps()
    floor.pick("O1", {"lamp": 1}, at=at(0.1))
    drain(Taking(), at(0.2))
    reschedule("P1", at(20).date(), at=at(5.71))  # 22:02 on the 7th in New York.
    pass_time(5.755)
    cancel_order("O1", at=at(5.76))
    assert one("SELECT state FROM sales_order") == ("cancel_requested",)
    drain(Taking(), at(5.83))
    assert one("SELECT state FROM notice WHERE event = 'option_notice'") == ("kept",)


def test_an_option_does_not_wait_for_a_message_that_is_to_be_tried_again() -> None:
    open_shop()
    truck()
    order_lamps()
    run("UPDATE notice SET try_again_at = %s, attempts = 6 WHERE event = 'order_confirmed'", [at(11)])
    run("UPDATE notice SET state = 'kept' WHERE event = 'backordered'")
    reschedule("P1", at(20).date(), at=at(5))
    pass_time(5.1)
    assert drain(Taking(), at(5.1)) == {"sent": 1}
    assert rows("SELECT event FROM notice WHERE state = 'sent'") == [("option_notice",)]
    assert drain(Taking(), at(11)) == {"sent": 1}, "what was to be tried again is"


class Away(Mailbox):
    """A mail server that is not there."""

    leaves = True

    def send(self, mail: Mail) -> str:
        raise MailServerAway("connection refused")


class Full(Mailbox):
    """A mail server that takes nothing for now."""

    leaves = True

    def send(self, mail: Mail) -> str:
        raise MailDeferred(f"452 the mailbox of {mail.address} is full")


def test_an_option_is_tried_once_more_before_its_day_ends() -> None:
    open_shop()
    truck()
    order_lamps()
    drain(Taking(), at(0))
    reschedule("P1", at(20).date(), at=at(9.9))
    evening = pass_time(10.5)  # 16:00 on the 12th, the last day, in New York.
    run("UPDATE notice SET attempts = 5 WHERE state = 'queued'")
    assert drain(Full(), evening) == {"postponed": 1}
    last_at = datetime(2026, 3, 13, 3, tzinfo=UTC)
    assert rows("SELECT try_again_at FROM notice WHERE state = 'queued'") == [(last_at,)], "23:00, not in twelve hours"
    assert drain(Taking(), last_at) == {"sent": 1}
    assert one("SELECT stage FROM law_clock") == ("silence_consents",)


def test_who_agreed_before_a_late_notice_left_has_agreed() -> None:
    an_option_waits_to_leave()
    answer_order("O1", Answer("wait"), at=at(6))
    drain(Taking(), at(11))
    assert one("SELECT stage, by_on::text FROM law_clock") == ("consented", "2026-03-22")


def test_a_person_who_tells_the_customer_instead_keeps_the_order() -> None:
    open_shop()
    truck()
    order_lamps()
    drain(Mailbox(), at(0))
    reschedule("P1", at(20).date(), at=at(5))
    drain(Bouncing(), pass_time(5.1))
    tell_by_person("O1", "by phone, spoke to Ann", at=at(6), actor="sue")
    pass_time(19)
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(19))
    assert reason_of() == "shipped"
    with pytest.raises(Malformed, match="say how"):
        tell_by_person("O1", " ", at=at(19))


def test_a_bounced_notice_that_is_sent_again_counts_from_then() -> None:
    open_shop()
    truck()
    order_lamps()
    drain(Mailbox(), at(0))
    reschedule("P1", at(20).date(), at=at(5))
    drain(Bouncing(), pass_time(5.1))
    send_again(int(one("SELECT id FROM notice WHERE state = 'failed'")[0]), actor="sue")
    drain(Mailbox(), at(6))
    assert one("SELECT stage, by_on::text FROM law_clock") == ("silence_consents", "2026-03-22")


def test_a_customer_without_an_address_is_told_by_a_person() -> None:
    open_shop()
    order_lamps(customer="bob")
    pass_time(0.1)
    assert events() == ["order_confirmed", "backordered", "option_notice"]
    assert len(tasks()) == 1
    assert "has no address" in tasks()[0]
    tell_by_person("O1", "by letter", at=at(1), actor="sue")
    assert tasks() == []
    with pytest.raises(Refused, match="no option is due"):
        tell_by_person("O1", "by letter", at=at(1), actor="sue")

"""Selling under a law: what is exempt has no clock, answers count in time, and nothing ships when time is up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import psycopg
import pytest
from django.db import transaction
from tests.actions.law_mail import Bouncing, Taking, option_body
from tests.actions.law_shop import at, events, open_shop, order_lamps, pass_time, reason_of, tasks, truck

from raincheck.actions import floor
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.change_order import change_order
from raincheck.actions.decline_payment import decline_payment
from raincheck.actions.hold_order import hold_order
from raincheck.actions.law_exemption import exempt_order, exempt_product
from raincheck.actions.move_stock import count
from raincheck.actions.place_order import place_order
from raincheck.actions.place_orders import AskedOrder, place_orders
from raincheck.actions.purchase import PurchaseRequest, purchase, reschedule
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.run_timers import run_due
from raincheck.actions.take_bounce import BounceKind, BounceReport, take_bounce
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, Refused
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit
from raincheck.store.reads.law import Withdrawal, falls_due, withdrawal
from raincheck.store.reads.law_evidence import evidence

pytestmark = pytest.mark.django_db

CANCELLED = "cancelled_by_law"


def test_what_is_exempt_has_no_clock_and_hears_of_delays_as_ever() -> None:
    open_shop()
    truck()
    exempt_product("lamp", "growing plants, 16 CFR 435.3", at=at(0))
    order_lamps()
    reschedule("P1", at(60).date(), at=at(5))
    pass_time(90)
    assert events() == ["order_confirmed", "backordered", "delayed", "delayed"]
    assert rows("SELECT 1 FROM law_clock") == []
    with pytest.raises(Malformed, match="needs a reason"):
        exempt_product("lamp", "", at=at(0))


def test_an_order_that_is_exempted_loses_its_clock() -> None:
    open_shop()
    truck()
    order_lamps()
    exempt_order("O1", "a subscription after its first shipment", at=at(1), actor="sue")
    pass_time(90)
    assert "cancelled" not in events()
    assert audit() == []


def test_an_order_taken_over_after_its_time_is_left_to_a_person() -> None:
    open_shop()
    asked = AskedOrder(OrderRequest("OLD", (AskedLine("lamp", 1),), "ann"), at(-50))
    place_orders([asked, AskedOrder(OrderRequest("NEW", (AskedLine("lamp", 1),), "ann"), at(-1))], at=at(0))
    pass_time(1)
    assert rows("SELECT o.ref FROM law_clock k JOIN order_line l ON l.id = k.line_id JOIN sales_order o "
                "ON o.id = l.order_id") == [("NEW",)]  # fmt: skip
    assert "before the order was taken over" in tasks()[0]
    assert reason_of("OLD") == "no_date"


def test_nothing_ships_between_the_end_of_the_time_and_a_worker_that_is_late() -> None:
    open_shop(warehouse="manual")
    truck(units=2)
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(10))
    floor.pick("O1", at=at(10))
    with pytest.raises(Refused, match="last legal day"):
        floor.ship("O1", at=at(11))  # No timer has run yet.
    pass_time(11)
    assert one("SELECT state FROM sales_order")[0] == "cancel_requested"
    assert audit() == []


def test_stock_that_comes_after_the_end_of_the_time_is_held_back_from_a_line_that_is_to_be_cancelled() -> None:
    open_shop()
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(11))  # The worker has not cancelled it yet.
    assert rows("SELECT 1 FROM shipment") == []
    pass_time(12)
    assert reason_of() == CANCELLED


def test_raised_units_come_under_the_clock_of_the_line_and_are_asked_about() -> None:
    open_shop()
    truck(units=2)
    order_lamps()
    change_order("O1", {"lamp": 5}, at=at(1))
    pass_time(2)
    assert one("SELECT due_on::text, stage FROM law_clock") == ("2026-03-12", "answer_needed")
    assert events()[-1] == "option_notice"
    assert "3 x " in option_body(), "of the two that come in time there is nothing to say"


def test_units_added_to_the_only_parcel_are_asked_about_in_one_message_with_what_they_delay() -> None:
    open_shop(ship="up_to:1")
    truck(units=2)
    order_lamps()
    purchase(PurchaseRequest("P2", "acme", "east", {"lamp": 3}, at(60).date(), "confirmed"), at(0.5))
    change_order("O1", {"lamp": 5}, at=at(1))
    pass_time(2)
    assert events().count("option_notice") == 1
    assert "renewed_option_notice" not in events()
    assert "5 x lamp" in option_body(), "what was added, and what it keeps from going on the 12th"


def test_a_line_that_gets_its_first_day_as_its_option_is_due_is_asked_about_once() -> None:
    """The worker is a little late: the order that dates the torch finds the delay of the lamp settled as well."""
    open_shop()
    truck()
    place_order(OrderRequest("O1", (AskedLine("lamp", 2), AskedLine("torch", 1)), "ann"), at=at(0))
    reschedule("P1", at(60).date(), at=at(0.001))
    purchase(PurchaseRequest("P2", "acme", "east", {"lamp": 1, "torch": 1}, at(60).date(), "confirmed"), at(0.05))
    pass_time(1)
    assert events() == ["order_confirmed", "backordered", "option_notice", "date_expected"]
    assert rows("SELECT 1 FROM law_clock WHERE stage = 'running'") == []


@pytest.mark.parametrize("settings", [{"handling_days": 5}, {"warehouse": "manual"}])
def test_what_is_on_the_floor_is_no_part_of_what_is_asked_about(settings: dict[str, Any]) -> None:
    open_shop(**settings)
    count("east", {"lamp": 2}, at(0))
    truck(units=3)
    order_lamps(units=5)
    if settings == {"warehouse": "manual"}:
        floor.pick("O1", {"lamp": 2}, at=at(0.05))
    reschedule("P1", at(60).date(), at=at(0.1))
    pass_time(1)
    assert "3 x lamp" in option_body(), "the other two are being packed"


@pytest.mark.parametrize("law", ["us-ftc-435", "none"])
def test_what_leaves_with_a_delay_is_no_part_of_it(law: str) -> None:
    open_shop(law=law, settle_minutes=0)
    truck(units=5)
    order_lamps(units=5)
    receive(Receipt({"lamp": 2}, {"lamp": 3}, ref="P1"), at(5))
    delays = rows("SELECT detail->'lines' FROM notice WHERE event IN ('delayed', 'option_notice')")
    assert [[line["units"] for line in orjson.loads(said)] for (said,) in delays] == [[3]]


def test_who_has_to_pay_first_is_told_so_where_the_legal_time_runs_out() -> None:
    open_shop()
    truck(units=2)
    order_lamps()
    decline_payment("O1", at=at(1))
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(10))
    pass_time(10.5)
    assert events()[-2:] == ["payment_failed", "option_notice"]
    assert "because the payment did not go through" in option_body()


def test_a_line_that_had_gone_and_is_ordered_anew_gets_a_clock_of_its_own() -> None:
    open_shop()
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(3))
    change_order("O1", {"lamp": 3}, at=at(5))
    assert rows("SELECT due_on::text, ended_at IS NULL FROM law_clock ORDER BY id") == [
        ("2026-03-12", False),
        ("2026-04-06", True),
    ]


def test_a_substitute_goes_on_under_the_clock_of_the_line_that_it_stands_in_for() -> None:
    open_shop()
    truck()
    order_lamps()
    answer_order("O1", Answer("substitute", {"lamp": "torch"}), at=at(1))
    found = rows("SELECT p.sku, k.due_on::text, k.vested_by FROM law_clock k JOIN order_line l ON l.id = k.line_id "
                 "JOIN product p ON p.id = l.product_id ORDER BY k.id")  # fmt: skip
    assert found == [("lamp", "2026-03-12", "cancel"), ("torch", "2026-03-12", "")]
    assert audit() == []


def test_what_stands_in_for_something_exempt_has_a_clock_of_its_own() -> None:
    open_shop()
    exempt_product("lamp", "growing plants, 16 CFR 435.3", at=at(0))
    order_lamps()
    answer_order("O1", Answer("substitute", {"lamp": "torch"}), at=at(2))
    assert rows("SELECT started_at, due_on FROM law_clock") == [(at(2), at(32).date())]
    assert audit() == []


def test_answers_that_make_no_sense_are_refused_by_name() -> None:
    open_shop()
    order_lamps()
    with pytest.raises(Malformed, match="an answer is one of"):
        answer_order("O1", Answer("perhaps"), at=at(1))
    with pytest.raises(Malformed, match="a substitute names"):
        answer_order("O1", Answer("substitute"), at=at(1))
    with pytest.raises(Malformed, match="a substitute names"):
        answer_order("O1", Answer("wait", {"lamp": "torch"}), at=at(1))


def test_a_double_click_on_wait_is_one_consent_twice_on_record() -> None:
    open_shop()
    truck()
    order_lamps()
    reschedule("P1", at(60).date(), at=at(5))
    pass_time(6)
    for _ in range(2):
        answer_order("O1", Answer("wait"), at=at(6))
    assert one("SELECT stage, by_on::text FROM law_clock") == ("consented", "2026-05-01")


@pytest.mark.parametrize("answer", [Answer("wait"), Answer("ship_available"), Answer("substitute", {"lamp": "torch"})])
def test_a_yes_after_the_last_day_revives_nothing_also_before_the_worker_has_cancelled(answer: Answer) -> None:
    """Case 54, rule 20: the right to the money back arose with the first instant of this day."""
    open_shop()
    truck()
    order_lamps()
    reschedule("P1", at(60).date(), at=at(5))
    pass_time(8)
    midnight = one("SELECT cancels_at FROM law_clock")[0]
    with pytest.raises(Refused, match="its time ran out"):
        answer_order("O1", answer, at=midnight)
    assert one("SELECT stage, by_on::text FROM law_clock") == ("answer_needed", "2026-04-11")
    run_due(midnight)
    assert reason_of() == CANCELLED
    assert audit() == []


def test_a_yes_in_the_last_instant_counts() -> None:
    open_shop()
    truck()
    order_lamps()
    reschedule("P1", at(60).date(), at=at(5))
    pass_time(8)
    answer_order("O1", Answer("wait"), at=one("SELECT cancels_at FROM law_clock")[0] - timedelta(microseconds=1))
    assert one("SELECT stage, by_on::text FROM law_clock") == ("consented", "2026-05-01")


def test_a_late_cancel_is_heard() -> None:
    open_shop()
    truck()
    order_lamps()
    reschedule("P1", at(60).date(), at=at(5))
    pass_time(8)
    answer_order("O1", Answer("cancel"), at=one("SELECT cancels_at FROM law_clock")[0])
    assert reason_of() == "cancelled_by_customer"
    assert audit() == []


def test_a_held_order_that_had_no_date_and_gets_one_before_it_was_asked_is_looked_at_once() -> None:
    """The question was due in an hour; held, and with a date, it is due at noon of the last day."""
    open_shop()
    order_lamps()
    hold_order("O1", at(0.01))
    truck()
    pass_time(0.5)
    assert one("SELECT stage, asks_at FROM law_clock") == ("running", datetime(2026, 4, 1, 16, tzinfo=UTC))
    assert audit() == []


def test_a_yes_makes_up_for_the_message_that_came_back_afterwards() -> None:
    """Who answered a question has read it, whatever a mail server says days later."""
    open_shop()
    truck()
    order_lamps()
    drain(Taking(), at(0))
    reschedule("P1", at(60).date(), at=at(5))
    drain(Taking(), pass_time(6))
    answer_order("O1", Answer("wait"), at=at(6))
    (message_id,) = one(
        """SELECT d.message_id FROM notice_delivery d JOIN notice n ON n.id = d.notice_id
           WHERE n.event = 'option_notice' AND d.channel = 'email'"""
    )
    take_bounce(BounceReport(BounceKind.HARD, message_id), "test", at(7))
    assert one("SELECT state FROM notice WHERE event = 'option_notice'") == ("failed",)
    assert one("SELECT stage, by_on::text FROM law_clock") == ("consented", "2026-05-01")


def test_a_message_that_came_back_leaves_a_substitute_s_clock_where_it_was_taken_over() -> None:
    """Taking something else was consent to its day; a later question that never arrived does not undo that."""
    open_shop()
    truck()
    order_lamps()
    drain(Taking(), at(0))
    torches_due = at(40).date()
    purchase(PurchaseRequest("P2", "acme", "east", {"torch": 2}, torches_due, "confirmed"), at(0))
    reschedule("P1", at(60).date(), at=at(5))
    drain(Taking(), pass_time(6))
    answer_order("O1", Answer("substitute", {"lamp": "torch"}), at=at(6))
    taken = "SELECT k.stage, k.by_on::text FROM law_clock k WHERE k.ended_at IS NULL AND k.vested_at IS NULL"
    assert one(taken) == ("consented", "2026-04-11")
    reschedule("P2", at(50).date(), at=at(8))
    drain(Bouncing(), pass_time(9))
    assert one(taken) == ("consented", "2026-04-11")
    pass_time(12)
    assert reason_of(sku="torch") == "pegged_to_inbound"
    assert audit() == []


def test_a_short_delay_says_that_silence_is_consent() -> None:
    open_shop()
    truck()
    order_lamps()
    reschedule("P1", at(20).date(), at=at(5))
    pass_time(6)
    body = option_body()
    for words in ("we will ship them by Sunday, March 22", "choose Cancel", "at no cost to you", "you pay nothing for",
                  "If we do not hear from you, we take it that you agree to wait"):  # fmt: skip
        assert words in body, words


def test_a_long_delay_says_when_silence_cancels_and_why_there_is_no_date() -> None:
    open_shop(charge="order")
    order_lamps()
    pass_time(1)
    body = option_body()
    for words in ("our supplier has given us no date", "have not shipped by Friday, May 1, we cancel",
                  "you get your money back", "you can still change your mind"):  # fmt: skip
        assert words in body, words


def test_a_line_that_was_never_charged_is_told_so_when_the_law_ends_it() -> None:
    open_shop()
    order_lamps()
    pass_time(70)
    drain(Mailbox(), at(70))
    body = one("SELECT body FROM notice WHERE event = 'cancelled'")[0]
    assert "We could not ship these items in time" in body
    assert "Nothing was charged for them, and nothing will be" in body


def test_the_record_of_an_order_proves_what_was_told_when_and_by_which_rule() -> None:
    open_shop(charge="order")
    order_lamps()
    pass_time(70)
    drain(Mailbox(), at(70))
    record = evidence("O1")
    assert record is not None
    (line,) = record["lines"]
    (clock,) = line["clocks"]
    assert [event["what"] for event in clock["record"]] == ["started", "option", "vested", "cancelled", "refunded"]
    assert clock["vested_by"] == "long_delay"
    assert clock["vested_at"] == "2026-05-02T04:00:00+00:00"
    assert clock["refund_due_on"] == "2026-05-12"  # Seven working days after Saturday 2 May.
    option = next(message for message in record["messages"] if message["event"] == "option_notice")
    assert option["channel"] == "email"
    assert "choose Cancel" in option["text"]
    assert [payment["kind"] for payment in record["payments"]] == ["capture", "refund"]
    assert {rule["name"] for rule in record["laws"]["us-ftc-435"]["rules"]} >= {"long_delay", "refund"}
    assert evidence("nobody") is None


def test_the_time_to_withdraw_starts_with_the_last_part() -> None:
    open_shop(law="eu-2011-83", warehouse="manual")
    truck(units=2)
    order_lamps(customer="bob")
    order = int(one("SELECT id FROM sales_order")[0])
    for day, units in ((10, 1), (12, 1)):
        receive(Receipt({"lamp": units}, {}, "purchase", "P1"), at=at(day))
        floor.pick("O1", at=at(day))
        floor.ship("O1", at=at(day))
        floor.deliver("O1", at=at(day + 1))
        if day == 10:
            assert withdrawal(order) == Withdrawal("eu-2011-83", None, None, "UTC", ("lamp",), {"lamp": 2})
    (from_on, until_on), skus = (date(2026, 3, 15), date(2026, 3, 29)), ("lamp",)
    assert withdrawal(order) == Withdrawal("eu-2011-83", from_on, until_on, "UTC", skus, {"lamp": 2})
    record = evidence("O1")
    assert record is not None
    assert record["withdrawal"]["starts_on"] == date(2026, 3, 15)
    assert record["withdrawal"]["until_on"] == date(2026, 3, 29)


def test_what_falls_due_is_listed_before_it_does() -> None:
    open_shop()
    order_lamps()
    (due,) = falls_due(at(0) + timedelta(hours=2), 10)
    assert (due.order_ref, due.asks_at) == ("O1", at(0) + timedelta(hours=1))
    pass_time(1)
    (due,) = falls_due(at(90), 10)
    assert due.cancels_at == datetime(2026, 5, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE law_clock SET due_on = due_on + 1", "UPDATE law_event SET kind = 'told'", "DELETE FROM law_event"],
)
def test_the_time_and_the_record_cannot_be_rewritten(statement: str) -> None:
    open_shop()
    order_lamps()
    with pytest.raises(psycopg.errors.RaiseException), transaction.atomic():
        run(statement)

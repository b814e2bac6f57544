"""Whoever carries an option may need the locks of products while it holds messages: nobody waits the other way round.

On the real database, each act on a connection of its own. What waits for a lock is seen in the server's own list.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from django.db import connection
from tests.actions.law_shop import at, events, open_shop, pass_time, truck

from raincheck.actions import floor
from raincheck.actions.carry_notice import Never, Worded, carry_next
from raincheck.actions.catalogue import set_stock
from raincheck.actions.change_order import change_order
from raincheck.actions.place_order import place_order
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.track_parcel import track_parcel
from raincheck.store.db import one, rows, run
from raincheck.store.outbox_read import NoticeFacts
from raincheck.store.reads.audit import audit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fresh_database")]

NUMBER = "1Z999AA10123456784"


@dataclass
class Refusing:
    """A mail server that refuses a message once it is told to: until then the message is in hand."""

    channel: str = "email"
    leaves: bool = True
    in_hand: threading.Event = field(default_factory=threading.Event)
    answers: threading.Event = field(default_factory=threading.Event)

    def word(self, facts: Sequence[NoticeFacts]) -> Worded:
        return Worded("<one@shop.example>", "A word", "A word", "<p>A word</p>")

    def hand_over(self, message: Worded, facts: Sequence[NoticeFacts]) -> str:
        self.in_hand.set()
        self.answers.wait()
        raise Never("550 no such user")


class Act(threading.Thread):
    """An act in a thread, on a connection of its own; `fault`: what it raised."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act = act
        self.fault: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except BaseException as fault:  # noqa: BLE001 - the test says what it was
            self.fault = fault
        finally:
            connection.close()


def wait_until_still(acts: Sequence[Act]) -> None:
    """Until each of these acts is done, or waits for a lock."""
    pause = threading.Event()
    while True:
        waiting = one("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                      "AND wait_event_type = 'Lock'")[0]  # fmt: skip
        if waiting >= sum(act.is_alive() for act in acts):
            return
        pause.wait(0.01)


def outcome(carrier: Refusing, *acts: Callable[[], object]) -> list[BaseException | None]:
    """What was raised: by the carrying of a message that is refused in the end, and by acts in the middle of it."""
    carrying = Act(lambda: carry_next(carrier, at(15)))
    carrier.in_hand.wait()
    others: list[Act] = []
    for act in acts:
        others.append(Act(act))
        wait_until_still(others)
    carrier.answers.set()
    for one_of_them in (carrying, *others):
        one_of_them.join()
    return [act.fault for act in (carrying, *others)]


def leave_to_carry(*left: str) -> None:
    """Only these messages are still to leave: the option, and with it what the customer's quiet hours held."""
    run("UPDATE notice SET state = 'kept' WHERE NOT event = ANY(%s)", [list(left)])
    run("UPDATE notice SET held_until = %s WHERE event = ANY(%s) AND event <> 'option_notice'", [at(20), list(left)])
    assert sorted(rows("SELECT event FROM notice WHERE state = 'queued'")) == [(event,) for event in sorted(left)]


def test_a_number_and_a_delivery_while_the_option_that_goes_with_the_parcel_s_message_comes_back() -> None:
    """The parcel's message is in hand, its number waits for it, its delivery for the number, the option for that."""
    open_shop(warehouse="manual")
    set_stock("east", {"lamp": 1}, at=at(0))
    place_order(OrderRequest("O1", (AskedLine("lamp", 1), AskedLine("torch", 1)), "ann"), at=at(0))
    floor.pick("O1", at=at(0))
    (parcel,) = floor.ship("O1", at=at(0))
    pass_time(1)
    leave_to_carry("shipped", "option_notice")
    raised = outcome(
        Refusing(),
        lambda: track_parcel(parcel, "UPS", NUMBER, at(1), "mia"),
        lambda: floor.deliver("O1", at=at(1)),
    )
    assert raised == [None, None, None]
    assert rows("SELECT state, tracking_number FROM shipment") == [("delivered", NUMBER)]
    assert rows("SELECT state FROM notice WHERE event IN ('shipped', 'option_notice')") == [("failed",), ("failed",)]
    assert one("SELECT stage FROM law_clock WHERE cancels_at IS NOT NULL")[0] == "running"
    assert audit() == []


def test_an_order_that_is_opened_again_while_the_question_about_it_comes_back_with_an_option() -> None:
    open_shop(law="eu-2011-83", transit_days=3, feedback_days=0, warehouse="manual", settle_minutes=0)
    truck(units=2)
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), "ann"), at=at(0))
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(12))
    floor.pick("O1", at=at(12))
    floor.ship("O1", at=at(12))
    pass_time(14)
    floor.deliver("O1", at=at(14))
    pass_time(15)
    leave_to_carry("option_notice", "feedback_asked")
    raised = outcome(Refusing(), lambda: change_order("O1", {"lamp": 3}, at=at(15)))
    assert raised == [None, None]
    assert events()[-1] == "order_changed"
    assert audit() == []

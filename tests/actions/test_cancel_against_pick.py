"""A cancel and the scan that hands a parcel over at the same moment: one of them is first, and the money says which.

On the real database, in threads of their own, round after round (semantics 36 and 37).
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection

from raincheck.actions import floor
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.card_requests import take_request
from raincheck.actions.catalogue import save_products, save_settings, save_sites, set_stock
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.place_order import place_order
from raincheck.actions.take_card_answer import CardWord, take_card_answer
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Refused
from raincheck.core.settings import Settings
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.store.db import one, rows
from raincheck.store.reads.audit import audit
from raincheck.store.records import ProductRecord, SiteRecord

pytestmark = pytest.mark.slow

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROUNDS = 60


def open_shop(**settings: object) -> None:
    save_settings(Settings(**{"warehouse": "manual", **settings}), at=STARTS_AT)  # type: ignore[arg-type]
    save_sites([SiteRecord("east")])
    save_products([ProductRecord("lamp", price=Decimal(40))], at=STARTS_AT)
    set_stock("east", {"lamp": 10 * ROUNDS}, at=STARTS_AT)


def race(*acts: Callable[[], object]) -> list[str]:
    """All at once, each on a connection of its own, a little apart; what became of each: done, or why not."""
    start, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object], pause_seconds: float) -> None:
        try:
            start.wait()
            threading.Event().wait(pause_seconds)
            act()
            outcomes[number] = "done"
        except Refused as refused:
            outcomes[number] = str(refused)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(number, act, random.random() * 0.004)) for number, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def money_of(ref: str) -> dict[str, Decimal]:
    found = rows(
        """SELECT m.kind, sum(m.amount) FROM payment m JOIN sales_order o ON o.id = m.order_id WHERE o.ref = %s
           GROUP BY m.kind""",
        [ref],
    )
    return {kind: Decimal(amount) for kind, amount in found}


def line_of(ref: str) -> tuple[int, int, int, str]:
    """(shipped, cancelled, asked back from the floor, state)"""
    shipped, cancelled, asked_back, state = one(
        """SELECT l.shipped, l.cancelled, l.cancel_requested_units, o.state
           FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.ref = %s""",
        [ref],
    )
    return shipped, cancelled, asked_back, state


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("charge", ["order", "shipment", "deposit:0.25"])
def test_a_cancel_that_races_the_scan_is_first_or_last_and_the_money_follows_it(charge: str) -> None:
    open_shop(charge=charge)
    won: Counter[str] = Counter()
    for number in range(ROUNDS // 3):
        ref = f"O{number}"
        place_order(OrderRequest(ref, (AskedLine("lamp", 2),)), at=STARTS_AT)
        floor.pick(ref, at=STARTS_AT)
        cancelled, shipped = race(partial(cancel_order, ref), partial(floor.ship, ref))
        left, given_back, asked_back, state = line_of(ref)
        money = money_of(ref)
        net = money.get("capture", Decimal(0)) - money.get("refund", Decimal(0))
        if shipped == "done":
            assert "already shipped" in cancelled
            assert (left, given_back, asked_back, state) == (2, 0, 0, "complete")
            assert (net, money.get("refund")) == (Decimal(80), None), "refused: nothing comes back"
            won["scan"] += 1
        else:
            assert cancelled == "done"
            assert "cancel requested" in shipped, "what is asked back does not leave"
            assert (left, given_back, asked_back, state) == (0, 0, 2, "cancel_requested")
            confirm_cancel(ref)
            money = money_of(ref)
            assert money.get("capture", Decimal(0)) == money.get("refund", Decimal(0)), "all of it comes back, once"
            assert line_of(ref) == (0, 2, 0, "cancelled")
            won["cancel"] += 1
    assert audit() == []
    assert won["scan"] + won["cancel"] == ROUNDS // 3


@pytest.mark.usefixtures("fresh_database")
def test_by_card_the_cancel_voids_exactly_if_it_won() -> None:
    open_shop(card_payments=True)
    processor = LocalProcessor(in_drill=True)
    for number in range(ROUNDS // 3):
        ref = f"O{number}"
        place_order(OrderRequest(ref, (AskedLine("lamp", 1),), card="tok_visa"))
        carry_out_all(processor)
        floor.pick(ref)
        cancelled, shipped, _ = race(
            partial(cancel_order, ref), partial(floor.ship, ref), partial(carry_out_all, processor)
        )
        assert (cancelled == "done") != (shipped == "done")
        if cancelled == "done":
            confirm_cancel(ref)
        carry_out_all(processor)
        money = money_of(ref)
        held = {"authorise": Decimal(40)}
        assert money == {**held, "void" if cancelled == "done" else "capture": Decimal(40)}
    assert audit() == []


@pytest.mark.usefixtures("fresh_database")
def test_two_cancels_at_once_give_the_money_back_once() -> None:
    open_shop(charge="order")
    for number in range(ROUNDS // 6):
        ref = f"O{number}"
        place_order(OrderRequest(ref, (AskedLine("lamp", 1),)), at=STARTS_AT)
        outcomes = race(*[partial(cancel_order, ref)] * 4)
        assert sorted(outcome == "done" for outcome in outcomes) == [False, False, False, True]
        assert money_of(ref) == {"capture": Decimal(40), "refund": Decimal(40)}
    assert audit() == []


@pytest.mark.usefixtures("fresh_database")
def test_the_same_answer_at_once_from_many_sides_moves_the_money_once() -> None:
    """The worker's own call and callbacks, all at one instant: one of them is entered."""
    open_shop(card_payments=True, charge="order")
    for number in range(ROUNDS // 6):
        ref = f"O{number}"
        place_order(OrderRequest(ref, (AskedLine("lamp", 1),), card="tok_visa"))
        taken = take_request()
        assert taken is not None
        word = CardWord(is_approved=True, reference=f"ch_{number}", scheme="visa")
        race(*[partial(take_card_answer, taken[0].key, word)] * 5)
        assert money_of(ref) == {"capture": Decimal(40)}
    assert audit() == []

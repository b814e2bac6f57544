"""One letter for what a customer is asked about an order at one instant, whatever made each line's question due."""

import pytest
from tests.actions.law_mail import Taking
from tests.actions.law_shop import at, events, open_shop, pass_time

from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import PurchaseRequest, close_short, purchase, reschedule
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.notices.outbox import drain
from raincheck.store.db import rows
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.django_db

OPTIONS = ("option_notice", "renewed_option_notice")


def torches(days: int = 10) -> None:
    """A confirmed purchase order for a torch."""
    purchase(PurchaseRequest("P2", "acme", "east", {"torch": 1}, at(days).date(), "confirmed"), at(0))


def order_both() -> None:
    """Ann orders a lamp and a torch; nothing ties the two lines together."""
    place_order(OrderRequest("O1", (AskedLine("lamp", 1), AskedLine("torch", 1)), "ann"), at=at(0))


def asked() -> list[tuple[str, list[str]]]:
    """The options of O1: the event, and the products that it asks about."""
    return rows(
        """SELECT event, (SELECT array_agg(said->>'sku' ORDER BY said->>'sku')
                          FROM jsonb_array_elements(detail->'lines') said)
           FROM notice WHERE event = ANY(%s) ORDER BY id""",
        [list(OPTIONS)],
    )


def test_a_truck_that_is_lost_at_the_instant_of_placing_is_in_the_letter_about_what_had_no_date() -> None:
    open_shop()
    torches()
    order_both()
    close_short("P2", at=at(0))
    pass_time(0.1)
    assert asked() == [("option_notice", ["lamp", "torch"])]
    assert audit() == []


def test_what_settles_for_others_at_that_instant_is_told_them_alone() -> None:
    """Bob loses the same truck: his letter speaks of his torch, and nothing of what others were asked about."""
    open_shop()
    purchase(PurchaseRequest("P2", "acme", "east", {"torch": 2}, at(10).date(), "confirmed"), at(0))
    order_both()
    place_order(OrderRequest("O2", (AskedLine("torch", 1),), "bob"), at=at(0))
    close_short("P2", at=at(0))
    pass_time(0.1)
    assert asked() == [("option_notice", ["lamp", "torch"]), ("option_notice", ["torch"])]
    assert audit() == []


def test_a_first_and_a_renewed_question_are_one_letter_that_says_of_each_what_silence_means() -> None:
    open_shop()
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 1}, at(15).date(), "confirmed"), at(0))
    torches(10)
    order_both()
    reschedule("P2", at(20).date(), at=at(1))
    drain(Taking(), pass_time(2))
    assert asked() == [("option_notice", ["torch"])]
    for truck, day in (("P1", 25), ("P2", 40)):
        reschedule(truck, at(day).date(), at=at(5))
    later = pass_time(5.1)
    assert asked()[1:] == [("option_notice", ["lamp"]), ("renewed_option_notice", ["torch"])]
    assert drain(Taking(), later) == {"sent": 2}
    ((body,),) = rows("SELECT DISTINCT body FROM notice WHERE fact_id = (SELECT max(fact_id) FROM notice)")
    first, _, again = body.partition("YOUR ORDER IS DELAYED AGAIN")
    for part, sku in ((first, "lamp"), (again, "torch")):
        assert f"1 x {sku}" in part
        assert "You can cancel it and you pay nothing for it" in part
    assert "we take it that you agree to wait for it until Friday, March 27" in first
    assert "have not shipped by Sunday, March 22, we cancel it by ourselves" in again
    answer_order("O1", Answer("wait"), at=later)
    assert rows("SELECT stage, by_on::text FROM law_clock ORDER BY by_on") == [
        ("consented", "2026-03-27"),
        ("consented", "2026-04-11"),
    ]
    assert audit() == []


def test_an_order_is_asked_in_one_letter_however_many_questions_one_transaction_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("raincheck.actions.law_due.MOST_TOGETHER", 2)
    open_shop()
    for ref in ("O1", "O2"):
        lines = [AskedLine(sku, 1) for sku in (("lamp",) if ref == "O1" else ("lamp", "torch"))]
        place_order(OrderRequest(ref, tuple(lines), "ann"), at=at(0))
    place_order(OrderRequest("O3", (AskedLine("lamp", 1), AskedLine("torch", 1)), "ann"), at=at(0))
    pass_time(0.1)
    assert asked() == [("option_notice", ["lamp"]), *[("option_notice", ["lamp", "torch"])] * 2]
    pass_time(70)
    assert [events(ref).count("cancelled") for ref in ("O1", "O2", "O3")] == [1, 1, 1]
    assert audit() == []


def test_days_of_one_order_that_settle_together_are_told_in_one_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raincheck.actions.run_timers.MOST_TOGETHER", 2)
    open_shop(law="none")
    purchase(PurchaseRequest("P1", "acme", "east", {"lamp": 9}, at(10).date(), "confirmed"), at(0))
    purchase(PurchaseRequest("P2", "acme", "east", {"torch": 9}, at(10).date(), "confirmed"), at(0))
    for ref, skus in (("O1", ("lamp",)), ("O2", ("lamp", "torch"))):
        place_order(OrderRequest(ref, tuple(AskedLine(sku, 1) for sku in skus), "ann"), at=at(0))
    for truck in ("P1", "P2"):
        reschedule(truck, at(20).date(), at=at(1))
    pass_time(2)
    assert [events(ref).count("delayed") for ref in ("O1", "O2")] == [1, 1]

"""How it went: asked once after the last parcel, said in one question, changed for a month, a complaint for service."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import transaction
from tests.actions.law_shop import at, events, open_shop, order_lamps, pass_time, truck

from raincheck.actions import floor
from raincheck.actions.catalogue import save_products, save_suppliers
from raincheck.actions.feedback import do_not_ask, say_as_customer, say_as_staff
from raincheck.actions.place_order import place_order
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.save_preferences import save_preferences
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store.db import one, rows, run
from raincheck.store.reads.feedback import FeedbackFilter, feedback_figures, feedback_rows
from raincheck.store.records import ProductRecord, SupplierRecord

pytestmark = pytest.mark.django_db


def ship_two_lamps(days: int = 10) -> None:
    """Two lamps were promised for the tenth day; they come on another and are there at once."""
    truck()
    order_lamps()
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(days))


def test_a_customer_who_said_something_already_is_not_asked() -> None:
    open_shop(law="none", feedback_days=3)
    ship_two_lamps()
    say_as_customer("O1", 5, at=at(11))
    pass_time(60)
    assert "feedback_asked" not in events()


def test_a_customer_who_wants_no_such_questions_is_not_asked_about_any_order() -> None:
    open_shop(law="none", feedback_days=3)
    ship_two_lamps()
    assert do_not_ask("O1", at=at(11))
    assert not do_not_ask("O1", at=at(11))
    pass_time(60)
    assert "feedback_asked" not in events()


def test_a_customer_who_wants_neither_mail_nor_text_is_not_asked() -> None:
    open_shop(law="none", feedback_days=3)
    ship_two_lamps()
    save_preferences("ann", {"email": False, "sms": False}, at=at(11), actor="ann")
    pass_time(60)
    assert "feedback_asked" not in events()


def test_the_same_answer_twice_counts_once_and_another_takes_its_place_for_a_month() -> None:
    open_shop(law="none")
    ship_two_lamps()
    assert say_as_customer("O1", 4, at=at(11))
    assert not say_as_customer("O1", 4, at=at(11))
    assert say_as_customer("O1", 2, "damaged", "lamp", "One came broken", at=at(20))
    assert [(row.score, row.cause, row.changed) for row in feedback_rows(FeedbackFilter())] == [(2, "damaged", True)]
    assert one("SELECT count(*) FROM feedback")[0] == 2
    with pytest.raises(Refused, match="30 days"):
        say_as_customer("O1", 5, at=at(42))


def test_a_bad_score_or_a_cause_becomes_a_task_for_service_with_a_time() -> None:
    open_shop(law="none")
    ship_two_lamps()
    say_as_customer("O1", 5, at=at(10))
    assert rows("SELECT 1 FROM task WHERE kind = 'complaint'") == []
    say_as_customer("O1", 1, "missing", text="One lamp is not in the box", at=at(10))  # Thursday, 12 March.
    say_as_customer("O1", 1, "missing", text="Still missing", at=at(11))
    ((text, due_at, ref),) = rows(
        """SELECT t.text, t.due_at, o.ref FROM task t JOIN sales_order o ON o.id = t.order_id
           WHERE t.kind = 'complaint'"""
    )
    assert text == "The customer of O1 complains (missing): “One lamp is not in the box”"
    assert (due_at, ref) == (datetime(2026, 3, 14, tzinfo=UTC), "O1")  # The end of Friday.


def test_the_supplier_is_the_one_whose_truck_brought_it() -> None:
    open_shop(law="none")
    save_suppliers([SupplierRecord("other")])
    save_products([ProductRecord("lamp", supplier="other"), ProductRecord("torch", supplier="other")], at=at(0))
    ship_two_lamps()
    say_as_customer("O1", 2, "late", "lamp", at=at(12))
    say_as_staff("product", "torch", "Boxes come crushed", "damaged", at=at(12), actor="sue")
    assert [row.supplier for row in feedback_rows(FeedbackFilter())] == ["other", "acme"]


@pytest.mark.parametrize(("arrives", "days_late"), [(8, -2), (10, 0), (13, 3)])
def test_scores_stand_beside_the_promise(arrives: int, days_late: int) -> None:
    open_shop(law="none")
    ship_two_lamps(arrives)
    say_as_customer("O1", 3, at=at(arrives + 1))
    (row,) = feedback_rows(FeedbackFilter())
    assert row.days_late == days_late
    kept = "kept" if days_late <= 0 else "broken"
    assert len(feedback_rows(FeedbackFilter(promise=kept))) == 1
    assert feedback_rows(FeedbackFilter(promise="broken" if kept == "kept" else "kept")) == []


def test_figures_count_what_stands_by_cause_and_by_days_late() -> None:
    open_shop(law="none", feedback_days=1)
    ship_two_lamps(13)
    pass_time(15)
    say_as_customer("O1", 2, "late", at=at(16))
    say_as_staff("order", "O1", "Told them by phone that it is late", at=at(16), actor="sue")
    figures = feedback_figures(FeedbackFilter())
    assert (figures.together.said, figures.together.scored, figures.together.complaints) == (2, 1, 1)
    assert [(figure.key, figure.said) for figure in figures.by_cause] == [("late", 1)]
    assert [(figure.key, str(figure.mean)) for figure in figures.by_days_late] == [("3", "2.00")]
    assert (figures.asked, figures.answered) == (1, 1)


def test_people_of_the_house_say_something_about_orders_products_and_purchases_at_any_time() -> None:
    open_shop(law="none")
    truck()
    order_lamps()
    for about, ref in (("order", "O1"), ("product", "lamp"), ("purchase", "P1")):
        say_as_staff(about, ref, f"About {ref}", "unclear", at=at(1), actor="sue")
    found = [(row.order_ref, row.sku, row.purchase_ref, row.actor) for row in feedback_rows(FeedbackFilter())]
    assert found == [("", "", "P1", "sue"), ("", "lamp", "", "sue"), ("O1", "", "", "sue")]


def test_what_makes_no_sense_is_refused_by_name() -> None:
    open_shop(law="none")
    truck()
    order_lamps()
    with pytest.raises(Refused, match="nothing of it has arrived"):
        say_as_customer("O1", 5, at=at(1))
    with pytest.raises(Malformed, match="whole number from 1 to 5"):
        say_as_customer("O1", 6, at=at(1))
    with pytest.raises(Malformed, match="a cause is one of"):
        say_as_customer("O1", None, "ugly", at=at(1))
    with pytest.raises(Malformed, match="nothing was said"):
        say_as_staff("order", "O1", "  ", at=at(1), actor="sue")
    with pytest.raises(Malformed, match="feedback is about one of"):
        say_as_staff("weather", "O1", "wet", at=at(1), actor="sue")
    for about in ("order", "product", "purchase"):
        with pytest.raises(NotFound):
            say_as_staff(about, "nothing", "x", at=at(1), actor="sue")
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(10))
    with pytest.raises(NotFound, match="has no line"):
        say_as_customer("O1", 1, sku="torch", at=at(11))


def test_what_was_said_cannot_be_rewritten() -> None:
    open_shop(law="none")
    ship_two_lamps()
    say_as_customer("O1", 1, at=at(11))
    for statement in ("UPDATE feedback SET score = 5", "DELETE FROM feedback"):
        with pytest.raises(psycopg.errors.RaiseException), transaction.atomic():
            run(statement)


def test_an_order_of_two_parcels_that_come_on_different_days_counts_from_the_last() -> None:
    open_shop(law="none", feedback_days=2, warehouse="manual")

    truck()
    place_order(OrderRequest("O1", (AskedLine("lamp", 2),), "ann"), at=at(0))
    receive(Receipt({"lamp": 2}, {}, "purchase", "P1"), at=at(10))
    floor.pick("O1", at=at(10))
    floor.ship("O1", at=at(10))
    pass_time(20)
    assert "feedback_asked" not in events()  # Nobody has said that it arrived.
    floor.deliver("O1", at=at(20))
    pass_time(21.9)
    assert "feedback_asked" not in events()
    pass_time(22)
    assert events()[-1] == "feedback_asked"
    assert one("SELECT at FROM notice WHERE event = 'feedback_asked'")[0] == at(20) + timedelta(days=2)

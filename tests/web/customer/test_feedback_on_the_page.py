"""How it went, on the customer's page: one question, seen by anybody with the link, answered only by who sends it."""

import pytest
from tests.web.customer.conftest import Visit, Visitor

from raincheck.store.db import one, rows


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """The customer of an order of which something has arrived."""
    ref = one(
        """SELECT o.ref FROM sales_order o JOIN shipment s ON s.order_id = o.id WHERE s.state = 'delivered'
           ORDER BY o.id LIMIT 1"""
    )[0]
    return visit(str(ref))


def said() -> list[tuple[object, ...]]:
    """What is on record."""
    return rows("SELECT score, cause, text, language, source, actor FROM feedback ORDER BY id")


def test_looking_says_nothing_and_asks_one_question_first(visitor: Visitor) -> None:
    page = visitor.text("feedback")
    assert "Did everything arrive as promised?" in page
    assert page.index("Did everything arrive as promised?") < page.index("What was wrong, if anything?")
    assert said() == []


def test_an_answer_is_kept_and_a_complaint_becomes_a_task(visitor: Visitor) -> None:
    assert "Thank you for telling us." in visitor.send("feedback", score="1", cause="damaged", text="Broken")
    assert said() == [(1, "damaged", "Broken", "en", "customer", "")]
    assert rows("SELECT count(*) FROM task WHERE kind = 'complaint'")[0][0] == 1


def test_a_form_sent_twice_counts_once_and_a_new_one_replaces_it(visitor: Visitor) -> None:
    once = visitor.once("feedback")
    visitor.send("feedback", once, score="4")
    assert "Nothing was done twice" in visitor.send("feedback", once, score="4")
    page = visitor.get("feedback").content.decode()
    assert "You told us already" in page
    assert 'value="4" required checked' in page
    visitor.send("feedback", score="5")
    assert [row[0] for row in said()] == [4, 5]
    assert rows("SELECT count(*) FROM feedback WHERE replaces_id IS NOT NULL")[0][0] == 1


def test_who_does_not_want_to_be_asked_again_says_so_there(visitor: Visitor) -> None:
    visitor.send("feedback", score="5", never="yes")
    assert rows("SELECT count(*) FROM feedback_opt_out")[0][0] == 1


def test_what_makes_no_sense_is_kindly_refused(visitor: Visitor) -> None:
    assert "could not be done" in visitor.send("feedback", score="9")
    assert "could not be done" in visitor.send("feedback", score="1", sku="NOTHING")
    assert said() == []


def test_before_anything_has_arrived_nobody_is_asked(visit: Visit) -> None:
    waiting = visit("SO-MIXED")
    assert "How did it go?" not in waiting.text()
    assert waiting.get("feedback").status_code == 302

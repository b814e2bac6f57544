"""Feedback on the console: said on any page, read with its figures, taken away as a file."""

import csv
import io

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from tests.web.test_pages import text_of

from raincheck.actions.feedback import say_as_customer
from raincheck.store.db import one, rows


@pytest.fixture
def order_that_came(admin: Client) -> str:
    """An order of which something has arrived."""
    return str(
        one(
            """SELECT o.ref FROM sales_order o JOIN shipment s ON s.order_id = o.id WHERE s.state = 'delivered'
               ORDER BY o.id LIMIT 1"""
        )[0]
    )


def test_the_page_says_that_nobody_is_asked_yet_and_where_to_change_that(admin: Client) -> None:
    page = text_of(admin, "/feedback")
    assert "Nobody has said anything yet" in page
    assert "Customers are not asked yet" in page


def test_somebody_of_the_floor_says_something_about_an_order_and_it_is_read(admin: Client) -> None:
    User.objects.create_user(username="floor").groups.add(Group.objects.get(name="read-only"))
    floor = Client()
    floor.force_login(User.objects.get(username="floor"))
    for about, ref, page in (
        ("order", "SO-MIXED", "/orders/SO-MIXED"),
        ("product", "LAMP", "/products/LAMP"),
        ("purchase", "PO-SOON", "/purchase-orders/PO-SOON"),
    ):
        answer = floor.post(f"/do/say/{about}/{ref}", {"text": f"Noticed with {ref}", "cause": "damaged"})
        assert answer["Location"] == page
        assert f"Noticed with {ref}" in text_of(admin, page)
        assert f"Noticed with {ref}" in text_of(admin, "/feedback?source=staff")
    assert 'data-label="Supplier">Halden Lighting<' in admin.get("/feedback?source=staff").content.decode()
    assert floor.post("/do/say/weather/LAMP", {"text": "x"}).status_code == 400
    assert floor.post("/do/say/order/nothing", {"text": "x"}, follow=True).status_code == 404
    said = floor.post("/do/say/order/SO-MIXED", {"text": " "}, follow=True).content.decode()
    assert "nothing was said" in said


def test_the_list_is_filtered_and_shows_scores_beside_the_promise(admin: Client, order_that_came: str) -> None:
    say_as_customer(order_that_came, 1, "missing", text="One is missing")
    page = text_of(admin, "/feedback?cause=missing")
    assert "One is missing" in page
    assert "By days late" in page
    assert "1.00" in page
    assert "Nothing matches" in text_of(admin, "/feedback?cause=late")
    assert "One is missing" in text_of(admin, f"/feedback?order={order_that_came}")
    assert "One is missing" not in text_of(admin, "/feedback?source=staff")


def test_a_person_notes_what_a_customer_says_on_the_phone(admin: Client, order_that_came: str) -> None:
    admin.post(f"/do/customer-says/{order_that_came}", {"score": "2", "cause": "late", "text": "A week late"})
    assert rows("SELECT source, actor, score, cause FROM feedback") == [("customer", "admin", 2, "late")]
    assert f"The customer of {order_that_came} complains (late)" in text_of(admin, "/")
    assert admin.post(f"/do/customer-says/{order_that_came}", {"score": "9"}).status_code == 400


def test_the_file_has_what_the_list_has_and_no_formula(admin: Client, order_that_came: str) -> None:
    say_as_customer(order_that_came, 3, "other", text="=HYPERLINK(1)")
    answer = admin.get("/feedback/file?cause=other")
    assert answer["Content-Disposition"] == 'attachment; filename="feedback.csv"'
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(content))
    assert (row["order"], row["score"], row["cause"], row["text"]) == (order_that_came, "3", "other", "'=HYPERLINK(1)")

"""What customers and people of the house say, over the API."""

from typing import Any

import pytest
from tests.api.caller import Caller, content, key_for

from raincheck.actions.catalogue import set_stock
from raincheck.actions.floor import deliver, pick, ship
from raincheck.store.db import one, rows


@pytest.fixture
def arrived(shop: Caller) -> None:
    """An order that has arrived, and one that has not."""
    set_stock("east", {"lamp": 3})
    for ref in ("O1", "O2"):
        shop.post("/orders", {"ref": ref, "lines": [{"sku": "lamp", "quantity": 1}]})
    pick("O1")
    ship("O1")
    deliver("O1")


@pytest.mark.usefixtures("arrived")
def test_a_customer_s_words_are_kept_and_a_complaint_opens_a_task(shop: Caller) -> None:
    body = {"score": 2, "cause": "late", "sku": "lamp", "text": "Two days late", "language": "en"}
    said = shop.post("/orders/O1/feedback", body)
    assert said.status_code == 201
    answer = content(said)
    assert {name: answer[name] for name in ("by", "order", "sku", "score", "cause", "text", "changed")} == {
        "by": "customer",
        "order": "O1",
        "sku": "lamp",
        "score": 2,
        "cause": "late",
        "text": "Two days late",
        "changed": False,
    }
    assert one("SELECT count(*) FROM task WHERE kind = 'complaint'") == (1,)
    assert shop.post("/orders/O1/feedback", body).status_code == 200
    changed = shop.post("/orders/O1/feedback", {"score": 5})
    assert (changed.status_code, content(changed)["changed"]) == (201, True)
    listed = content(shop.get("/feedback", "order=O1"))["feedback"]
    assert [row["score"] for row in listed] == [5]


@pytest.mark.usefixtures("arrived")
def test_the_same_call_once_more_is_answered_the_same_and_done_once(shop: Caller) -> None:
    body = {"by": "staff", "text": "The carton was wet"}
    first, again = (shop.post("/orders/O1/feedback", body, Idempotency_Key="k1") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert rows("SELECT source, text FROM feedback") == [("staff", "The carton was wet")]


@pytest.mark.usefixtures("arrived")
def test_before_anything_has_arrived_a_customer_has_nothing_to_say_and_the_house_has(shop: Caller) -> None:
    refused = shop.post("/orders/O2/feedback", {"score": 5})
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert shop.post("/orders/O2/feedback", {"by": "staff", "cause": "unclear"}).status_code == 201
    assert shop.post("/orders/NONE/feedback", {"score": 5}).status_code == 404


@pytest.mark.usefixtures("arrived")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": " "},
        {"score": 0},
        {"score": 6},
        {"score": "5"},
        {"score": 4.5},
        {"cause": "weather"},
        {"score": 1, "stars": 5},
        {"text": "x" * 2001},
        {"by": "nobody", "score": 1},
        {"by": "staff", "score": 1, "sku": "lamp"},
        {"score": 1, "language": "fr"},
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_kept(shop: Caller, body: dict[str, Any]) -> None:
    assert shop.post("/orders/O1/feedback", body).status_code == 422
    assert rows("SELECT 1 FROM feedback") == []


@pytest.mark.usefixtures("arrived")
def test_each_kind_of_voice_has_its_own_scope() -> None:
    takes, gives, reads = key_for("feedback.take"), key_for("feedback.give"), key_for("feedback.view")
    customer, staff = {"score": 5}, {"by": "staff", "text": "fine"}
    assert (takes.post("/orders/O1/feedback", customer).status_code, takes.get("/feedback").status_code) == (201, 403)
    assert takes.post("/orders/O1/feedback", staff).status_code == 403
    assert gives.post("/orders/O1/feedback", customer).status_code == 403
    assert gives.post("/orders/O1/feedback", staff).status_code == 201
    assert reads.post("/orders/O1/feedback", customer).status_code == 403
    assert len(content(reads.get("/feedback"))["feedback"]) == 2


@pytest.mark.usefixtures("arrived")
def test_the_list_is_cut_into_pages_and_filtered(shop: Caller) -> None:
    for number in range(5):
        shop.post("/orders/O1/feedback", {"by": "staff", "text": f"note {number}"})
    shop.post("/orders/O1/feedback", {"score": 1, "cause": "damaged"})
    seen, cursor = [], ""
    while True:
        page = content(shop.get("/feedback", f"by=staff&limit=2&cursor={cursor}"))
        seen += [row["text"] for row in page["feedback"]]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    assert seen == [f"note {number}" for number in (4, 3, 2, 1, 0)]
    assert [row["cause"] for row in content(shop.get("/feedback", "cause=damaged&sku="))["feedback"]] == ["damaged"]
    for wrong in ("cursor=x", "limit=0", "cause=weather", "colour=red", "cursor=cXVldWU6MQ"):
        assert shop.get("/feedback", wrong).status_code in (400, 422), wrong

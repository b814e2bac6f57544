"""Mail services report what came back."""

import pytest
from tests.api.caller import content, key_for
from tests.jobs.shop import OPENED_AT, open_shop, order_lamps

from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain
from raincheck.store.db import one, rows

pytestmark = pytest.mark.django_db

PATH = "/messages/bounces"


def test_a_report_about_a_message_of_ours_is_taken_and_again_is_known() -> None:
    open_shop(lamps=1)
    order_lamps(["O1"])
    drain(Mailbox(), OPENED_AT)
    (message_id,) = one("SELECT message_id FROM notice_delivery")
    caller = key_for("message.report")
    said = {"message_id": message_id, "kind": "complaint", "reason": "spam"}
    assert content(caller.post(PATH, said)) == {"result": "taken"}
    assert content(caller.post(PATH, said)) == {"result": "known"}
    assert rows("SELECT email FROM customer_preference") == [(False,)]
    assert rows("SELECT source FROM bounce") == [(one("SELECT 'api:' || name FROM api_key")[0],)]


def test_a_forged_id_is_answered_politely_and_counted() -> None:
    open_shop()
    answer = key_for("message.report").post(PATH, {"message_id": "<forged@shop.example>", "kind": "hard"})
    assert (answer.status_code, content(answer)) == (200, {"result": "unknown"})
    assert rows("SELECT result FROM bounce") == [("unknown",)]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "hard"},
        {"message_id": "<a@b>"},
        {"message_id": "<a@b>", "kind": "medium"},
        {"message_id": "a" * 255, "kind": "hard"},
        {"message_id": "<a@b>\n", "kind": "hard"},
        {"message_id": "<a@b>", "kind": "hard", "reason": "x" * 501},
        {"message_id": 7, "kind": "hard"},
    ],
)
def test_a_report_that_makes_no_sense_is_refused(body: dict[str, object]) -> None:
    assert key_for("message.report").post(PATH, body).status_code == 422

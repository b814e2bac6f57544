"""What customers wish: fewer messages, quiet nights, one message instead of three; and what goes nevertheless."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from tests.jobs.conftest import Sink
from tests.jobs.shop import OPENED_AT, notice_states, open_shop, order_lamps

from raincheck.actions import catalogue
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.save_preferences import save_preferences
from raincheck.core.errors import Malformed
from raincheck.core.settings import Settings
from raincheck.gateways.mail import Mailbox, mail_gateway
from raincheck.gateways.sms import TextsKept
from raincheck.notices.outbox import drain, drain_texts
from raincheck.store.db import one, rows, run
from raincheck.store.preferences import read_preferences
from raincheck.store.records import CustomerRecord

pytestmark = pytest.mark.django_db

# New York is five hours behind: the night from 22:00 to 07:00 is 03:00 to 12:00 UTC.
NIGHT = datetime(2026, 3, 3, 4, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 12, tzinfo=UTC)


def ann_in_new_york(phone: str = "") -> None:
    """Ann lives where the day begins later, and wants her nights quiet."""
    record = CustomerRecord("ann", name="Ann", email="ann@example.com", country="US", postcode="10002", phone=phone)
    catalogue.save_customers([record])
    save_preferences("ann", {"quiet_from": time(22), "quiet_until": time(7)}, OPENED_AT)


def test_what_one_fact_made_true_leaves_as_one_message(through_the_sink: Sink) -> None:
    open_shop()
    order_lamps(["O1"])
    assert drain(mail_gateway(), OPENED_AT) == {"sent": 2}
    (message,) = through_the_sink.messages
    assert rows("SELECT DISTINCT message_id, state, channel, address FROM notice_delivery") == [
        (str(message["Message-ID"]), "sent", "email", "ann@example.com")
    ]
    assert rows("SELECT count(*) FROM notice_delivery") == [(2,)], "each notice stays on record"


def test_who_wants_each_message_alone_gets_it_so(through_the_sink: Sink) -> None:
    open_shop()
    save_preferences("ann", {"digest": False})
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    assert len(through_the_sink.messages) == 2


def test_what_the_server_said_is_kept_as_proof(through_the_sink: Sink) -> None:
    open_shop()
    order_lamps(["O1"])
    drain(mail_gateway(), OPENED_AT)
    assert set(rows("SELECT proof FROM notice_delivery")) == {("250 OK",)}
    assert through_the_sink.messages


def test_at_night_messages_wait_for_the_morning_and_leave_as_one(through_the_sink: Sink) -> None:
    open_shop(lamps=1)
    ann_in_new_york()
    order_lamps(["O1"], at=NIGHT)
    assert drain(mail_gateway(), NIGHT) == {"held": 1}
    cancel_order("O1", at=NIGHT + timedelta(hours=1))
    assert drain(mail_gateway(), NIGHT + timedelta(hours=1)) == {"held": 2}
    assert drain(mail_gateway(), MORNING - timedelta(seconds=1)) == {}
    assert drain(mail_gateway(), MORNING) == {"sent": 2}
    assert len(through_the_sink.messages) == 1


def test_by_day_nobody_waits() -> None:
    open_shop(lamps=1)
    ann_in_new_york()
    order_lamps(["O1"], at=MORNING)
    assert drain(Mailbox(), MORNING) == {"kept": 1}


def test_the_company_may_have_quiet_hours_for_all() -> None:
    open_shop(Settings(warehouse="manual", quiet_from="21:00", quiet_until="06:00"), lamps=1)
    order_lamps(["O1"], at=NIGHT)
    assert drain(Mailbox(), NIGHT) == {"held": 1}
    assert drain(Mailbox(), datetime(2026, 3, 3, 6, tzinfo=UTC)) == {"kept": 1}


def test_an_option_leaves_on_its_day_whatever_the_hour() -> None:
    open_shop(lamps=1)
    ann_in_new_york()
    evening = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)  # 22:30 on the 2nd in New York
    order_lamps(["O1"], at=evening)
    run("UPDATE notice SET event = 'option_notice'")
    run("UPDATE notice SET detail = '{\"lines\": []}'")
    assert drain(Mailbox(), evening) == {"held": 1}
    assert rows("SELECT held_until FROM notice") == [(datetime(2026, 3, 3, 4, tzinfo=UTC),)], "23:00, not 07:00"
    assert drain(Mailbox(), datetime(2026, 3, 3, 4, tzinfo=UTC)).total() == 1


def test_an_option_takes_along_what_the_night_held() -> None:
    open_shop(lamps=1)
    ann_in_new_york()
    late = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # 23:30 in New York
    order_lamps(["O1"], at=late - timedelta(hours=1))
    drain(Mailbox(), late - timedelta(hours=1))
    cancel_order("O1", at=late)
    run("UPDATE notice SET event = 'option_notice' WHERE event = 'cancelled'")
    assert drain(Mailbox(), late).total() == 2


def test_who_wants_no_messages_gets_those_that_have_to_be_said() -> None:
    open_shop()
    save_preferences("ann", {"email": False})
    order_lamps(["O1"])
    assert drain(Mailbox(), OPENED_AT) == {"kept": 2}
    assert rows("SELECT event, failure FROM notice ORDER BY id") == [
        ("order_confirmed", ""),
        ("backordered", "not sent: the customer wants no such messages"),
    ]
    assert rows("SELECT state FROM notice_delivery ORDER BY notice_id") == [("kept",), ("unwanted",)]


def test_who_has_a_phone_and_no_address_is_told_by_text_if_they_asked_for_texts() -> None:
    open_shop()
    catalogue.save_customers([CustomerRecord("bob", phone="+1 212 555 0100")])
    order_lamps(["O1"], customer="bob")
    assert set(rows("SELECT channel, state FROM notice")) == {("none", "kept")}, "they did not ask"
    save_preferences("bob", {"sms": True})
    order_lamps(["O2"], customer="bob")
    assert drain(Mailbox(), OPENED_AT) == {}
    assert drain_texts(TextsKept(), OPENED_AT) == {"kept": 2}
    assert {channel for (channel,) in rows("SELECT channel FROM notice_delivery")} == {"sms"}


def test_wishes_are_on_record_and_change_one_by_one() -> None:
    open_shop()
    save_preferences("ann", {"language": "de"}, OPENED_AT, "ann")
    save_preferences("ann", {"sms": True}, OPENED_AT, "ann")
    (customer,) = one("SELECT id FROM customer WHERE code = 'ann'")
    assert (read_preferences(customer).language, read_preferences(customer).sms) == ("de", True)
    assert rows("SELECT detail::text FROM fact WHERE verb = 'preferences_saved' ORDER BY id") == [
        ('{"language": "de"}',),
        ('{"sms": true}',),
    ]


@pytest.mark.parametrize(
    "wish",
    [
        {"language": "tlh"},
        {"quiet_from": time(22)},
        {"quiet_from": time(7), "quiet_until": time(7)},
        {"shoe_size": 42},
    ],
)
def test_a_wish_that_cannot_be_is_refused(wish: dict[str, object]) -> None:
    open_shop()
    with pytest.raises(Malformed):
        save_preferences("ann", wish)


def test_a_message_that_costs_nothing_still_says_how_it_went() -> None:
    open_shop(lamps=1)
    order_lamps(["O1"])
    drain(Mailbox(), OPENED_AT)
    assert notice_states() == {"kept": 1}
    assert Decimal(one("SELECT attempts FROM notice_delivery")[0]) == 1

"""What the service desk shows before it is done is what then happens, for every choice there is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.catalogue import (
    save_customers,
    save_products,
    save_settings,
    save_sites,
    save_suppliers,
    set_stock,
)
from raincheck.actions.floor import pack, pick, ship
from raincheck.actions.give_goodwill import give_goodwill
from raincheck.actions.hold_order import hold_order
from raincheck.actions.name_substitutes import name_substitutes
from raincheck.actions.next_best import PLAYED, Step, call_back, do_step, next_best, preview
from raincheck.actions.place_order import place_order
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.try_out import Moved
from raincheck.core.errors import Malformed, Refused
from raincheck.core.remedy import Choice
from raincheck.core.settings import Settings
from raincheck.store.company import read_settings
from raincheck.store.db import one, rows, run
from raincheck.store.reads.audit import audit
from raincheck.store.reads.order import order_view
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def company() -> None:
    """A warehouse that picks by hand; 4 lamps and 10 mugs lie there, 12 lamps come in 6 days."""
    at = NOW - timedelta(days=10)
    save_settings(Settings(warehouse="manual", parcel_cost=Decimal(4)), "Northlight", at=at)
    save_sites([SiteRecord("leeds", "Leeds")])
    save_suppliers([SupplierRecord("halden", "Halden Lighting", lead_time_days=14)])
    save_products(
        [
            ProductRecord("LAMP", "Arc lamp", Decimal(100), "USD", "halden", cost=Decimal(60)),
            ProductRecord("MUG", "Mug", Decimal(10), "USD", cost=Decimal(4)),
        ],
        at=at,
    )
    save_customers(
        [
            CustomerRecord("maple", "Maple & Co", "orders@maple.example", tier="gold"),
            CustomerRecord("ivy", "Ivy", "hello@ivy.example"),
        ]
    )
    set_stock("leeds", {"LAMP": 4, "MUG": 10}, at=at)
    purchase(PurchaseRequest("PO-1", "halden", "leeds", {"LAMP": 12}, TODAY + timedelta(days=6), "confirmed"), at=at)


def place(ref: str, lines: dict[str, int], customer: str = "maple", ship: str | None = None, days_ago: int = 5) -> None:
    asked = tuple(AskedLine(sku, units) for sku, units in lines.items())
    place_order(OrderRequest(ref, asked, customer, ship=ship), at=NOW - timedelta(days=days_ago))


def choices(ref: str) -> list[Choice]:
    order = order_view(ref)
    assert order is not None
    return [one.choice for one in next_best(order, lambda _permission: True)]


def everything(ref: str) -> list[Step]:
    order = order_view(ref)
    assert order is not None
    return [Step(one.choice, one.sku, one.other, one.units) for one in next_best(order, lambda _permission: True)]


def state() -> list[tuple[object, ...]]:
    """All that an action could have changed."""
    return (
        rows(
            """SELECT o.ref, o.state, l.ship, l.reserved, l.backordered, l.cancelled, l.shipped, l.expected_on, l.reason
           FROM order_line l JOIN sales_order o ON o.id = l.order_id ORDER BY l.id"""
        )
        + rows("SELECT count(*), max(id) FROM notice")
        + rows("SELECT count(*) FROM peg")
    )


def test_an_order_that_ships_complete_can_have_what_is_here_sent_now_for_one_more_parcel() -> None:
    place("SO-1", {"LAMP": 6, "MUG": 2}, ship="complete")
    assert choices("SO-1")[0] is Choice.SHIP_NOW
    order = order_view("SO-1")
    assert order is not None
    best = next_best(order, lambda _permission: True)[0]
    assert (best.units, best.cost, best.days) == (6, Decimal(4), 6)


def test_what_the_floor_began_to_handle_when_it_was_reserved_is_not_handled_anew() -> None:
    settings = Settings(warehouse="manual", handling_days=2, transit_days=1, parcel_cost=Decimal(4))
    save_settings(settings, at=NOW)
    place("SO-1", {"LAMP": 6}, ship="complete")
    place("SO-2", {"LAMP": 3, "MUG": 2}, ship="complete", days_ago=0)
    comes_on = {}
    for ref in ("SO-1", "SO-2"):
        order = order_view(ref)
        assert order is not None
        found = next_best(order, lambda _permission: True)
        comes_on[ref] = next((each.comes_on for each in found if each.choice is Choice.SHIP_NOW), None)
    assert comes_on["SO-1"] == TODAY + timedelta(days=1)
    assert comes_on["SO-2"] == settings.road.delivers_on(settings.road.ships_on(TODAY))


def test_a_preview_changes_nothing() -> None:
    place("SO-1", {"LAMP": 6, "MUG": 2}, ship="complete")
    place("SO-2", {"LAMP": 3}, "ivy", days_ago=2)
    before = state()
    shown = 0
    for step in everything("SO-1"):
        try:
            preview("SO-1", step, "mia")
            shown += 1
        except (Refused, Malformed):
            continue
    assert shown >= 4
    assert state() == before


def test_what_was_shown_is_what_happens() -> None:
    place("SO-1", {"LAMP": 6, "MUG": 2}, ship="complete")
    place("SO-2", {"LAMP": 3}, "ivy", days_ago=2)
    step = Step(Choice.CANCEL_ORDER)
    shown = preview("SO-1", step, "mia")
    done = do_step("SO-1", step, shown.digest, "mia")
    assert done == replace(shown, mine=done.mine, others=done.others)
    assert [(one.after.ref, one.after.reserved) for one in shown.others] == [("SO-2", 3)]
    assert one("SELECT reserved FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE ref = 'SO-2'") == (3,)


def test_every_choice_does_exactly_what_it_showed() -> None:
    """Whatever is offered for four orders in four states: what can be shown is done, and is the same."""
    save_products([ProductRecord("LAMP-2", "Other lamp", Decimal(110), "USD", "halden", cost=Decimal(66))], at=NOW)
    set_stock("leeds", {"LAMP-2": 9}, at=NOW)
    name_substitutes("LAMP", ["LAMP-2"], at=NOW)
    place("SO-1", {"LAMP": 6, "MUG": 2}, ship="complete")
    place("SO-2", {"LAMP": 5}, "ivy", days_ago=4)
    place("SO-3", {"LAMP": 9, "MUG": 1}, "maple", days_ago=3)
    place("SO-4", {"MUG": 3}, "ivy", days_ago=2)
    hold_order("SO-2", at=NOW - timedelta(days=1))
    done = set()
    for ref in ("SO-1", "SO-2", "SO-3", "SO-4"):
        for step in everything(ref):
            if step.choice not in PLAYED:
                continue
            before = state()
            with transaction.atomic():
                shown = preview(ref, step, "mia")
                assert state() == before
                did = do_step(ref, step, shown.digest, "mia")
                assert (did.refunded, did.captured, did.told) == (shown.refunded, shown.captured, shown.told)
                assert audit() == []
                transaction.set_rollback(True)
            done.add(step.choice)
    assert done >= {
        Choice.SHIP_NOW, Choice.SUBSTITUTE, Choice.RELEASE, Choice.HOLD, Choice.SHIP_TOGETHER, Choice.CANCEL_LINE,
        Choice.CANCEL_ORDER,
    }  # fmt: skip


def test_nothing_happens_where_something_moved_since_it_was_shown() -> None:
    place("SO-1", {"LAMP": 6}, ship="complete")
    step = Step(Choice.CANCEL_ORDER)
    shown = preview("SO-1", step, "mia")
    place("SO-2", {"LAMP": 3}, "ivy", days_ago=0)
    before = state()
    with pytest.raises(Moved):
        do_step("SO-1", step, shown.digest, "mia")
    assert state() == before


def test_an_order_on_hold_is_released_first_and_that_can_be_undone() -> None:
    place("SO-1", {"MUG": 2})
    hold_order("SO-1")
    assert choices("SO-1")[0] is Choice.RELEASE
    step = Step(Choice.RELEASE)
    do_step("SO-1", step, preview("SO-1", step, "mia").digest, "mia")
    assert Choice.HOLD in choices("SO-1")
    assert one("SELECT actor FROM fact WHERE verb = 'order_released'") == ("mia",)


def test_all_in_one_parcel_waits_for_the_last_and_can_be_taken_back() -> None:
    place("SO-1", {"LAMP": 6, "MUG": 2})
    step = Step(Choice.SHIP_TOGETHER)
    shown = preview("SO-1", step, "mia")
    assert {one.after.expected_on for one in shown.mine} == {TODAY + timedelta(days=6)}
    do_step("SO-1", step, shown.digest, "mia")
    assert rows("SELECT DISTINCT ship FROM order_line") == [("complete",)]
    back = Step(Choice.SHIP_NOW)
    do_step("SO-1", back, preview("SO-1", back, "mia").digest, "mia")
    assert rows("SELECT DISTINCT ship FROM order_line") == [("available",)]


def test_a_call_back_is_a_task_of_whoever_promised_it_at_its_time() -> None:
    User.objects.create_user("mia")
    place("SO-1", {"MUG": 2})
    due_at = datetime.now(UTC) + timedelta(hours=2)
    call_back("SO-1", Step(Choice.CALL_BACK, words="tell them about the lamp", due_at=due_at), "mia")
    assert one("SELECT assignee, due_at, kind FROM task") == ("mia", due_at, "call_back")
    with pytest.raises(Malformed, match="still to come"):
        call_back("SO-1", Step(Choice.CALL_BACK, due_at=NOW - timedelta(days=1)), "mia")


def test_goodwill_is_given_back_once_for_goods_that_they_have_and_no_more_than_they_cost() -> None:
    place("SO-1", {"MUG": 3, "LAMP": 6})
    pick("SO-1", at=NOW)
    pack("SO-1", at=NOW)
    ship("SO-1", at=NOW)
    give_goodwill("SO-1", Decimal("12.50"), "the lamps are late", actor="mia")
    assert rows("SELECT kind, amount FROM payment WHERE kind = 'refund'") == [("refund", Decimal("12.5000"))]
    assert one("SELECT actor, detail->>'amount' FROM fact WHERE verb = 'goodwill'") == ("mia", "12.50")
    assert audit() == []
    with pytest.raises(Refused, match="cannot be given back"):
        give_goodwill("SO-1", Decimal(5000), "too much", actor="mia")
    with pytest.raises(Malformed, match="reason"):
        give_goodwill("SO-1", Decimal(1), " ", actor="mia")


def test_what_a_cancel_gives_back_is_said_with_tax_and_fee_and_as_far_as_it_was_paid() -> None:
    save_settings(replace(read_settings(), charge="order"), at=NOW)
    lines = (AskedLine("LAMP", 2), AskedLine("MUG", 1))
    place_order(OrderRequest("SO-9", lines, shipping_fee=Decimal("4.90"), tax=Decimal(13)), at=NOW)
    view = order_view("SO-9")
    assert view is not None
    found = {one.choice: one for one in next_best(view, lambda _: True) if one.sku in ("", "MUG")}
    one_line, whole = found[Choice.CANCEL_LINE].refund, found[Choice.CANCEL_ORDER].refund
    cancel_order("SO-9", {"MUG": 1}, NOW)
    cancel_order("SO-9", {"LAMP": 2}, NOW)
    back = [amount for (amount,) in rows("SELECT amount FROM payment WHERE kind = 'refund' ORDER BY id")]
    assert (one_line, whole) == (back[0], sum(back))


def test_what_has_gone_needs_no_answer_any_more() -> None:
    """The law asked about lamps, which have left since; the mugs on the order were never asked about."""
    save_settings(Settings(law="us-ftc-435"), "Northlight", at=NOW)
    place("SO-1", {"LAMP": 6, "MUG": 12}, days_ago=0)
    run(
        """UPDATE law_clock SET stage = 'silence_consents' WHERE line_id IN (
               SELECT l.id FROM order_line l JOIN product p ON p.id = l.product_id WHERE p.sku = 'LAMP')"""
    )
    assert Choice.WAIT in choices("SO-1")
    receive(Receipt({"LAMP": 12}, {}, "purchase", "PO-1"), at=NOW)
    assert rows("SELECT shipped FROM order_line ORDER BY shipped") == [(6,), (10,)]
    assert Choice.WAIT not in choices("SO-1")


def test_a_yes_at_the_desk_is_to_the_day_that_was_shown() -> None:
    """Case 55: between showing and doing a later day is told, which the customer on the telephone has not heard."""
    save_settings(Settings(law="us-ftc-435"), "Northlight", at=NOW)
    place("SO-1", {"LAMP": 6}, days_ago=0)
    run("UPDATE law_clock SET stage = 'answer_needed', offered_on = due_on + 40, by_on = due_on + 30")
    order = order_view("SO-1")
    assert order is not None
    said = next(one for one in next_best(order, lambda _permission: True) if one.choice is Choice.WAIT)
    assert (said.comes_on,) == one("SELECT offered_on FROM law_clock")
    shown = preview("SO-1", Step(Choice.WAIT), "mia").digest
    run("UPDATE law_clock SET offered_on = due_on + 70")
    with pytest.raises(Moved):
        do_step("SO-1", Step(Choice.WAIT), shown, "mia")
    assert one("SELECT stage FROM law_clock") == ("answer_needed",)
    do_step("SO-1", Step(Choice.WAIT), preview("SO-1", Step(Choice.WAIT), "mia").digest, "mia")
    assert one("SELECT stage, by_on = due_on + 70 FROM law_clock") == ("consented", True)


@pytest.mark.parametrize("charge", ["shipment", "order", "deposit:0.25"])
@pytest.mark.parametrize("choice", [Choice.CANCEL_LINE, Choice.CANCEL_ORDER])
def test_what_a_cancel_gives_back_is_what_was_paid_ahead(charge: str, choice: Choice) -> None:
    save_settings(Settings(warehouse="manual", charge=charge), "Northlight", at=NOW)
    place("SO-1", {"LAMP": 6, "MUG": 2})
    order = order_view("SO-1")
    assert order is not None
    said = next(one for one in next_best(order, lambda _permission: True) if one.choice is choice)
    assert said.refund == preview("SO-1", Step(choice, said.sku, units=said.units), "mia").refunded

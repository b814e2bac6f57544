"""What people do in the console, from the click to what comes of it."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener
from tests.web.company import GTIN_OF_LAMP

from raincheck.actions.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_hold_stops_an_order_and_the_message_takes_it_back(open_page: Opener) -> None:
    page = open_page("/orders/SO-MIXED", role=Role.SERVICE)
    page.get_by_role("button", name="Hold").click()
    expect(page.locator("#order")).to_contain_text("On hold.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#order")).not_to_contain_text("On hold.")
    expect(page.locator("#order")).to_contain_text("Order released")


def test_the_desk_shows_what_a_colleague_does_without_a_reload(open_page: Opener) -> None:
    desk = open_page("/", role=Role.SALES)
    expect(desk.locator("#live-state")).to_have_text("Live")
    desk.evaluate("window.neverReloaded = true")
    colleague = open_page("/orders/SO-NODATE", role=Role.SERVICE)
    colleague.get_by_role("button", name="Hold").click()
    expect(desk.locator("#desk .timeline-list li").first).to_contain_text("Order put on hold: SO-NODATE")
    colleague.get_by_role("button", name="Release").click()
    expect(desk.locator("#desk .timeline-list li").first).to_contain_text("Order released: SO-NODATE")
    assert desk.evaluate("window.neverReloaded") is True


def test_some_units_of_an_order_are_cancelled_after_a_question(open_page: Opener) -> None:
    page = open_page("/orders/SO-LATE", role=Role.SALES)
    page.get_by_role("button", name="Cancel…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone")
    dialog.get_by_label(re.compile("Linen throw")).fill("2")
    dialog.get_by_role("button", name="Cancel these units").click()
    expect(page.locator("#order .line").first).to_contain_text("2 cancelled")
    expect(page.get_by_role("status").or_(page.locator(".toast-note")).first).to_be_visible()


def test_an_order_by_telephone_shows_what_it_would_get_before_it_is_placed(open_page: Opener) -> None:
    page = open_page("/new/order?customer=maple", role=Role.SALES)
    page.get_by_label("SKU of line 1").fill("MUG")
    page.get_by_label("Units of line 1").fill("2")
    page.get_by_role("button", name="Another line").click()
    page.get_by_label("SKU of line 5").fill("TOWEL")
    page.get_by_label("Units of line 5").fill("5")
    page.get_by_label("Units of line 5").blur()
    quote = page.locator("#quote")
    expect(quote.locator(".todo", has_text="MUG")).to_contain_text("from the shelf")
    expect(quote.locator(".todo", has_text="refused")).to_contain_text("5")
    page.get_by_label("SKU of line 5").fill("NOTHING")
    page.get_by_label("SKU of line 5").blur()
    expect(quote).to_contain_text("'NOTHING' does not exist")
    page.get_by_label("SKU of line 5").fill("")
    page.get_by_label("Units of line 5").fill("")
    page.get_by_label("Reference").fill("H-1")
    page.get_by_role("button", name="Place the order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("H-1")
    expect(page.locator("#order .line").first).to_contain_text("2 reserved")


def test_the_dock_sees_whom_a_scan_would_free_before_it_posts(open_page: Opener) -> None:
    page = open_page("/receiving/purchase/PO-TODAY", role=Role.WAREHOUSE)
    scan = page.get_by_label(re.compile("Scan or type"))
    scan.fill("NOT-HERE")
    scan.press("Enter")
    expect(page.locator("#scan-said")).to_have_text("NOT-HERE is not on this order.")
    for _ in range(2):
        scan.fill(GTIN_OF_LAMP)
        scan.press("Enter")
    expect(page.get_by_label("Good units of Arc floor lamp")).to_have_value("2")
    preview = page.locator("#preview")
    expect(preview.locator(".todo").first).to_contain_text("SO-MIXED")
    expect(preview.locator(".todo-mark").first).to_have_text("2")
    page.get_by_label("Damaged units of Stoneware mug").fill("1")
    page.get_by_label("Good units of Stoneware mug").fill("3")
    expect(preview).to_contain_text("putaway at Leeds")
    page.get_by_role("button", name="Post the receipt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("PO-TODAY is posted")
    expect(page.locator("#main")).to_contain_text("5 units came, 1 more were damaged. 2 went to those who waited.")
    expect(page.locator("#main .todo").first).to_contain_text("SO-MIXED")


def test_a_short_pick_goes_back_to_the_queue_and_asks_for_a_count(open_page: Opener) -> None:
    page = open_page("/shipments/pick/SO-READY", role=Role.WAREHOUSE)
    page.get_by_label(re.compile("Stoneware mug")).fill("4")
    page.get_by_role("button", name="Picked").click()
    expect(page.locator(".toast-note")).to_contain_text("SO-READY is picked: 4 units in the tote.")
    desk = open_page("/", role=Role.WAREHOUSE_LEAD)
    task = desk.locator(".todo", has_text="count the shelf").first
    expect(task).to_contain_text("MUG")
    task.get_by_role("button", name="Done").click()
    expect(desk.locator(".todo", has_text="count the shelf")).to_have_count(0)


def test_a_parcel_goes_from_the_tote_to_the_customer(open_page: Opener) -> None:
    page = open_page("/orders/SO-PICKED", role=Role.WAREHOUSE)
    page.get_by_role("link", name=re.compile("Parcel")).first.click()
    for button in ("Packed", "The carrier has it", "Delivered"):
        page.get_by_role("button", name=button).click()
    expect(page.locator(".page-head")).to_contain_text("Delivered")


def test_what_comes_back_good_serves_the_next(open_page: Opener) -> None:
    page = open_page("/orders/SO-GONE", role=Role.SERVICE)
    page.get_by_role("button", name="Return").click()
    dialog = page.get_by_role("dialog", name="What came back")
    dialog.get_by_label(re.compile("Stoneware mug")).fill("1")
    dialog.get_by_role("button", name="Take them back").click()
    expect(page.locator("#order .line").first).to_contain_text("(1 came back)")
    expect(page.locator("#order")).to_contain_text("Refunded £9.50")


def test_a_transfer_leaves_one_site_for_another(open_page: Opener) -> None:
    page = open_page("/new/transfer", role=Role.WAREHOUSE_LEAD)
    page.get_by_label("Number").fill("T-1")
    page.get_by_label("From").select_option("leeds")
    page.get_by_label("To", exact=True).select_option("bristol")
    page.get_by_label("Arrives").fill("2031-03-01")
    page.get_by_label("SKU of line 1").fill("MUG")
    page.get_by_label("Units of line 1").fill("2")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#receiving")).to_contain_text("T-1 from Leeds to Bristol")


def test_a_buyer_moves_a_truck_and_closes_it_short(open_page: Opener) -> None:
    page = open_page("/purchase-orders/PO-MOVED", role=Role.BUYER)
    page.get_by_role("button", name="Move the date").click()
    page.get_by_label("New day of arrival").fill("2031-01-15")
    page.get_by_role("dialog").get_by_role("button", name="Move the date").click()
    expect(page.locator("#main")).to_contain_text("15 Jan 2031")
    page.get_by_role("button", name="Close short…").click()
    page.get_by_role("dialog").get_by_role("button", name="Close short").click()
    expect(page.locator(".page-head")).to_contain_text("Closed short")


def test_a_buyer_writes_and_confirms_a_purchase_order(open_page: Opener) -> None:
    page = open_page("/new/purchase-order?sku=THROW", role=Role.BUYER)
    page.get_by_label("Number").fill("PO-NEW")
    page.get_by_label("Units of line 1").fill("40")
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("PO-NEW")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("dialog").get_by_label("Day of arrival").fill("2031-02-01")
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.locator(".page-head")).to_contain_text("Confirmed")


def test_a_key_is_shown_once(open_page: Opener) -> None:
    page = open_page("/settings/keys")
    page.get_by_label("Name").fill("web shop")
    page.get_by_label(re.compile("order.place")).check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator(".one-time-key")).to_contain_text("rck_")
    page.goto(page.url)
    expect(page.locator(".one-time-key")).to_have_count(0)
    page.locator(".todo", has_text="web shop").get_by_role("button", name="Revoke").click()
    expect(page.locator(".todo", has_text="web shop")).to_contain_text("Revoked")


def test_an_admin_adds_somebody_and_cannot_leave_the_company_without_an_admin(open_page: Opener) -> None:
    page = open_page("/settings/people")
    page.get_by_label("Username").fill("nina")
    page.get_by_label("First password").fill("a-Rather-long-one")
    page.locator("#id_roles").get_by_role("checkbox", name=re.compile("Buyer")).check()
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".todo", has_text="nina")).to_contain_text("buyer")
    admin = page.locator(".todo", has_text="Change admin")
    admin.locator("summary").click()
    admin.get_by_role("button", name="Bar from signing in").click()
    expect(page.locator(".toast-note")).to_contain_text("somebody must be left who can manage people", ignore_case=True)

"""Every page, at a desk and on a phone, light and dark: nothing complains, nothing sticks out, everybody can use it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.browser.conftest import PHONE, Opener
from tests.conftest import SCREENSHOTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "desk": "/",
    "queue": "/queue",
    "queue-by-product": "/queue?by=product",
    "queue-by-customer": "/queue?by=customer",
    "queue-nothing-matches": "/queue?customer=nobody",
    "rebalance": "/queue/rebalance",
    "rebalance-preview": "/queue/rebalance/R1",
    "sharing": "/queue/share/LAMP?how=even",
    "orders": "/orders",
    "order-mixed": "/orders/SO-MIXED",
    "order-late": "/orders/SO-LATE",
    "order-held": "/orders/SO-HELD",
    "order-cancel-requested": "/orders/SO-STOP",
    "order-gone": "/orders/SO-GONE",
    "new-order": "/new/order?sku=LAMP&customer=maple",
    "service": "/service",
    "service-found": "/service?q=m",
    "service-order": "/service/orders/SO-MIXED",
    "service-held": "/service/orders/SO-HELD",
    "service-whole": "/service/orders/SO-WHOLE",
    "service-late": "/service/orders/SO-LATE",
    "service-cancel": "/service/try/SO-MIXED?choice=cancel_order",
    "service-address": "/service/try/SO-MIXED?choice=change_address",
    "service-call-back": "/service/try/SO-LATE?choice=call_back",
    "service-goodwill": "/service/try/SO-GONE?choice=goodwill",
    "customer": "/customers/maple",
    "customer-without-orders": "/customers/walkin",
    "tasks": "/tasks?whose=all",
    "products": "/products",
    "product": "/products/LAMP",
    "product-preorder": "/products/SHADE",
    "product-overdue": "/products/THROW",
    "selling": "/selling/LAMP",
    "selling": "/selling/LAMP",
    "receiving": "/receiving",
    "receive": "/receiving/purchase/PO-TODAY",
    "receive-blind": "/receiving/blind",
    "new-transfer": "/new/transfer",
    "shipments": "/shipments",
    "pick": "/shipments/pick/SO-READY",
    "shipment": "/shipments/1",
    "purchase-orders": "/purchase-orders?state=",
    "purchase-order": "/purchase-orders/PO-SOON",
    "new-purchase-order": "/new/purchase-order?sku=LAMP",
    "mailbox": "/mailbox",
    "message": "/mailbox/1",
    "money": "/money",
    "money-waiting": "/money/waiting?week=none",
    "money-late": "/money/late",
    "lab": "/lab",
    "lab-new": "/lab/new?start=surge",
    "lab-compared": "/lab/1",
    "lab-optimum": "/lab/2",
    "lab-failed": "/lab/3",
    "lab-queued": "/lab/4",
    "settings": "/settings",
    "settings-shop": "/settings/shop",
    "policies": "/settings/policies",
    "messages": "/settings/messages",
    "message-words": "/settings/messages/option_notice/en",
    "message-versions": "/settings/messages/delayed/en/versions",
    "keys": "/settings/keys",
    "people": "/settings/people",
    "webhooks": "/settings/webhooks",
    "webhook": "/settings/webhooks/1",
    "message-by-channel": "/mailbox/2",
    "mailbox-products": "/mailbox?about=products",
    "message-product": "/mailbox/products/1",
    "settings-carriers": "/settings/carriers",
    "shipment-stopped": "/shipments/2",
    "search": "/search?q=LA",
    "own-settings": "/account/settings",
    "password": "/account/password/change/",
    "two-step": "/account/two-factor/",
}
# axe's rules of WCAG 2.2 AA and its best practices; in the dark only contrasts can differ.
EVERYTHING = {"resultTypes": ["violations"]}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


def violations(page: Page, options: dict[str, list[str]] = EVERYTHING) -> list[str]:
    """What axe finds wrong, one line each."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '').splitlines()[1:2]}"
        for violation in found
        for node in violation["nodes"]
    ]


def sticks_out(page: Page) -> bool:
    """Whether the page can be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_and_usable_at_a_desk_in_the_dark_and_on_a_phone(open_page: Opener, name: str) -> None:
    page = open_page(PAGES[name])
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_load_state("load")
    page.screenshot(path=SCREENSHOTS / f"{name}-desk.png", full_page=True)
    assert page.locator("h1").count() == 1
    assert not sticks_out(page)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=SCREENSHOTS / f"{name}-dark.png", full_page=True)
    assert violations(page, CONTRAST) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    page.screenshot(path=SCREENSHOTS / f"{name}-phone.png", full_page=True)
    assert not sticks_out(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_sign_in_is_usable_by_everybody(browser, served_company: str, dark: bool) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(color_scheme="dark" if dark else "light")
    page = context.new_page()
    page.goto(f"{served_company}/account/login/")
    page.screenshot(path=SCREENSHOTS / f"sign-in-{'dark' if dark else 'light'}.png")
    assert violations(page) == []
    context.close()

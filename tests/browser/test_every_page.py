"""Every page, at a desk and on a phone, light and dark: nothing complains, nothing sticks out, everybody can use it."""

import pytest
from tests.browser.conftest import Opener
from tests.browser.looks import expect_whole_and_usable, picture, violations

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


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_and_usable_at_a_desk_in_the_dark_and_on_a_phone(open_page: Opener, name: str) -> None:
    page = open_page(PAGES[name])
    page.wait_for_load_state("load")
    expect_whole_and_usable(page, name)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_sign_in_is_usable_by_everybody(browser, served_company: str, dark: bool) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(color_scheme="dark" if dark else "light")
    page = context.new_page()
    page.goto(f"{served_company}/account/login/")
    picture(page, f"sign-in-{'dark' if dark else 'light'}")
    assert violations(page) == []
    context.close()

"""The mailbox: messages to customers, as they see them."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from raincheck.actions.send_again import send_again
from raincheck.gateways.mail import mail_gateway
from raincheck.store.reads.mailbox import PAGE, MessageView, channel_views, message_rows, message_view, returned_lately
from raincheck.store.reads.product_messages import ProductMessageView, product_message_rows, product_message_view
from raincheck.web.access import permitted
from raincheck.web.acting import act
from raincheck.web.letter_page import letter_page
from raincheck.web.paging import before_id, choice, cut

if TYPE_CHECKING:
    from raincheck.web.person import ConsoleRequest

ABOUT = {"": "Orders", "products": "Products that are back"}
STATES = {"": "All", "queued": "Queued", "sent": "Sent", "kept": "Kept here", "failed": "Failed"}


@require_safe
@permitted("mailbox.view")
def mailbox(request: "ConsoleRequest") -> HttpResponse:
    """Messages, the newest first; by state and order. Those about products stand in a list of their own."""
    if choice(request, "about", tuple(ABOUT)):
        return _about_products(request)
    state = choice(request, "state", tuple(STATES))
    order_ref = request.GET.get("order", "").strip()[:100]
    rows, before = cut(message_rows(state, order_ref, before_id(request)), PAGE)
    template = "web/mailbox/live.html" if request.htmx else "web/mailbox/page.html"
    context = {
        "returned": returned_lately(),
        "rows": rows,
        "before": before,
        "state": state,
        "states": STATES,
        "order_ref": order_ref,
        "about_all": ABOUT,
        "about": "",
        "mail_leaves": mail_gateway().leaves,
    }
    return render(request, template, context)


def _about_products(request: "ConsoleRequest") -> HttpResponse:
    state = choice(request, "state", tuple(STATES))
    rows, before = cut(product_message_rows(state, before_id(request)), PAGE)
    template = "web/mailbox/products.html" if request.htmx else "web/mailbox/page.html"
    context = {
        "rows": rows,
        "before": before,
        "state": state,
        "states": STATES,
        "about_all": ABOUT,
        "about": "products",
        "mail_leaves": mail_gateway().leaves,
    }
    return render(request, template, {**context, "returned": returned_lately()})


@require_safe
@permitted("mailbox.view")
def product_message(request: "ConsoleRequest", message_id: int) -> HttpResponse:
    """A mail to somebody who waits for a product, as they see it."""
    return render(request, "web/mailbox/product_message.html", {"message_shown": _about_product(request, message_id)})


@require_safe
@xframe_options_sameorigin
@permitted("mailbox.view")
def product_letter(request: "ConsoleRequest", message_id: int) -> HttpResponse:
    """The same as its mail program shows it, for a frame."""
    found = _about_product(request, message_id)
    if not found.html:
        raise Http404(f"message {message_id} has no letter")
    return letter_page(found.subject, found.html)


@require_safe
@permitted("mailbox.view")
def message(request: "ConsoleRequest", message_id: int) -> HttpResponse:
    """One message as its customer sees it."""
    found, channels = _about_order(request, message_id), channel_views(message_id)
    if not _may_act(request):
        channels = [channel.without_links() for channel in channels]
    return render(request, "web/mailbox/message.html", {"message_shown": found, "channels": channels})


@require_POST
@permitted("mailbox.send")
def send_message_again(request: "ConsoleRequest", message_id: int) -> HttpResponse:
    """Sends a message that was given up once more."""
    return act(
        request,
        lambda: send_again(message_id, actor=request.user.get_username()),
        "The message is queued once more.",
        reverse("message", args=[message_id]),
    )


@require_safe
@xframe_options_sameorigin
@permitted("mailbox.view")
def letter(request: "ConsoleRequest", message_id: int) -> HttpResponse:
    """The message as its mail program shows it, for a frame: its one style sheet is allowed, nothing else is."""
    found = _about_order(request, message_id)
    if not found.html:
        raise Http404(f"message {message_id} has no letter")
    return letter_page(found.subject, found.html)


def _about_order(request: "ConsoleRequest", message_id: int) -> MessageView:
    """A message about an order. Its links let whoever has them act there, so they are only for who may do that."""
    found = message_view(message_id)
    if found is None:
        raise Http404(f"message {message_id} does not exist")
    return found if _may_act(request) else found.without_links()


def _may_act(request: "ConsoleRequest") -> bool:
    """Whether this person may open a customer's page: who looks there can act for them."""
    return request.person.may("order.change")


def _about_product(request: "ConsoleRequest", message_id: int) -> ProductMessageView:
    """A mail about a product, likewise: by its links one says yes to the next, or hears no more."""
    found = product_message_view(message_id)
    if found is None:
        raise Http404(f"message {message_id} does not exist")
    return found if request.person.may("interest.note") else found.without_links()

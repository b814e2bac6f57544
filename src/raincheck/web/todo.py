"""What needs a person, as the Desk's list: one sentence each, the gravest first, with the way to settle it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from raincheck.store.reads.attention import Attention, DueInbound, LateOrder, OpenTask, UnsuppliedProduct
from raincheck.web.person import Person
from raincheck.web.quantities import counted
from raincheck.words.moments import day_text, late_text


@dataclass(frozen=True, slots=True)
class Todo:
    """One row. `action` and `action_address` are the button, where the person may press it."""

    icon: str
    tone: str
    title: str
    address: str
    text: str
    action: str = ""
    action_address: str = ""


def todos(attention: Attention, person: Person, today: date) -> list[Todo]:
    """The rows for this person: what they may not see is left out, buttons they may not press too."""
    rows = [
        *(_cancel(ref) for ref in attention.cancel_requests),
        *(_inbound(inbound, person, today) for inbound in attention.inbound if inbound.due_on < today),
        *(_task(task, person) for task in attention.tasks),
        *(_late(order, today) for order in attention.late_orders),
        *(_unsupplied(product, person) for product in attention.unsupplied),
        *(_inbound(inbound, person, today) for inbound in attention.inbound if inbound.due_on >= today),
        *_purchases(attention, person),
    ]
    if attention.orders_to_pick and person.may("shipment.view"):
        title = f"{counted(attention.orders_to_pick, 'order')} can be picked"
        rows.append(
            Todo("clipboard-list", "accent", title, reverse("shipments"), "Their units lie on the shelf, reserved.")
        )
    if attention.failed_notices and person.may("mailbox.view"):
        title = f"{counted(attention.failed_notices, 'message')} could not be delivered"
        rows.append(
            Todo("mail", "late", title, f"{reverse('mailbox')}?state=failed", "Their customers have not been told.")
        )
    return rows


def _task(task: OpenTask, person: Person) -> Todo:
    address = reverse("order", args=[task.order_ref]) if task.order_ref else reverse("desk")
    if task.kind == "count" and task.sku:
        address = reverse("product", args=[task.sku])
    where = " · ".join(filter(None, (task.order_ref, task.sku, task.site)))
    done = ("Done", reverse("close_task", args=[task.id])) if person.may("task.close") else ("", "")
    return Todo("clipboard-check", "wait", task.text, address, where, *done)


def _cancel(ref: str) -> Todo:
    return Todo(
        "hand-stop",
        "late",
        f"{ref}: cancel requested",
        reverse("order", args=[ref]),
        "The floor had begun. Give the units back, then confirm the cancel.",
    )


def _inbound(inbound: DueInbound, person: Person, today: date) -> Todo:
    waiting = counted(inbound.waiting_orders, "order")
    owed = f"{counted(inbound.owed_units, 'unit')} to {inbound.site}"
    counting = f"{inbound.pegged_units} of them promised to {waiting}." if inbound.pegged_units else "nobody waits."
    overdue = inbound.due_on < today
    when = late_text(inbound.due_on, today) if overdue else "due today"
    action, action_address = "", ""
    if person.may("receiving.post"):
        action, action_address = "Receive", reverse("receive", args=[inbound.kind, inbound.ref])
    address = (
        reverse("purchase_order", args=[inbound.ref])
        if inbound.kind == "purchase"
        else reverse("receive", args=[inbound.kind, inbound.ref])
    )
    return Todo(
        "truck" if overdue else "package-import",
        "late" if overdue else "accent",
        f"{inbound.ref} from {inbound.sender} is {when}",
        address,
        f"{owed}; {counting}",
        action,
        action_address,
    )


def _late(order: LateOrder, today: date) -> Todo:
    now_known = (
        f"now expected {day_text(order.expected_on, today)}" if order.expected_on else "nobody knows when it can come"
    )
    who = f" for {order.customer}" if order.customer else ""
    return Todo(
        "clock",
        "late",
        f"{order.ref}{who} is {late_text(order.told_on, today)}",
        reverse("order", args=[order.ref]),
        f"{counted(order.units, 'unit')} promised for {day_text(order.told_on, today)}; {now_known}.",
    )


def _unsupplied(product: UnsuppliedProduct, person: Person) -> Todo:
    if product.asked_units:
        asked = f"{counted(product.asked_units, 'unit')} on purchase orders that are not confirmed yet."
    elif product.owed_units:
        asked = f"The {counted(product.owed_units, 'unit')} on their way are promised to those ahead."
    else:
        asked = "Nothing is on order."
    action, action_address = "", ""
    if person.may("purchase.change"):
        action, action_address = "Order it", f"{reverse('new_purchase_order')}?sku={product.sku}"
    return Todo(
        "package-off",
        "wait",
        f"{product.name or product.sku}: {counted(product.units, 'unit')} without a date",
        reverse("product", args=[product.sku]),
        f"{counted(product.orders, 'order')} wait. {asked}",
        action,
        action_address,
    )


def _purchases(attention: Attention, person: Person) -> Iterator[Todo]:
    if not person.may("purchase.view"):
        return
    if len(attention.unanswered) > 1:
        refs = ", ".join(purchase.ref for purchase in attention.unanswered)
        yield Todo(
            "file-invoice",
            "wait",
            f"{len(attention.unanswered)} purchase orders wait for their supplier’s word",
            f"{reverse('purchase_orders')}?state=sent",
            f"{refs}. Until they are confirmed nothing is promised from them.",
        )
        return
    for purchase in attention.unanswered:
        yield Todo(
            "file-invoice",
            "wait",
            f"{purchase.ref}: {purchase.supplier} has not confirmed",
            reverse("purchase_order", args=[purchase.ref]),
            f"{counted(purchase.units, 'unit')} asked for; until it is confirmed nothing is promised from it.",
        )

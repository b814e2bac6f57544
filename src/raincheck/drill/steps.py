"""Each verb of a drill as the action that it stands for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from raincheck.actions import floor, move_stock
from raincheck.actions.answer_order import Answer, answer_order
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.confirm_cancel import confirm_cancel
from raincheck.actions.decline_payment import decline_payment
from raincheck.actions.hold_order import hold_order, release_order
from raincheck.actions.pieces import Piece
from raincheck.actions.place_order import place_order
from raincheck.actions.protect import protect
from raincheck.actions.purchase import PurchaseRequest, close_short, confirm, purchase, reschedule
from raincheck.actions.quote import quote
from raincheck.actions.rebalance import rebalance
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.drill import events as verbs


def act(event: verbs.Event) -> None:
    """Does what the event says, at its instant. Raises what the action raises: Refused, NotFound."""
    _ACTIONS[type(event)](event)


def redistribute(event: verbs.Rebalance) -> list[str]:
    """Rebalances; what was stopped by its exceptions, where something ran all the same."""
    return rebalance(event.request, event.at)


def ask(event: verbs.AskQuote) -> dict[str, list[Piece]]:
    """What an order like this would get."""
    return quote(_request(event), event.at)


def _request(event: verbs.Asked) -> OrderRequest:
    lines = tuple(AskedLine(sku, units) for sku, units in event.lines.items())
    request = OrderRequest(event.ref, lines, event.customer, event.channel, ship=event.ship, wanted_on=event.wanted_on)
    if not isinstance(event, verbs.PlaceOrder):
        return request
    return replace(
        request,
        seller_credit=event.seller_credit,
        shipping_fee=event.shipping_fee,
        tax=event.tax,
        card=event.card,
    )


def _purchase(event: verbs.Purchase) -> None:
    purchase(PurchaseRequest(event.po, event.supplier, event.site, event.lines, event.due_on, event.state), event.at)


def _receive(event: verbs.Receive) -> None:
    kind, ref = ("purchase", event.po) if event.po is not None else ("transfer", event.transfer)
    receive(Receipt(event.lines, event.damaged, kind, ref), event.at)


def _transfer(event: verbs.Transfer) -> None:
    move_stock.transfer(event.ref, event.from_site, event.to_site, event.due_on, event.lines, event.at)


_ACTIONS: dict[type[verbs.Event], Callable[[Any], object]] = {
    verbs.PlaceOrder: lambda event: place_order(_request(event), event.at),
    verbs.CancelOrder: lambda event: cancel_order(event.order, event.lines, event.at),
    verbs.ChangeOrder: lambda event: change_order(event.order, event.lines, event.at),
    verbs.HoldOrder: lambda event: hold_order(event.order, event.at),
    verbs.DeclinePayment: lambda event: decline_payment(event.order, event.at),
    verbs.ReleaseOrder: lambda event: release_order(event.order, event.at),
    verbs.Purchase: _purchase,
    verbs.Confirm: lambda event: confirm(event.po, event.due_on, event.lines, event.at),
    verbs.Reschedule: lambda event: reschedule(event.po, event.due_on, event.at),
    verbs.Receive: _receive,
    verbs.CloseShort: lambda event: close_short(event.po, event.at),
    verbs.Count: lambda event: move_stock.count(event.site, event.lines, event.at),
    verbs.Return: lambda event: move_stock.return_goods(event.order, event.lines, event.condition, event.at),
    verbs.Transfer: _transfer,
    verbs.AnswerOrder: lambda event: answer_order(
        event.order, Answer(event.choice, event.substitutes), event.at, confirms=False
    ),
    verbs.Pick: lambda event: floor.pick(event.order, event.lines, event.at),
    verbs.Pack: lambda event: floor.pack(event.order, event.shipment, event.lines, event.at),
    verbs.Ship: lambda event: floor.ship(event.order, event.shipment, event.lines, event.at),
    verbs.Deliver: lambda event: floor.deliver(event.order, event.shipment, event.lines, event.at),
    verbs.ConfirmCancel: lambda event: confirm_cancel(event.order, event.at),
    verbs.Protect: lambda event: protect(event.product, event.tier, event.units, event.at),
    verbs.Wait: lambda _: None,
}

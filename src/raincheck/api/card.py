"""An order's money, and another card for it."""

from typing import Any

from ninja import Router

from raincheck.actions.give_card import give_card
from raincheck.api.answers import Answer, reads, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import RefInPath, known_order
from raincheck.api.shapes.money import MoneyAnswer
from raincheck.api.shapes.order import PaymentBody
from raincheck.store.reads.company import company_face
from raincheck.store.reads.order_history import payments_of
from raincheck.store.reads.paying import paying

router = Router(tags=["Orders"], by_alias=True)


@router.get(
    "/orders/{path:ref}/money",
    auth=ApiKey("order.view"),
    response=MoneyAnswer,
    operation_id="getMoney",
    summary="What an order costs, and what of it is paid, due, held",
)
@reads
def show(request: ApiRequest, ref: RefInPath) -> Answer:  # noqa: ARG001 - a call takes its request
    """Amounts that add up, and each movement of money, the oldest first."""
    return Answer(_shown(ref))


@router.post(
    "/orders/{path:ref}/card",
    auth=ApiKey("order.change"),
    response=MoneyAnswer,
    operation_id="giveCard",
    summary="Pay with another card",
)
@writes()
def give(request: ApiRequest, ref: RefInPath, body: PaymentBody) -> Answer:
    """What was declined is tried with it at once, and what is still to ship is held on it; the processor's answer shows
    in getMoney a moment later. What the card before still held is let go. 409 for an order that pays by no card, or of
    which nothing is owed or still to be charged.
    """
    known_order(ref)
    give_card(ref, body.card, actor=request.auth.actor)
    return Answer(_shown(ref))


def _shown(ref: str) -> dict[str, Any]:
    order = known_order(ref)
    found = paying(order.id)
    return {
        "ref": order.ref,
        "currency": company_face().currency,
        "total": found.total,
        "goods": found.goods,
        "shipping_fee": found.shipping_fee,
        "tax": found.tax,
        "captured": found.captured,
        "refunded": found.refunded,
        "due_now": found.due_now,
        "to_come": found.to_come,
        "held": found.held,
        "held_until": found.held_until,
        "pays_by_card": bool(found.card),
        "declined": found.is_declined,
        "declined_because": found.why if found.is_declined else "",
        "kept_until": found.kept_until,
        "tried_again_at": found.next_try_at,
        "takes_card": found.takes_card,
        "movements": [
            {"at": moved.at, "kind": moved.kind, "amount": moved.amount, "currency": moved.currency}
            for moved in payments_of(order.id)
        ],
    }

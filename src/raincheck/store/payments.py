"""The ledger of money: what was authorised, captured, voided and refunded, entered once it has happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from raincheck.store.db import columns, row, run
from raincheck.store.outbox import Outbox

_TOLD = {"capture": "charged", "refund": "refunded"}


@dataclass(frozen=True, slots=True)
class Movement:
    """Money of one order, its amount above 0. `request` is the card request that made it, if one did."""

    order: int
    kind: str
    amount: Decimal
    shipment: int | None = None
    request: int | None = None


def enter(outbox: Outbox, movements: Sequence[Movement], at: datetime, currency: str) -> None:
    """Enters movements of money and tells the customers of captures and refunds."""
    if not movements:
        return
    orders, shipments, requests, kinds, amounts = columns(
        [(m.order, m.shipment, m.request, m.kind, m.amount) for m in movements], 5
    )
    run(
        """INSERT INTO payment (order_id, shipment_id, request_id, kind, amount, currency, at)
           SELECT order_id, shipment, request, kind, amount, %s, %s
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::numeric[]) WITH ORDINALITY
                AS v (order_id, shipment, request, kind, amount, nr) ORDER BY nr""",
        [currency, at, orders, shipments, requests, kinds, amounts],
    )
    for movement in movements:
        if movement.kind in _TOLD:
            said = {"amount": str(movement.amount), "currency": currency}
            outbox.tell(movement.order, _TOLD[movement.kind], [said])


def has_money_moved() -> bool:
    """Whether anything was ever charged, given back or asked of a card."""
    found = row("(SELECT 1 FROM payment LIMIT 1) UNION ALL (SELECT 1 FROM card_request LIMIT 1) LIMIT 1")
    return found is not None

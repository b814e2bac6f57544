"""What happened to an order: actions, dates told, parcels, money and messages, in one list."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from raincheck.store.reads.activity import FactView, facts_about
from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class ToldView:
    """A date that was told for a line in place of another. `told_on` None: that there is none any more.

    Units that joined a line one after the other and heard the same at once are one row.
    """

    at: datetime
    sku: str
    name: str
    previous_on: date | None
    told_on: date | None
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A message about the order."""

    id: int
    at: datetime
    event: str
    channel: str
    state: str
    address: str
    failure: str


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A movement of money."""

    at: datetime
    kind: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A parcel that went to the carrier or reached the customer."""

    at: datetime
    state: str
    shipment_id: int
    site: str
    units: int


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """The parts of the timeline, each the oldest first."""

    facts: list[FactView]
    told: list[ToldView]
    notices: list[NoticeView]
    payments: list[PaymentView]
    parcels: list[Handed]


def order_history(order: int, ref: str) -> OrderHistory:
    """The history of an order. Five queries."""
    params: dict[str, Any] = {"order": order}
    return OrderHistory(
        facts=facts_about(f"order:{ref}"),
        told=named_rows(
            ToldView,
            """SELECT t.at, p.sku, p.name, t.previous_on, t.told_on, t.word, t.reason
               FROM told_date t JOIN claim c ON c.id = t.claim_id JOIN order_line l ON l.id = c.line_id
               JOIN product p ON p.id = l.product_id
               WHERE c.order_id = %(order)s
               GROUP BY t.at, p.sku, p.name, t.previous_on, t.told_on, t.word, t.reason ORDER BY min(t.id)""",
            params,
        ),
        notices=named_rows(
            NoticeView,
            """SELECT id, at, event, channel, state, address, failure FROM notice
               WHERE order_id = %(order)s ORDER BY id""",
            params,
        ),
        payments=payments_of(order),
        parcels=named_rows(
            Handed,
            """SELECT v.at, v.state, s.id AS shipment_id, coalesce(nullif(t.name, ''), t.code) AS site,
                      k.units
               FROM (SELECT pl.shipment_id, sum(pl.units)::bigint AS units
                     FROM shipment_line pl JOIN order_line l ON l.id = pl.line_id
                     WHERE l.order_id = %(order)s GROUP BY pl.shipment_id) k
               JOIN shipment s ON s.id = k.shipment_id JOIN site t ON t.id = s.site_id
               CROSS JOIN LATERAL (VALUES ('shipped', s.shipped_at), ('delivered', s.delivered_at)) AS v (state, at)
               WHERE v.at IS NOT NULL ORDER BY v.at, s.id""",
            params,
        ),
    )


def payments_of(order: int) -> list[PaymentView]:
    """What money of an order moved, the oldest first."""
    return named_rows(
        PaymentView,
        "SELECT at, kind, amount, currency FROM payment WHERE order_id = %(order)s ORDER BY id",
        {"order": order},
    )

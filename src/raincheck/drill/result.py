"""The document that a drill prints (contract, section 3), read from the database that it was played on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from raincheck.actions.pieces import Piece
from raincheck.core.money import plain
from raincheck.drill.document import Document, printed_instant
from raincheck.drill.expect import failures
from raincheck.drill.scenario import Scenario
from raincheck.store.reads import outcome
from raincheck.store.reads.audit import audit

LINE_FIGURES = ("ordered", "reserved", "backordered", "preordered", "shipped", "cancelled", "refused")
LINE_DATES = ("first_promise_on", "promise_on", "expected_on")


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """An event that the business refused: nothing changed."""

    at: datetime
    verb: str
    order: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Played:
    """What the events themselves answered: quotes by reference and SKU, and refusals."""

    quotes: dict[str, dict[str, list[Piece]]]
    refused: list[RefusedEvent]


def document_of(scenario: Scenario, played: Played, *, from_live: bool) -> Document:
    """The whole document, its keys in the order of the contract.

    A drill on a copy of a company leaves out what was over before it began.
    """
    since = scenario.starts_at if from_live else outcome.BEGINNING
    document: Document = {
        "title": scenario.title,
        "ok": True,
        "failures": [],
        "orders": _orders(outcome.order_lines(since)),
        "quotes": {ref: {"lines": _pieces(pieces)} for ref, pieces in played.quotes.items()},
        "shipments": _shipments(outcome.parcel_lines(since)),
        "notices": [_notice(notice) for notice in outcome.notices(since)],
        "purchase_orders": _purchase_orders(outcome.purchase_lines(since)),
        "stock": _stock(outcome.stock_rows()),
        "payments": [_payment(payment) for payment in outcome.payments(since)],
        "refused_events": [_refused(event) for event in played.refused],
        "audit": _audit(),
    }
    document["failures"] = failures(scenario.expect, document, ZoneInfo(scenario.settings.timezone))
    document["ok"] = not document["failures"] and document["audit"]["ok"]
    return document


def _orders(lines: Iterable[outcome.OutcomeLine]) -> dict[str, Any]:
    orders: dict[str, Any] = {}
    for line in lines:
        order = orders.setdefault(line.order_ref, {"state": line.state, "lines": {}})
        printed: dict[str, Any] = {figure: getattr(line, figure) for figure in LINE_FIGURES}
        if line.returned:
            printed["returned"] = line.returned
        printed |= {name: _date(getattr(line, name)) for name in LINE_DATES}
        order["lines"][line.sku] = {**printed, "reason": line.reason}
    return orders


def _pieces(pieces: dict[str, list[Piece]]) -> dict[str, Any]:
    return {
        sku: [{"units": piece.units, "from": piece.source, "on": _date(piece.on)} for piece in found]
        for sku, found in pieces.items()
    }


def _shipments(lines: Iterable[outcome.OutcomeParcelLine]) -> list[dict[str, Any]]:
    shipments: dict[int, dict[str, Any]] = {}
    for line in lines:
        shipment = shipments.setdefault(
            line.shipment,
            {"id": str(line.shipment), "at": printed_instant(line.at), "site": line.site, "orders": [], "lines": {}},
        )
        if line.order_ref not in shipment["orders"]:
            shipment["orders"].append(line.order_ref)
        shipment["lines"].setdefault(line.order_ref, {})[line.sku] = line.units
    return list(shipments.values())


def _notice(notice: outcome.OutcomeNotice) -> dict[str, Any]:
    return {
        "at": printed_instant(notice.at),
        "to": notice.customer,
        "order": notice.order_ref,
        "event": notice.event,
        "channel": notice.channel,
    }


def _purchase_orders(lines: Iterable[outcome.OutcomePurchaseLine]) -> dict[str, Any]:
    orders: dict[str, Any] = {}
    for line in lines:
        order = orders.setdefault(line.po, {"state": line.state, "lines": {}})
        order["lines"][line.sku] = {"ordered": line.ordered, "received": line.received, "damaged": line.damaged}
    return orders


def _stock(rows: Iterable[outcome.OutcomeStock]) -> dict[str, Any]:
    stock: dict[str, Any] = {}
    for row in rows:
        stock.setdefault(row.site, {})[row.sku] = {
            "on_hand": row.on_hand,
            "reserved": row.reserved,
            "unsellable": row.unsellable,
            "inbound": row.inbound,
        }
    return stock


def _payment(payment: outcome.OutcomePayment) -> dict[str, Any]:
    return {
        "at": printed_instant(payment.at),
        "order": payment.order_ref,
        "kind": payment.kind,
        "amount": plain(payment.amount, payment.currency),
    }


def _refused(event: RefusedEvent) -> dict[str, Any]:
    return {"at": printed_instant(event.at), "verb": event.verb, "order": event.order, "reason": event.reason}


def _date(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _audit() -> dict[str, Any]:
    violations = [f"{found.invariant}: {found.record}: {found.detail}" for found in audit()]
    return {"ok": not violations, "violations": violations}

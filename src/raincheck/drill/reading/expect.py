"""The drill's ``expect``: a part of the printed document, with every key and name checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from raincheck.core.reason import Reason
from raincheck.drill.document import printed_instant
from raincheck.drill.expectation import Expectation, Expected
from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.events import PLAYED_VERBS
from raincheck.drill.reading.moments import Clock
from raincheck.drill.reading.names import Kind, Names

ORDER_STATES = ("open", "held", "cancel_requested", "complete", "cancelled", "refused")
PURCHASE_STATES = ("draft", "sent", "confirmed", "part_received", "received", "closed_short", "cancelled")
PAYMENT_KINDS = ("authorise", "capture", "void", "refund")
SOURCES_THAT_ARE_NO_NAME = ("on_hand", "lead_time", "none", "refused")

Reader = Callable[[Entry], Any]
Readers = dict[str, Reader]


@dataclass(frozen=True)
class ExpectReader:
    """Reads what one drill expects; every name must be one that the drill knows at its end."""

    names: Names
    clock: Clock

    def read(self, entry: Entry | None) -> Expectation:
        """The expectation; nothing is expected where the file says nothing."""
        if entry is None:
            return Expectation()
        parts: Readers = {
            "orders": self._by("order", self._order),
            "quotes": self._by("quote", self._quote),
            "shipments": self._list(self._shipment),
            "notices": self._list(self._notice),
            "purchase_orders": self._by("purchase order", self._purchase_order),
            "stock": self._by("site", self._by("product", self._stock)),
            "payments": self._list(self._payment),
            "refused_events": self._list(self._refused_event),
            "audit": lambda value: bool(value.choice(("ok",))),
        }
        fields = entry.fields(parts)
        values = {key: parts[key](value) for key, value in fields.items()}
        return Expectation(audit_ok=values.pop("audit", False), **values)

    def _order(self, entry: Entry) -> Mapping[str, Expected]:
        units = dict.fromkeys(
            ("ordered", "reserved", "backordered", "preordered", "shipped", "cancelled", "refused", "returned"),
            Entry.whole,
        )
        dates = dict.fromkeys(("first_promise_on", "promise_on", "expected_on"), _or_nothing(self._date))
        line: Readers = {**units, **dates, "reason": lambda value: value.choice([str(r) for r in Reason])}
        readers: Readers = {
            "state": lambda value: value.choice(ORDER_STATES),
            "lines": self._by("product", lambda value: _fields(value, line)),
        }
        return _fields(entry, readers)

    def _quote(self, entry: Entry) -> Mapping[str, Expected]:
        piece: Readers = {"units": Entry.whole, "from": self._source, "on": _or_nothing(self._date)}
        pieces = self._list(lambda value: _fields(value, piece))
        return _fields(entry, {"lines": self._by("product", pieces)})

    def _shipment(self, entry: Entry) -> Mapping[str, Expected]:
        """``order`` with ``lines`` by SKU, or ``orders`` with ``lines`` by order and SKU, as printed."""
        of_many = entry.is_mapping and any(key.value == "orders" for key, _ in entry.node.value)
        by_sku = self._by("product", Entry.whole)
        readers: Readers = {**self._moment(), "site": self._name("site")}
        if of_many:
            readers["orders"] = self._list(self._name("order"))
            readers["lines"] = self._by("order", by_sku)
            return _fields(entry, readers)
        readers["order"] = self._name("order")
        readers["lines"] = by_sku
        shipment = dict(_fields(entry, readers))
        if "lines" in shipment:
            if "order" not in shipment:
                entry.refuse("needs `order` beside `lines`")
            shipment["lines"] = {str(shipment.get("order", "")): shipment["lines"]}
        return shipment

    def _notice(self, entry: Entry) -> Mapping[str, Expected]:
        readers: Readers = {
            **self._moment(),
            "to": _or_nothing(self._name("customer")),
            "order": self._name("order"),
            "event": Entry.text,
            "channel": Entry.text,
        }
        return _fields(entry, readers)

    def _purchase_order(self, entry: Entry) -> Mapping[str, Expected]:
        line: Readers = dict.fromkeys(("ordered", "received", "damaged"), Entry.whole)
        readers: Readers = {
            "state": lambda value: value.choice(PURCHASE_STATES),
            "lines": self._by("product", lambda value: _fields(value, line)),
        }
        return _fields(entry, readers)

    def _stock(self, entry: Entry) -> Mapping[str, Expected]:
        return _fields(entry, dict.fromkeys(("on_hand", "reserved", "unsellable", "inbound"), Entry.whole))

    def _payment(self, entry: Entry) -> Mapping[str, Expected]:
        readers: Readers = {
            **self._moment(),
            "order": self._name("order"),
            "kind": lambda value: value.choice(PAYMENT_KINDS),
            "amount": _amount,
        }
        return _fields(entry, readers)

    def _refused_event(self, entry: Entry) -> Mapping[str, Expected]:
        readers: Readers = {
            **self._moment(),
            "verb": lambda value: value.choice(PLAYED_VERBS),
            "order": _or_nothing(self._name("order")),
            "reason": Entry.text,
        }
        return _fields(entry, readers)

    def _moment(self) -> Readers:
        return {"at": self._instant, "on": self._date}

    def _instant(self, entry: Entry) -> str:
        at = self.clock.instant(entry)
        return printed_instant(at) if at else ""

    def _date(self, entry: Entry) -> str:
        return self.clock.day(entry).isoformat()

    def _source(self, entry: Entry) -> str:
        source = entry.text()
        inbound = {*self.names.all("purchase order"), *self.names.all("transfer")}
        if source and source not in SOURCES_THAT_ARE_NO_NAME and source not in inbound:
            valid = sorted({*SOURCES_THAT_ARE_NO_NAME, *inbound})
            entry.refuse("is no source of units", near=(source, valid))
        return source

    def _name(self, kind: Kind) -> Reader:
        return lambda value: self.names.read(value, kind)

    def _by(self, kind: Kind, read: Reader) -> Reader:
        def mapping(entry: Entry) -> Mapping[str, Expected]:
            return {name: read(value) for name, value in entry.named().items() if self.names.check(value, kind, name)}

        return mapping

    def _list(self, read: Reader) -> Reader:
        return lambda entry: tuple(read(value) for value in entry.each())


def _fields(entry: Entry, readers: Readers) -> Mapping[str, Expected]:
    fields = entry.fields(readers, keep_nothing=True)
    return {key: readers[key](value) for key, value in fields.items()}


def _or_nothing(read: Reader) -> Reader:
    return lambda entry: None if entry.is_nothing else read(entry)


def _amount(entry: Entry) -> Decimal:
    return entry.money()

"""The drill's ``events``: each an instant and one verb, read in the order of the file.

What an event creates may be named by later events only. A second event with the same ``ref`` is kept, marked as
a repeat, if it says the same; with other content it is a fault of the file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from raincheck.drill import events as verbs
from raincheck.drill.not_yet import NOT_YET
from raincheck.drill.reading.company import read_purchase, read_units
from raincheck.drill.reading.entry import Entry
from raincheck.drill.reading.moments import Clock
from raincheck.drill.reading.names import Kind, Names
from raincheck.drill.reading.problems import shown
from raincheck.drill.reading.segments import KEYS as REBALANCE_KEYS
from raincheck.drill.reading.segments import read_rebalance
from raincheck.drill.reading.settings import read_ship
from raincheck.drill.scenario import TIERS, PurchaseOrder

Fields = dict[str, Entry]

LONGEST_CARD = 200

WAIT, SUBSTITUTE = "wait", "substitute"
PLAIN_CHOICES = (WAIT, "wait_further", "cancel", "ship_available")
CONDITIONS_OF_RETURN = ("good", "damaged")


@dataclass
class EventReader:
    """Reads one drill's events; ``made`` holds what was first said under each name."""

    names: Names
    clock: Clock
    made: dict[tuple[Kind, str], tuple[object, int]] = field(default_factory=dict)

    def read(self, entry: Entry | None) -> tuple[verbs.Event, ...]:
        """All events in the order of the file."""
        found: list[verbs.Event] = []
        latest_at = self.clock.starts_at
        for item in entry.each() if entry else ():
            event = self._event(item, latest_at)
            if event:
                latest_at = event.at
                found.append(event)
        return tuple(found)

    def remember(self, orders: tuple[PurchaseOrder, ...], lines: dict[str, int]) -> None:
        """Take up the purchase orders that exist at the start; ``lines``: where in the file each stands."""
        for order in orders:
            self.made["purchase order", order.po] = (order, lines.get(order.po, 0))

    def _event(self, item: Entry, latest_at: datetime) -> verbs.Event | None:
        fields = item.fields(("at", *_VERBS), required=("at",), keep_nothing=True)
        said = [verb for verb in fields if verb != "at"]
        if len(said) != 1:
            self._no_single_verb(item, said)
            return None
        if "at" not in fields:
            return None
        at = self._instant(fields["at"], latest_at)
        body = fields[said[0]]
        keys, required, read = _VERBS[said[0]]
        values = read(self, body, body.fields(keys, required))
        return values(at=at, line=item.line) if values else None

    def _instant(self, entry: Entry, latest_at: datetime) -> datetime:
        at = self.clock.instant(entry)
        if at is None:
            return latest_at
        if at < self.clock.starts_at:
            entry.refuse("is before `starts`")
        elif at < latest_at:
            entry.refuse("goes backwards: events stand in the order in which they happen")
        return max(at, latest_at)

    def _no_single_verb(self, item: Entry, said: list[str]) -> None:
        if said:
            item.refuse(f"has {len(said)} verbs ({', '.join(said)}); write one event for each")
        elif item.is_mapping and not self._refused_already(item):
            item.refuse(f"needs one verb, such as {{at: 0h, wait: {{}}}}; verbs: {', '.join(_VERBS)}")

    def _refused_already(self, item: Entry) -> bool:
        """Whether another key than ``at`` stands there: it has been refused by name."""
        return any(key.value != "at" for key, _ in item.node.value)

    def create(self, entry: Entry, kind: Kind, name: str, content: object, skus: dict[str, int]) -> bool:
        """Make ``name`` known. True if it was made before with the same content."""
        first = self.made.get((kind, name))
        self.names.declare_lines(kind, name, () if first else skus)
        if first is None:
            self.made[kind, name] = (content, entry.line)
            return False
        if first[0] != content:
            entry.refuse(
                f"{kind} {shown(name)} was given other content on line {first[1]}; use another name, "
                f"or `change`, `confirm` or `reschedule` what exists"
            )
        return True

    def one(self, fields: Fields, key: str, kind: Kind) -> str:
        """A required reference."""
        return self.names.read(fields[key], kind) if key in fields else ""

    def units(self, fields: Fields, key: str = "lines", least: int = 1, *, stocked: bool = False) -> dict[str, int]:
        """Required units by SKU; ``stocked``: of products that are no kits."""
        return read_units(fields[key], self.names, least=least, stocked=stocked) if key in fields else {}

    def units_of(
        self, fields: Fields, kind: Kind, name: str, key: str = "lines", least: int = 1
    ) -> dict[str, int] | None:
        """Units by SKU of lines that ``name`` has; None if the file names none."""
        if key not in fields:
            return None
        units = read_units(fields[key], self.names, least=least, stocked=kind in ("purchase order", "transfer"))
        for sku, value in fields[key].named().items():
            self.names.check_line(value, kind, name, sku)
        return units


#: What a reader gives: the event's class with everything filled in but ``at`` and ``line``.
Made = Callable[..., verbs.Event]
Read = Callable[[EventReader, Entry, Fields], Made | None]


def _with(event: type[verbs.Event], **values: Any) -> Made:
    def made(**moment: Any) -> verbs.Event:
        return event(**values, **moment)

    return made


def _asked(event: type[verbs.Asked], kind: Kind) -> Read:
    def read(reader: EventReader, entry: Entry, fields: Fields) -> Made:
        ref = fields["ref"].name() if "ref" in fields else ""
        lines = reader.units(fields)
        values: dict[str, object] = {
            "ref": ref,
            "lines": lines,
            "customer": reader.one(fields, "customer", "customer") or None,
            "ship": read_ship(fields["ship"]) if "ship" in fields else None,
            "channel": fields["channel"].text(50) if "channel" in fields else "",
            "wanted_on": reader.clock.day(fields["wanted_on"]) if "wanted_on" in fields else None,
        }
        if "seller_credit" in fields:
            values["seller_credit"] = fields["seller_credit"].flag()
        values |= {name: fields[name].money() for name in ("shipping_fee", "tax") if name in fields}
        if "card" in fields:
            values["card"] = fields["card"].text(LONGEST_CARD)
        repeats = reader.create(entry, kind, ref, values, lines) if ref else False
        return _with(event, **values, repeats=repeats)

    return read


def _of_order(event: type[verbs.Event]) -> Read:
    def read(reader: EventReader, _: Entry, fields: Fields) -> Made:
        return _with(event, order=reader.one(fields, "order", "order"))

    return read


def _cancel(reader: EventReader, _: Entry, fields: Fields) -> Made:
    order = reader.one(fields, "order", "order")
    return _with(verbs.CancelOrder, order=order, lines=reader.units_of(fields, "order", order))


def _change(reader: EventReader, _: Entry, fields: Fields) -> Made:
    order = reader.one(fields, "order", "order")
    lines = reader.units(fields, least=0)
    if ("order", order) in reader.names.skus:
        reader.names.declare_lines("order", order, lines)
    return _with(verbs.ChangeOrder, order=order, lines=lines)


def _answer(reader: EventReader, _: Entry, fields: Fields) -> Made:
    order = reader.one(fields, "order", "order")
    if "choice" not in fields or not fields["choice"].is_mapping:
        choice = fields["choice"].choice(PLAIN_CHOICES) if "choice" in fields else WAIT
        return _with(verbs.AnswerOrder, order=order, choice=choice)
    body = fields["choice"].fields((SUBSTITUTE,))
    others: dict[str, str] = {}
    for sku, value in body[SUBSTITUTE].named().items() if SUBSTITUTE in body else ():
        if reader.names.check(value, "product", sku):
            reader.names.check_line(value, "order", order, sku)
        others[sku] = reader.names.read(value, "product")
    if not others and (SUBSTITUTE in body or not fields["choice"].node.value):
        fields["choice"].refuse("names no product: write {substitute: {lamp: torch}}")
    if ("order", order) in reader.names.skus:
        reader.names.declare_lines("order", order, others.values())
    return _with(verbs.AnswerOrder, order=order, choice=SUBSTITUTE, substitutes=others)


def _floor(event: type[verbs.FloorEvent], least: int) -> Read:
    def read(reader: EventReader, _: Entry, fields: Fields) -> Made:
        order = reader.one(fields, "order", "order")
        shipment = _shipment(fields["shipment"]) if "shipment" in fields else None
        lines = reader.units_of(fields, "order", order, least=least)
        return _with(event, order=order, shipment=shipment, lines=lines)

    return read


def _shipment(entry: Entry) -> int:
    """A parcel by the id that the drill prints, in quotes or not."""
    text = entry.text(18)
    if not (text.isascii() and text.isdigit()):
        entry.refuse(f"{shown(text)!r} is no shipment: give the id that the drill prints")
        return 0
    return int(text)


def _return(reader: EventReader, _: Entry, fields: Fields) -> Made:
    order = reader.one(fields, "order", "order")
    condition = fields["condition"].choice(CONDITIONS_OF_RETURN) if "condition" in fields else "good"
    lines = reader.units_of(fields, "order", order) or {}
    return _with(verbs.Return, order=order, lines=lines, condition=condition)


def _purchase(reader: EventReader, entry: Entry, fields: Fields) -> Made:
    po = fields["po"].name() if "po" in fields else ""
    order = read_purchase(entry, fields, po, reader.names, reader.clock)
    repeats = reader.create(entry, "purchase order", po, order, dict(order.lines)) if po else False
    return _with(
        verbs.Purchase,
        po=po,
        supplier=order.supplier,
        site=order.site,
        due_on=order.due_on,
        state=order.state,
        lines=order.lines,
        repeats=repeats,
    )


def _confirm(reader: EventReader, _: Entry, fields: Fields) -> Made:
    po = reader.one(fields, "po", "purchase order")
    due_on = reader.clock.day(fields["due"]) if "due" in fields else None
    lines = reader.units_of(fields, "purchase order", po, least=0)
    return _with(verbs.Confirm, po=po, due_on=due_on, lines=lines)


def _reschedule(reader: EventReader, _: Entry, fields: Fields) -> Made | None:
    if "due" not in fields:
        return None
    po = reader.one(fields, "po", "purchase order")
    return _with(verbs.Reschedule, po=po, due_on=reader.clock.day(fields["due"]))


def _receive(reader: EventReader, entry: Entry, fields: Fields) -> Made | None:
    source = _po_or_transfer(reader, entry, fields)
    if source is None:
        return None
    key, kind, name = source
    lines = reader.units_of(fields, kind, name, least=0)
    damaged = reader.units_of(fields, kind, name, "damaged", least=0)
    if lines is None and damaged is None:
        entry.refuse("needs `lines`, `damaged` or both")
    return _with(verbs.Receive, **{key: name}, lines=lines or {}, damaged=damaged or {})


def _po_or_transfer(reader: EventReader, entry: Entry, fields: Fields) -> tuple[str, Kind, str] | None:
    given = [key for key in ("po", "transfer") if key in fields]
    if len(given) != 1:
        entry.refuse("needs either `po` or `transfer`" + (", not both" if given else ""))
        return None
    kind: Kind = "purchase order" if given[0] == "po" else "transfer"
    return given[0], kind, reader.one(fields, given[0], kind)


def _close_short(reader: EventReader, _: Entry, fields: Fields) -> Made:
    return _with(verbs.CloseShort, po=reader.one(fields, "po", "purchase order"))


def _count(reader: EventReader, _: Entry, fields: Fields) -> Made:
    return _with(
        verbs.Count, site=reader.one(fields, "site", "site"), lines=reader.units(fields, least=0, stocked=True)
    )


def _transfer(reader: EventReader, entry: Entry, fields: Fields) -> Made | None:
    if "due" not in fields:
        return None
    ref = fields["ref"].name() if "ref" in fields else ""
    lines = reader.units(fields, stocked=True)
    values: dict[str, object] = {
        "ref": ref,
        "from_site": reader.one(fields, "from", "site"),
        "to_site": reader.one(fields, "to", "site"),
        "due_on": reader.clock.day(fields["due"]),
        "lines": lines,
    }
    if values["from_site"] and values["from_site"] == values["to_site"]:
        entry.refuse("goes from a site to itself")
    repeats = reader.create(entry, "transfer", ref, values, lines) if ref else False
    return _with(verbs.Transfer, **values, repeats=repeats)


def _protect(reader: EventReader, _: Entry, fields: Fields) -> Made:
    return _with(
        verbs.Protect,
        product=reader.one(fields, "product", "product"),
        tier=fields["tier"].choice(TIERS) if "tier" in fields else "",
        units=fields["units"].whole() if "units" in fields else 0,
    )


def _rebalance(reader: EventReader, _: Entry, fields: Fields) -> Made:
    return _with(verbs.Rebalance, request=read_rebalance(fields, reader.names))


def _wait(_: EventReader, __: Entry, ___: Fields) -> Made:
    return _with(verbs.Wait)


_ASKED = ("ref", "customer", "lines", "ship", "channel", "wanted_on")
_FLOOR = ("order", "shipment", "lines")

#: verb: its keys, those it needs, and its reader.
_VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Read]] = {
    "order": (
        (*_ASKED, "seller_credit", "shipping_fee", "tax", "card"),
        ("ref", "lines"),
        _asked(verbs.PlaceOrder, "order"),
    ),
    "quote": (_ASKED, ("ref", "lines"), _asked(verbs.AskQuote, "quote")),
    "cancel": (("order", "lines"), ("order",), _cancel),
    "change": (("order", "lines"), ("order", "lines"), _change),
    "hold": (("order",), ("order",), _of_order(verbs.HoldOrder)),
    "release": (("order",), ("order",), _of_order(verbs.ReleaseOrder)),
    "decline_payment": (("order",), ("order",), _of_order(verbs.DeclinePayment)),
    "purchase": (
        ("po", "supplier", "site", "due", "state", "lines"),
        ("po", "supplier", "site", "lines"),
        _purchase,
    ),
    "confirm": (("po", "due", "lines"), ("po",), _confirm),
    "reschedule": (("po", "due"), ("po", "due"), _reschedule),
    "receive": (("po", "transfer", "lines", "damaged"), (), _receive),
    "close_short": (("po",), ("po",), _close_short),
    "count": (("site", "lines"), ("site", "lines"), _count),
    "return": (("order", "lines", "condition"), ("order", "lines"), _return),
    "transfer": (("ref", "from", "to", "due", "lines"), ("ref", "from", "to", "due", "lines"), _transfer),
    "answer": (("order", "choice"), ("order", "choice"), _answer),
    "pick": (_FLOOR, ("order",), _floor(verbs.Pick, 0)),
    "pack": (_FLOOR, ("order",), _floor(verbs.Pack, 1)),
    "ship": (_FLOOR, ("order",), _floor(verbs.Ship, 1)),
    "deliver": (_FLOOR, ("order",), _floor(verbs.Deliver, 1)),
    "confirm_cancel": (("order",), ("order",), _of_order(verbs.ConfirmCancel)),
    "protect": (("product", "tier", "units"), ("product", "tier", "units"), _protect),
    "rebalance": (REBALANCE_KEYS, ("segments",), _rebalance),
    "wait": ((), (), _wait),
}

#: Every verb that a refused event can bear in the printed document.
PLAYED_VERBS = tuple(verb for verb in _VERBS if f"events.*.{verb}" not in NOT_YET)

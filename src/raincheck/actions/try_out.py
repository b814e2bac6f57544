"""What happens if: an action is done in full, looked at, and taken back; or done for good if that is what happens.

The same action runs on the same facts under the same locks, so a preview is not an estimate: what it shows is what
then happens, unless something moved meanwhile, and then nothing happens and `Moved` says so.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

import orjson
from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.core.difference import Difference, LineState
from raincheck.core.errors import Refused
from raincheck.store import lines
from raincheck.store.locks import lock_products
from raincheck.store.reads.standing_of_lines import (
    LineStanding,
    last_notice,
    lines_deciding_with,
    notices_since,
    order_standing,
    products_named,
)

Act = Callable[[datetime], object]
SHOWN = 20
"""How many lines of others an effect names, those that lose most first."""


class Moved(Refused):
    """What an action would do now is not what was shown."""

    def __init__(self) -> None:
        super().__init__("something has moved since this was shown: look at what would happen now")


@dataclass(frozen=True, slots=True)
class LineEffect:
    """A line before and after; None: it was not there before."""

    before: LineStanding | None
    after: LineStanding

    @property
    def difference(self) -> Difference:
        """The dates and reserved units compared."""
        old = self.before or self.after
        return Difference(
            LineState(old.reserved, old.expected_on),
            LineState(self.after.reserved, self.after.expected_on),
            old.told_on,
        )

    @property
    def lost_unit_days(self) -> int | None:
        """Waiting units times the days by which they come later (negative: sooner); None where a day is missing."""
        days = self.difference.days
        old = self.before or self.after
        return None if days is None else days * max(old.waiting, self.after.waiting)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does. `mine` are the changed lines of the order, `others` those of others, who loses most first.

    `others_changed` counts all of those. `captured` and `refunded` is money that moves. `told` are the messages that
    the customer gets, `told_others` counts those to others. `digest` names the whole of it.
    """

    state_before: str
    state_after: str
    mine: tuple[LineEffect, ...]
    others: tuple[LineEffect, ...]
    others_changed: int
    captured: Decimal
    refunded: Decimal
    told: tuple[str, ...]
    told_others: int
    digest: str

    @property
    def broken(self) -> int:
        """How many lines of others miss the day that they were told, and would have met it."""
        return sum(effect.difference.breaks_promise for effect in self.others)


def try_out(ref: str, act: Act, skus: Collection[str] = ()) -> Effect:
    """Does `act` at the database's instant, looks at what came of it, and takes all of it back.

    `skus` are products it touches besides those of the order. Raises what `act` raises, NotFound for an unknown order.
    """
    with transaction.atomic():
        effect = _done(ref, act, skus)
        transaction.set_rollback(True)
    return effect


def do_as_shown(ref: str, act: Act, seen: str, skus: Collection[str] = ()) -> Effect:
    """Does `act` if its effect is the one with the digest `seen`. Raises Moved otherwise, and nothing happens."""
    with transaction.atomic():
        effect = _done(ref, act, skus)
        if effect.digest != seen:
            raise Moved
    return effect


def _done(ref: str, act: Act, skus: Collection[str]) -> Effect:
    order = known_order(ref)
    locked = lock_products([*lines.products_of([order.id]), *products_named(skus)])
    before, money, notice = lines_deciding_with(locked.products, order.id), order_standing(order.id), last_notice()
    act(locked.at)
    after, paid = lines_deciding_with(locked.products, order.id, before), order_standing(order.id)
    changed = [LineEffect(before.get(id_), line) for id_, line in after.items() if line != before.get(id_)]
    mine = tuple(effect for effect in changed if effect.after.ref == ref)
    others = sorted((effect for effect in changed if effect.after.ref != ref), key=_who_loses_most)
    told, told_others = notices_since(notice, order.id, {line.ref for line in after.values()})
    return Effect(
        money.state,
        paid.state,
        mine,
        tuple(others[:SHOWN]),
        len(others),
        paid.captured - money.captured,
        paid.refunded - money.refunded,
        told,
        told_others,
        _digest(changed, paid.captured - money.captured, paid.refunded - money.refunded, told, money.asked, paid.state),
    )


def _who_loses_most(effect: LineEffect) -> tuple[bool, int, int, int]:
    """Broken promises first, then the lost, then the later, then the rest; of equals the line placed first."""
    difference = effect.difference
    return (not difference.breaks_promise, difference.gain, -(effect.lost_unit_days or 0), effect.after.id)


def _digest(
    changed: list[LineEffect], captured: Decimal, refunded: Decimal, told: tuple[str, ...], asked: str, state: str
) -> str:
    """The same effect has the same digest: rows that a rolled-back try numbered have no part in it.

    A yes changes no line, so what it is a yes to has a part in it too.
    """
    said = [
        [
            None if effect.before is None else {**asdict(effect.before), "id": 0},
            {**asdict(effect.after), "id": 0},
        ]
        for effect in sorted(changed, key=lambda one: (one.after.ref, one.after.sku, one.after.id))
    ]
    content = orjson.dumps([said, str(captured), str(refunded), told, asked, state], default=str)
    return hashlib.sha256(content).hexdigest()[:32]

"""The orders of six weeks: most of them everyday ones by chance, some that the story needs."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from raincheck.actions.place_order import place_order
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.cli.demo_data.catalogue import LANTERN, PAPER_LANTERN, SHELVES
from raincheck.cli.demo_data.clock import ZONE, Clock
from raincheck.cli.demo_data.customers import BUSINESSES, CUSTOMERS, code_of

FIRST_NUMBER: Final = 10231
EVERYDAY_ORDERS: Final = 172
LAUNCH_ORDERS: Final = 62
FIRST_DAY: Final = -41
CHANNELS: Final = ("web", "web", "web", "phone", "shop", "marketplace")
ALWAYS_OPEN: Final = ("web", "web", "marketplace")
OPENING_HOURS: Final = range(9, 18)
CARDS: Final = ("tok_visa", "tok_mastercard", "tok_visa", "tok_amex")
_ON_ACCOUNT: Final = frozenset(customer.code for customer in CUSTOMERS[:BUSINESSES])


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """An order before it has its number. `name` is what the story calls it."""

    at: datetime
    customer: str
    lines: tuple[tuple[str, int], ...]
    channel: str = "web"
    ship: str | None = None
    name: str = ""
    card: str = ""


class OrderBook:
    """Orders that will be placed. Numbers follow the time of placing, as a shop's do."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.refs: dict[str, str] = {}
        self._clock = clock
        self._chance = random.Random(seed)  # noqa: S311 - seeded on purpose
        self._planned: list[PlannedOrder] = []

    def add(
        self, name: str, at: datetime, customer: str, lines: dict[str, int], *, ship: str | None = None,
        channel: str = "web", card: str = "",
    ) -> None:  # fmt: skip
        """An order of the story, by the customer of this name."""
        self._planned.append(PlannedOrder(at, code_of(customer), tuple(lines.items()), channel, ship, name, card))

    def add_everyday(self) -> None:
        """Orders as they come in: the popular more often, businesses by the dozen, evenings and weekends busier."""
        chance = self._chance
        shelves = [shelf for shelf in SHELVES if shelf.sku != PAPER_LANTERN]
        for _ in range(EVERYDAY_ORDERS):
            at = self._clock.at(chance.randint(FIRST_DAY, 0), chance.choice((7, 9, 11, 12, 14, 17, 19, 20, 21)))
            at -= timedelta(minutes=chance.randint(25, 400) if at == self._clock.now else -chance.randint(0, 59))
            is_business = chance.random() < 0.08
            customer = chance.choice(CUSTOMERS[:BUSINESSES] if is_business else CUSTOMERS[BUSINESSES:])
            wanted = chance.choices(shelves, [shelf.pull for shelf in shelves], k=chance.choice((1, 1, 1, 2, 2, 3, 4)))
            lines = {shelf.sku: chance.choice((3, 4, 6)) if is_business else self._few() for shelf in wanted}
            at = min(at, self._clock.ago(minutes=12))
            self._planned.append(PlannedOrder(at, customer.code, tuple(lines.items()), self._channel(at)))

    def add_launch(self, announced_at: datetime) -> None:
        """The rush on the new lantern: half of it within two days."""
        chance = self._chance
        span_minutes = int((self._clock.now - announced_at).total_seconds() // 60) - 30
        for _ in range(LAUNCH_ORDERS):
            at = announced_at + timedelta(minutes=5 + int(span_minutes * chance.random() ** 2.6))
            lines = {LANTERN: self._few()}
            if chance.random() < 0.25:
                lines[chance.choice(SHELVES[10:]).sku] = 1
            customer = chance.choice(CUSTOMERS[BUSINESSES:])
            self._planned.append(PlannedOrder(at, customer.code, tuple(lines.items()), self._channel(at)))

    def plan(self) -> None:
        """Numbers the orders and has them placed."""
        for number, order in enumerate(sorted(self._planned, key=lambda order: order.at), FIRST_NUMBER):
            ref = f"HT-{number}"
            if order.name:
                self.refs[order.name] = ref
            self._clock.plan(order.at, _placing(ref, order))

    def _few(self) -> int:
        return self._chance.choice((1, 1, 1, 1, 2, 2, 3))

    def _channel(self, at: datetime) -> str:
        return self._chance.choice(CHANNELS if at.astimezone(ZONE).hour in OPENING_HOURS else ALWAYS_OPEN)


def _placing(ref: str, order: PlannedOrder) -> Callable[[datetime], object]:
    request = OrderRequest(
        ref,
        tuple(AskedLine(sku, units) for sku, units in order.lines),
        order.customer,
        order.channel,
        ship=order.ship,
        card=order.card or _card(order),
    )
    actor = {"phone": "sales", "shop": "sales"}.get(order.channel, "")
    return lambda at: place_order(request, at, actor)


def _card(order: PlannedOrder) -> str:
    """Who orders on the web pays by card, businesses by invoice. A customer has one card."""
    if order.channel != "web" or order.customer in _ON_ACCOUNT:
        return ""
    return CARDS[sum(order.customer.encode()) % len(CARDS)]

"""What an order placed now could have of some products: shops ask for whole pages of them, many times a second.

One statement reads all of them. It counts the supply that no order is tied to: exactly what a newcomer gets who ranks
last. Where a ship-complete order holds stock that it could lend, or weights let newcomers overtake, an order may get
more than was said here, never less. Units that are kept for other tiers are left out.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from math import floor
from typing import Any, Final, TypedDict

import orjson

from raincheck.core.policy import Rule, resolve
from raincheck.core.settings import Settings
from raincheck.store.company import parsed_rules, parsed_settings
from raincheck.store.db import rows
from raincheck.store.reads.kept import Kept, kept_for_others


class Step(TypedDict):
    """Units that an order placed now would have by a day of delivery: cumulative."""

    on: date
    units: int


class Availability(TypedDict):
    """One product, as plain values: a shop asks for many. `next_on` is the day of delivery of one unit."""

    sku: str
    status: str
    on_hand: int
    reserved: int
    inbound: int
    atp: list[Step]
    next_on: date | None
    backorder_limit_left: int | None


_SQL: Final = """
    SELECT p.sku, v.on_hand, v.reserved, i.lines, p.available_from, p.backorder, p.backorder_limit, p.category,
           s.lead_time_days,
           CASE WHEN p.backorder_limit IS NOT NULL OR c.has_limits THEN (
               SELECT coalesce(sum(g.units), 0)::bigint FROM peg g WHERE g.product_id = p.id AND g.kind <> 'stock') END,
           CASE WHEN w.nr = 1 THEN c.settings END, CASE WHEN w.nr = 1 THEN c.rules END,
           CASE WHEN w.nr = 1 THEN c.at END, CASE WHEN w.nr = 1 THEN c.tier END,
           CASE WHEN w.nr = 1 THEN c.has_protections END
    FROM unnest(string_to_array(%s, chr(31))) WITH ORDINALITY AS w (sku, nr)
    CROSS JOIN (
        SELECT (SELECT settings::text FROM company WHERE id = 1) AS settings,
               (SELECT json_agg(json_build_array(id, "when", "then") ORDER BY id) FROM policy_rule
                WHERE ended_at IS NULL)::text AS rules,
               EXISTS (SELECT 1 FROM policy_rule WHERE ended_at IS NULL AND "then" ? 'backorder_limit') AS has_limits,
               clock_timestamp() AS at, (SELECT tier FROM customer WHERE code = %s) AS tier,
               EXISTS (SELECT 1 FROM protection WHERE ended_at IS NULL) AS has_protections OFFSET 0) c
    LEFT JOIN product p ON p.sku = w.sku LEFT JOIN supplier s ON s.id = p.supplier_id
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved
        FROM stock_level WHERE product_id = p.id) v ON true
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_array(owed, pegged, expected_on, id))::text AS lines
        FROM inbound_line WHERE product_id = p.id AND owed > 0) i ON true
    ORDER BY w.nr
"""


def availability(skus: Sequence[str], customer: str | None = None, channel: str | None = None) -> list[Availability]:
    """The products with these SKUs, in their order; those that do not exist are left out. One query, and the books of
    products of which units are protected.

    `customer` and `channel` matter where a rule looks at them.
    """
    # One text is read quicker than an array of them; no SKU holds a control sign.
    found = rows(_SQL, ["\x1f".join(skus), customer])
    if not found:
        return []
    settings_text, rules_text, at, tier, has_protections = found[0][10:]
    asked = _Asked(
        parsed_settings(settings_text or "{}"),
        parsed_rules(rules_text or "[]"),
        at,
        customer,
        tier or "standard",
        channel,
        kept_for_others(skus, tier or "standard", at) if has_protections else Kept(),
    )
    return [asked.of(values) for values in found if values[5] is not None]


class _Asked:
    """What all products of one call share."""

    def __init__(
        self,
        settings: Settings,
        rules: tuple[Rule, ...],
        at: datetime,
        customer: str | None,
        tier: str,
        channel: str | None,
        kept: Kept,
    ) -> None:
        self.kept = kept
        self.settings = settings
        self.road = settings.road
        self.today = settings.calendar.day_of(at)
        self.rules = [rule for rule in rules if {"backorders", "backorder_limit"} & rule.then.keys()]
        self.buyer = {"customer": customer, "tier": tier, "channel": channel}
        self.delivered_now = self.road.delivers_on(self.road.ships_on(self.today))
        # Many products share few days.
        self.there_on: dict[str | None, date | None] = {}
        self.delivers_on: dict[date, date] = {}
        self.latest_on = None if settings.latest_days is None else self.today + timedelta(days=settings.latest_days)

    def of(self, values: tuple[Any, ...]) -> Availability:
        """One product's row as it is shown."""
        sku, on_hand, reserved, lines, available_from, backorder, own_limit, category, lead_time_days, waiting, *_ = (
            values
        )
        may_wait, limit = self._terms(sku, category, backorder, own_limit)
        is_preorder = available_from is not None and available_from > self.today
        free_now = on_hand - reserved - self.kept.stock.get(sku, 0)
        steps, inbound, undated = self._steps(free_now, lines, available_from)
        limit_left = None if limit is None else max(0, limit - (waiting or 0))
        next_on = steps[0]["on"] if steps and (may_wait or free_now > 0) else None
        if next_on is None and may_wait and not undated and lead_time_days is not None and not is_preorder:
            arrives_on = self.today + timedelta(days=lead_time_days)
            next_on = self.road.delivers_on(self.road.ships_on(self.road.there_on(arrives_on)))
        is_in_time = self.latest_on is None or (next_on is not None and next_on <= self.latest_on)
        if is_preorder:
            status = "preorder" if (may_wait or free_now > 0) and is_in_time else "out_of_stock"
        elif free_now > 0 and is_in_time:
            status = "in_stock"
        else:
            status = "backorder" if may_wait and limit_left != 0 and is_in_time else "out_of_stock"
        if status == "out_of_stock":
            next_on = None
        return {
            "sku": sku,
            "status": status,
            "on_hand": on_hand,
            "reserved": reserved,
            "inbound": inbound,
            "atp": steps,
            "next_on": next_on,
            "backorder_limit_left": limit_left,
        }

    def _terms(self, sku: str, category: str, backorder: str, limit: int | None) -> tuple[bool, int | None]:
        """Whether units may wait, and how many of the product at the most."""
        if not self.rules:
            return (backorder or self.settings.backorders) == "allow", limit
        line = {"product": sku, "category": category or None, **self.buyer}
        won = resolve("backorders", self.settings.backorders, self.rules, line, product_value=backorder or None)
        most = resolve("backorder_limit", None, self.rules, line, product_value=limit)
        return won.value == "allow", most.value

    def _steps(self, free_now: int, lines: str | None, available_from: date | None) -> tuple[list[Step], int, int]:
        """Free units by day of delivery, cumulative; what is owed in all; free units that have no date."""
        by_day: dict[date, int] = {}
        if free_now > 0:
            by_day[self.delivered_now if available_from is None else self._delivers_on(self.today, available_from)] = (
                free_now
            )
        inbound = undated = 0
        if lines:
            inbound, undated = self._count_inbound(lines, available_from, by_day)
        if len(by_day) < 2:
            return [{"on": day, "units": units} for day, units in by_day.items()], inbound, undated
        days = sorted(by_day)
        totals = accumulate(by_day[day] for day in days)
        return [{"on": day, "units": units} for day, units in zip(days, totals, strict=True)], inbound, undated

    def _count_inbound(self, lines: str, available_from: date | None, by_day: dict[date, int]) -> tuple[int, int]:
        """Adds what inbound lines have free to `by_day`; what they owe in all, and what of it has no date."""
        inbound = undated = 0
        share = self.settings.inbound_share
        kept = self.kept.inbound
        for owed, pegged, expected, line in orjson.loads(lines):
            inbound += owed
            free = (owed if share == 1 else floor(owed * share)) - pegged - (kept.get(line, 0) if kept else 0)
            if free <= 0:
                continue
            if expected not in self.there_on:
                self.there_on[expected] = self._arrives_for(expected)
            there_on = self.there_on[expected]
            if there_on is None:
                undated += free
            else:
                day = self._delivers_on(there_on, available_from)
                by_day[day] = by_day.get(day, 0) + free
        return inbound, undated

    def _arrives_for(self, expected: str | None) -> date | None:
        """The day from which what is expected on a day can be allocated.

        A day that has passed is no date, also in the moment before its timer has been run.
        """
        arrives_on = date.fromisoformat(expected) if expected else None
        return None if arrives_on is None or arrives_on < self.today else self.road.there_on(arrives_on)

    def _delivers_on(self, there_on: date, available_from: date | None) -> date:
        there_on = max(there_on, available_from) if available_from else there_on
        if there_on not in self.delivers_on:
            self.delivers_on[there_on] = self.road.delivers_on(self.road.ships_on(there_on))
        return self.delivers_on[there_on]

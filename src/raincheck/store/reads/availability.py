"""What an order placed now could have of some products: shops ask for whole pages of them, many times a second.

One statement reads all of them. It counts the supply that no order is tied to: exactly what a newcomer gets who ranks
last. Where a ship-complete order holds stock that it could lend, or weights let newcomers overtake, an order may get
more than was said here, never less. Units that are kept for other tiers are left out.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from math import floor
from typing import Any, Final, TypedDict

import orjson

from raincheck.core.policy import Rule, resolve
from raincheck.core.settings import Settings
from raincheck.store.company import parsed_rules, parsed_settings
from raincheck.store.db import rows
from raincheck.store.inbound_share import share_of
from raincheck.store.reads.kept import Kept, kept_for_others
from raincheck.store.reads.kit_availability import (
    Contents,
    PartSupply,
    backordered_kits,
    contents_of_kits,
    first_kit_on,
    kits_by_day,
)
from raincheck.store.roads import roads_from_text


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
               SELECT coalesce(sum(g.units), 0)::bigint FROM peg g JOIN claim o ON o.id = g.claim_id
               WHERE g.product_id = p.id AND g.kind <> 'stock' AND o.kit_nr IS NULL) END,
           CASE WHEN w.nr = 1 THEN c.settings END, CASE WHEN w.nr = 1 THEN c.rules END,
           CASE WHEN w.nr = 1 THEN c.at END, CASE WHEN w.nr = 1 THEN c.tier END,
           CASE WHEN w.nr = 1 THEN c.has_protections END, CASE WHEN w.nr = 1 THEN c.hours END,
           CASE WHEN w.nr = 1 THEN c.has_kits END, v.by_site
    FROM unnest(string_to_array(%s, chr(31))) WITH ORDINALITY AS w (sku, nr)
    CROSS JOIN (
        SELECT (SELECT settings::text FROM company WHERE id = 1) AS settings,
               (SELECT json_agg(json_build_array(id, "when", "then") ORDER BY id) FROM policy_rule
                WHERE ended_at IS NULL)::text AS rules,
               EXISTS (SELECT 1 FROM policy_rule WHERE ended_at IS NULL AND "then" ? 'backorder_limit') AS has_limits,
               clock_timestamp() AS at, (SELECT tier FROM customer WHERE code = %s) AS tier,
               EXISTS (SELECT 1 FROM protection WHERE ended_at IS NULL) AS has_protections,
               EXISTS (SELECT 1 FROM kit_part) AS has_kits,
               (SELECT json_agg(json_build_array(id, timezone, cutoff, working_days)) FROM site
                WHERE cutoff IS NOT NULL OR working_days <> '')::text AS hours OFFSET 0) c
    LEFT JOIN product p ON p.sku = w.sku LEFT JOIN supplier s ON s.id = p.supplier_id
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(on_hand), 0)::bigint AS on_hand, coalesce(sum(reserved), 0)::bigint AS reserved,
               (json_agg(json_build_array(site_id, on_hand - reserved)) FILTER (WHERE c.hours IS NOT NULL))::text
                   AS by_site
        FROM stock_level WHERE product_id = p.id) v ON true
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_array(owed, pegged, expected_on, id, site_id))::text AS lines
        FROM inbound_line WHERE product_id = p.id AND owed > 0) i ON true
    ORDER BY w.nr
"""

_SPEAKING: Final = frozenset({"backorders", "backorder_limit", "latest_days", "inbound_share"})
"""The settings of rules that an answer depends on."""


def availability(skus: Sequence[str], customer: str | None = None, channel: str | None = None) -> list[Availability]:
    """The products with these SKUs, in their order; those that do not exist are left out. One query, where there are
    kits three more, and the books of products of which units are protected. A kit's figures are the kits that its parts
    make.

    `customer` and `channel` matter where a rule looks at them.
    """
    # One text is read quicker than an array of them; no SKU holds a control sign.
    found = rows(_SQL, ["\x1f".join(skus), customer])
    if not found:
        return []
    settings_text, rules_text, at, tier, has_protections, hours, has_kits, _ = found[0][10:]
    kits = contents_of_kits(skus) if has_kits else {}
    part_skus = sorted({part for contents in kits.values() for part, _ in contents})
    asked = _Asked(
        parsed_settings(settings_text or "{}"),
        parsed_rules(rules_text or "[]"),
        at,
        customer,
        tier or "standard",
        channel,
        kept_for_others([*skus, *part_skus], tier or "standard", at) if has_protections else Kept(),
        hours,
    )
    if kits:
        asked.parts = {values[0]: asked.supply(values) for values in rows(_SQL, ["\x1f".join(part_skus), customer])}
        asked.backordered_kits = backordered_kits(kits)
    return [
        asked.of_kit(values, kits[values[0]]) if values[0] in kits else asked.of(values)
        for values in found
        if values[5] is not None
    ]


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
        hours: str | None,
    ) -> None:
        self.kept, self.at = kept, at
        self.settings = settings
        self.road = settings.road
        self.today = settings.calendar.day_of(at)
        self.rules = [rule for rule in rules if _SPEAKING & rule.then.keys()]
        self.roads = roads_from_text(settings, hours) if hours else {}
        self.buyer = {"customer": customer, "tier": tier, "channel": channel}
        self.delivered_now = self.road.delivers_on(self.road.ships_on(self.today))
        # Many products share few days.
        self.parts: dict[str, PartSupply] = {}
        self.backordered_kits: dict[str, int] = {}
        self.there_on: dict[tuple[str | None, int], date | None] = {}
        self.delivers_on: dict[tuple[date, int], date] = {}

    def of(self, values: tuple[Any, ...]) -> Availability:
        """One product's row as it is shown."""
        sku, on_hand, reserved, lines, available_from, backorder, own_limit, category, lead_time_days, waiting, *_ = (
            values
        )
        may_wait, limit, latest_days, share = self._terms(sku, category, backorder, own_limit)
        is_preorder = available_from is not None and available_from > self.today
        free_now = on_hand - reserved - self.kept.stock.get(sku, 0)
        at_once = [(0, free_now)] if not self.roads else self._by_site(values[-1], self.kept.stock.get(sku, 0))
        steps, inbound, undated = self._steps(at_once, lines, share, available_from)
        limit_left = None if limit is None else max(0, limit - (waiting or 0))
        next_on = steps[0]["on"] if steps and (may_wait or free_now > 0) else None
        if next_on is None and may_wait and not undated and lead_time_days is not None and not is_preorder:
            arrives_on = self.today + timedelta(days=lead_time_days)
            next_on = self.road.delivers_on(self.road.ships_on(self.road.there_on(arrives_on)))
        latest_on = None if latest_days is None else self.today + timedelta(days=latest_days)
        is_in_time = latest_on is None or (next_on is not None and next_on <= latest_on)
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

    def supply(self, values: tuple[Any, ...]) -> PartSupply:
        """One row as the supply of a part of kits."""
        sku, on_hand, reserved, lines, available_from, backorder, limit, category, lead_time_days, *_ = values
        *_, share = self._terms(sku, category, backorder, limit)
        kept = self.kept.stock.get(sku, 0)
        free_now = on_hand - reserved - kept
        at_once = [(0, free_now)] if not self.roads else self._by_site(values[-1], kept)
        steps, _, _ = self._steps(at_once, lines, share, available_from)
        bought_on = None
        if lead_time_days is not None and (available_from is None or available_from <= self.today):
            there_on = self.road.there_on(self.today + timedelta(days=lead_time_days))
            bought_on = self.road.delivers_on(self.road.ships_on(there_on))
        by_day = [(step["on"], step["units"]) for step in steps]
        return PartSupply(on_hand, max(0, free_now), by_day, bought_on, available_from)

    def of_kit(self, values: tuple[Any, ...], contents: Contents) -> Availability:
        """One kit's row as it is shown: how many kits its parts make."""
        sku, _, _, _, available_from, backorder, own_limit, category, *_ = values
        may_wait, limit, latest_days, _ = self._terms(sku, category, backorder, own_limit)
        parts = self.parts
        first_on = max(
            [self.today, *(d for d in (available_from, *(parts[p].available_from for p, _ in contents)) if d)]
        )
        is_preorder = first_on > self.today
        not_before = self._delivers_on(0, first_on, None)
        on_hand = min(parts[part].on_hand // units for part, units in contents)
        free_now = min(parts[part].free_now // units for part, units in contents)
        steps = kits_by_day(contents, parts, not_before)
        next_on = first_kit_on(contents, parts) if may_wait or free_now > 0 else None
        next_on = None if next_on is None else max(next_on, not_before)
        limit_left = None if limit is None else max(0, limit - self.backordered_kits.get(sku, 0))
        latest_on = None if latest_days is None else self.today + timedelta(days=latest_days)
        if latest_on is not None and (next_on is None or next_on > latest_on):
            status = "out_of_stock"
        elif is_preorder:
            status = "preorder" if may_wait or free_now > 0 else "out_of_stock"
        elif free_now > 0:
            status = "in_stock"
        else:
            status = "backorder" if may_wait and limit_left != 0 else "out_of_stock"
        return {
            "sku": sku,
            "status": status,
            "on_hand": on_hand,
            "reserved": on_hand - min(on_hand, free_now),
            "inbound": 0,
            "atp": [{"on": on, "units": units} for on, units in steps],
            "next_on": None if status == "out_of_stock" else next_on,
            "backorder_limit_left": limit_left,
        }

    def _terms(
        self, sku: str, category: str, backorder: str, limit: int | None
    ) -> tuple[bool, int | None, int | None, Decimal]:
        """Whether units may wait, how many of the product at the most and how long, and an inbound's share for it."""
        settings = self.settings
        if not self.rules:
            return (backorder or settings.backorders) == "allow", limit, settings.latest_days, settings.inbound_share
        line = {"product": sku, "category": category or None, **self.buyer}
        won = resolve("backorders", self.settings.backorders, self.rules, line, product_value=backorder or None)
        most = resolve("backorder_limit", None, self.rules, line, product_value=limit)
        latest = resolve("latest_days", settings.latest_days, self.rules, line)
        return won.value == "allow", most.value, latest.value, share_of(settings, self.rules, sku, category)

    def _by_site(self, text: str | None, kept: int) -> list[tuple[int, int]]:
        """Free stock by site, the one that ships soonest first, less what is kept for others."""
        found = sorted(
            orjson.loads(text or "[]"), key=lambda row: (self._delivers_on(row[0], self.today, None), row[0])
        )
        free: list[tuple[int, int]] = []
        for site, units in found:
            taken = min(kept, units)
            kept -= taken
            free.append((site, units - taken))
        return free

    def _steps(
        self, at_once: list[tuple[int, int]], lines: str | None, share: Decimal, available_from: date | None
    ) -> tuple[list[Step], int, int]:
        """Free units by day of delivery, cumulative; what is owed in all; free units that have no date."""
        by_day: dict[date, int] = {}
        for site, free in at_once:
            if free > 0:
                plain = available_from is None and not self.roads
                day = self.delivered_now if plain else self._delivers_on(site, self.today, available_from)
                by_day[day] = by_day.get(day, 0) + free
        inbound = undated = 0
        if lines:
            inbound, undated = self._count_inbound(lines, share, available_from, by_day)
        if len(by_day) < 2:
            return [{"on": day, "units": units} for day, units in by_day.items()], inbound, undated
        days = sorted(by_day)
        totals = accumulate(by_day[day] for day in days)
        return [{"on": day, "units": units} for day, units in zip(days, totals, strict=True)], inbound, undated

    def _count_inbound(
        self, lines: str, share: Decimal, available_from: date | None, by_day: dict[date, int]
    ) -> tuple[int, int]:
        """Adds what inbound lines have free to `by_day`; what they owe in all, and what of it has no date."""
        inbound = undated = 0
        kept = self.kept.inbound
        for owed, pegged, expected, line, at_site in orjson.loads(lines):
            inbound += owed
            free = (owed if share == 1 else floor(owed * share)) - pegged - (kept.get(line, 0) if kept else 0)
            if free <= 0:
                continue
            site = at_site if at_site in self.roads else 0
            if (expected, site) not in self.there_on:
                self.there_on[expected, site] = self._arrives_for(expected, site)
            there_on = self.there_on[expected, site]
            if there_on is None:
                undated += free
            else:
                day = self._delivers_on(site, there_on, available_from)
                by_day[day] = by_day.get(day, 0) + free
        return inbound, undated

    def _arrives_for(self, expected: str | None, site: int) -> date | None:
        """The day from which what is expected on a day can be allocated.

        A day that has passed is no date, also in the moment before its timer has been run.
        """
        arrives_on = date.fromisoformat(expected) if expected else None
        road = self.roads.get(site, self.road)
        return None if arrives_on is None or arrives_on < self.today else road.there_on(arrives_on)

    def _delivers_on(self, site: int, there_on: date, available_from: date | None) -> date:
        there_on = max(there_on, available_from) if available_from else there_on
        if (there_on, site) not in self.delivers_on:
            road = self.roads.get(site, self.road)
            is_now = road.hours is not None and there_on == self.today
            ships_on = road.ships_on_from(self.at) if is_now else road.ships_on(there_on)
            self.delivers_on[there_on, site] = road.delivers_on(ships_on)
        return self.delivers_on[there_on, site]

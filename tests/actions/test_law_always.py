"""Whatever happens to a company under 16 CFR 435: every line ends as the law, stated by itself, says."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.actions.random_company import RandomCompany
from tests.actions.random_founding import LAWS, SELLERS
from tests.core.law_statement import FOR_EVER, Happening, may_ship_until, refund_by, shipping_time

from raincheck.store.db import rows
from raincheck.store.reads.audit import audit

pytestmark = pytest.mark.slow

FACTS = 90
UNDER_LAW = [number for number, law in enumerate(LAWS) if law == "us-ftc-435"]
SEEDS = range(*(int(bound) for bound in os.environ.get("RAINCHECK_COMPANIES", "0:10").split(":")))
_SAID = {"option": "late", "told": "news", "consent": "wait"}


def judged() -> list[str]:
    """What of the clocks, shipments and cancels on record the statement of the law disagrees with."""
    wrong: list[str] = []
    for clock, ref, sku, zone, due_on, by_on, vested_at, vested_by in rows(
        """SELECT k.id, o.ref, p.sku, k.zone, k.due_on, k.by_on, k.vested_at, k.vested_by FROM law_clock k
           JOIN order_line l ON l.id = k.line_id JOIN sales_order o ON o.id = l.order_id
           JOIN product p ON p.id = l.product_id
           WHERE k.regime = 'us-ftc-435' AND k.ended_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM law_event e WHERE e.clock_id = k.id AND e.kind = 'substituted')"""
    ):
        what = f"{ref} {sku}"
        story = story_of(clock)
        last_on = may_ship_until(due_on, story)
        if last_on != (by_on or FOR_EVER):
            wrong.append(f"{what}: may ship until {last_on}, the clock says {by_on}: {story}")
        if vested_by not in ("", "cancel", "refusal") and vested_at.astimezone(ZoneInfo(zone)).date() <= last_on:
            wrong.append(f"{what}: cancelled at {vested_at}, before {last_on} was over")
        for shipped_at in shipments_of(clock):
            on = shipped_at.astimezone(ZoneInfo(zone)).date()
            if on > may_ship_until(due_on, [h for h in story if h.on <= on]):
                wrong.append(f"{what}: shipped on {on}, too late: {story}")
    return wrong


def story_of(clock: int) -> list[Happening]:
    """What was said and answered, in the words of the statement."""
    found = rows(
        """SELECT kind, detail->>'on', detail->>'goes_on', detail->>'further_on', detail->>'further' = 'true'
           FROM law_event WHERE clock_id = %s ORDER BY id""",
        [clock],
    )
    return [
        Happening(
            date.fromisoformat(on),
            "further" if further else _SAID[kind],
            date.fromisoformat(day) if day else None,
            date.fromisoformat(until) if until and kind == "option" else None,
        )
        for kind, on, day, until, further in found
        if kind in _SAID
    ]


def misdated() -> list[str]:
    """Times and refunds that the statement of the law dates otherwise: by credit, and in the seller's working days."""
    wrong: list[str] = []
    holidays = {record.code: frozenset(record.holidays) for record in SELLERS}
    zones = {record.code: record.timezone for record in SELLERS}
    for ref, sku, zone, started_at, due_on, due_from, on_credit, vested_at, refund_due_on, seller in rows(
        """SELECT o.ref, p.sku, k.zone, k.started_at, k.due_on, k.due_from, coalesce(w.seller_credit, false),
                  k.vested_at, k.refund_due_on, coalesce(s.code, '')
           FROM law_clock k JOIN order_line l ON l.id = k.line_id JOIN sales_order o ON o.id = l.order_id
           JOIN product p ON p.id = l.product_id LEFT JOIN law_order w ON w.order_id = o.id
           LEFT JOIN seller s ON s.id = k.seller_id
           WHERE k.regime = 'us-ftc-435' AND NOT EXISTS (
               SELECT 1 FROM law_event e WHERE e.clock_id = k.id AND e.kind IN ('substituted', 'no_way_back'))"""
    ):
        started_on = started_at.astimezone(ZoneInfo(zone)).date()
        stated = due_on if due_from == "promise" else None
        if due_on != shipping_time(started_on, stated, seller_credit=on_credit):
            wrong.append(f"{ref} {sku}: due {due_on} from {due_from}")
        if vested_at is not None:
            vested_on = vested_at.astimezone(ZoneInfo(zones.get(seller) or "UTC")).date()
            if refund_due_on != refund_by(vested_on, holidays.get(seller, frozenset())):
                wrong.append(f"{ref} {sku}: money due {refund_due_on}, vested {vested_on}, sold by {seller}")
    return wrong


def shipments_of(clock: int) -> list[datetime]:
    """When units of the clock's line went to the carrier while it ran."""
    return [
        shipped_at
        for (shipped_at,) in rows(
            """SELECT s.shipped_at FROM law_clock k JOIN shipment_line sl ON sl.line_id = k.line_id AND sl.units > 0
               JOIN shipment s ON s.id = sl.shipment_id WHERE k.id = %s AND s.shipped_at >= k.started_at""",
            [clock],
        )
    ]


def overdue(company: RandomCompany) -> list[tuple[object, ...]]:
    """Open lines whose last day has passed and which the floor has not been asked to give back."""
    return rows(
        """SELECT o.ref, p.sku, k.cancels_at FROM law_clock k JOIN order_line l ON l.id = k.line_id
           JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           WHERE k.cancels_at <= %s AND k.ended_at IS NULL
             AND l.reserved + l.backordered + l.preordered > l.cancel_requested_units""",
        [company.at],
    )


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed % len(LAWS) in UNDER_LAW])
def test_every_line_ends_as_the_law_says(fresh_database: str, seed: int) -> None:
    company = RandomCompany(seed)
    company.open()
    for _ in range(FACTS):
        told = company.step()
        assert overdue(company) == [], f"seed {seed}, after: {told}"
    assert judged() == [], f"seed {seed}"
    assert misdated() == [], f"seed {seed}"
    assert audit() == [], f"seed {seed}"
    assert rows("SELECT count(*) FROM law_event WHERE kind = 'option'")[0][0], "nobody was ever asked: it shows nothing"

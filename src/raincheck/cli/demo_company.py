"""The demo company: loaded into an empty database by `raincheck demo`, in one transaction."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from raincheck.actions import catalogue as actions
from raincheck.actions.policies import add_policy
from raincheck.actions.run_timers import begin_days
from raincheck.cli.demo_data import floor, opinions, people, story
from raincheck.cli.demo_data.catalogue import (
    COLUMBUS,
    LANTERN,
    LATENESS_DAYS,
    PORTLAND,
    SITES,
    SUPPLIERS,
    opening_stock,
    products,
)
from raincheck.cli.demo_data.clock import ZONE, Clock
from raincheck.cli.demo_data.customers import CUSTOMERS
from raincheck.cli.demo_data.orders import FIRST_DAY, OrderBook
from raincheck.cli.demo_data.supply import Supply
from raincheck.core.settings import Settings
from raincheck.store.records import ProductRecord

NAME: Final = "Hearth & Trail"
SEED: Final = 7
# A changed date is told when it has stood for a day: what the floor ships on its next round is not called late.
SETTINGS: Final = Settings(
    timezone=str(ZONE),
    country="US",
    currency="USD",
    warehouse="manual",
    handling_days=1,
    transit_days=3,
    settle_minutes=24 * 60,
    feedback_days=2,
    card_payments=True,
    law="us-ftc-435",
)


def load(now: datetime | None = None) -> None:
    """Plays the company's last six weeks up to `now` (None: the present) into an empty database.

    The same instant gives the same company. All or nothing: whoever is stopped in between starts anew.
    """
    clock = Clock(now or datetime.now(UTC))
    with transaction.atomic():
        _found(clock)
        supply = Supply(clock)
        book = OrderBook(clock, SEED)
        announced_at = supply.plan_launch(_lantern(clock))
        supply.plan()
        story.add_orders(clock, book)
        book.add_everyday()
        book.add_launch(announced_at)
        book.plan()
        floor.plan_floor(clock)
        story.plan_events(clock, book.refs)
        floor.plan_this_morning(clock)
        opinions.plan_opinions(clock)
        clock.play()
        people.add_people()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def sign_ins() -> str:
    """The demo's sign-ins as text; empty where its people are not (any more) in the database."""
    usernames = [username for username, *_ in people.PEOPLE]
    known = get_user_model()._default_manager.filter(username__in=usernames, is_active=True).count()
    return people.sign_ins() if known == len(usernames) else ""


def _found(clock: Clock) -> None:
    """The company as it was six weeks ago."""
    at = clock.at(FIRST_DAY - 1, 6)
    actions.save_settings(SETTINGS, NAME, at, "admin")
    begin_days(at)
    actions.save_suppliers(SUPPLIERS)
    for supplier, days in LATENESS_DAYS.items():
        actions.record_lateness(supplier, days, clock.day(FIRST_DAY - 1))
    actions.save_sites(SITES, at)
    actions.save_customers(CUSTOMERS)
    actions.save_products(products(), at, "buyer")
    # Who orders the new lantern before it is on sale pays a quarter of it in advance.
    add_policy({"product": LANTERN}, {"charge": "deposit:0.25"}, at, "admin")
    for site in (PORTLAND, COLUMBUS):
        actions.set_stock(site, opening_stock(site), at, "lead")


def _lantern(clock: Clock) -> ProductRecord:
    """The new lantern, on sale in nine days."""
    return ProductRecord(
        LANTERN,
        "Ember Go lantern",
        Decimal("89.00"),
        "USD",
        "NORTHLIGHT",
        Decimal("39.50"),
        moq=12,
        pack=6,
        available_from=clock.working_day(9),
        category="Lighting",
        criticality="A",
        weight_g=540,
    )

"""What falls due: dates that pass, days that begin, parcels that go, changes that have settled.

A drill calls `run_due` with its virtual clock; live, the worker runs timer by timer (actions.keep_time).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from raincheck.actions.feedback import ask_for_feedback
from raincheck.actions.hold_basket import expire_baskets
from raincheck.actions.law_due import run_law, settle_with_options
from raincheck.actions.offer_substitute import end_offers
from raincheck.actions.remind_seller import remind_sellers
from raincheck.actions.run_pass import run_pass
from raincheck.actions.site_closing import move_on, products_at, watch_sites
from raincheck.store import inbound, parcels
from raincheck.store.card_cover import ask_missing, uncovered_parcels
from raincheck.store.card_requests import end
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.declines import decline_parcels, try_charge
from raincheck.store.locks import Locked, lock_products
from raincheck.store.order_state import move_on_expected
from raincheck.store.outbox import Outbox
from raincheck.store.roads import read_roads
from raincheck.store.timers import Due, TimerKind, clear, due_together, next_due, set_timers

DAY_PASS_PRODUCTS = 500
"""How many products one transaction of a beginning day locks at the most."""

MOST_TOGETHER = 500
"""How many timers of one instant one transaction takes at the most."""


def run_due(until: datetime, between: Callable[[datetime], bool] = lambda _: False) -> int:
    """Runs all timers that are due at an instant of virtual time, in order, each at its own; in how many facts.

    `between` does what has to be done up to an instant before the clock moves on, and says whether it did anything.
    """
    done = 0
    while True:
        timer = next_due(until)
        if between(timer.due_at if timer else until):
            continue
        if timer is None:
            return done
        run_timer(timer, timer.due_at)
        done += 1


def run_timer(timer: Due, at: datetime) -> None:
    """Acts on a timer and takes it away, in one transaction (a day that begins: in several, its timer last)."""
    _HANDLERS[timer.kind](timer, at)


def begin_days(at: datetime) -> None:
    """Starts the daily look at told dates (once for a company; starting it again does no harm)."""
    settings = read_settings()
    calendar = settings.calendar
    watch_sites(settings, at)
    set_timers([(calendar.start_of(calendar.day_of(at) + timedelta(days=1)), TimerKind.DAY, 0)])


def _run(timer: Due, at: datetime, products_sql: str | None, act: Callable[[list[int], Locked, Outbox], bool]) -> None:
    """Locks, takes away the timer and all of its kind and instant, acts; a pass follows if that changed something.

    What falls due together is one fact: an order of which two lines are late is told once.
    """
    with transaction.atomic():
        together = due_together(timer, MOST_TOGETHER)
        products = rows(products_sql, [[due.subject for due in together]]) if products_sql else []
        locked = lock_products((product for (product,) in products), at)
        subjects = clear(together)
        if not subjects:
            return
        kind = timer.kind.name.lower()
        outbox = Outbox(at, f"timer_{kind}", f"{kind}:{subjects[0]}", detail={"subjects": subjects})
        if act(subjects, locked, outbox):
            run_pass(locked, outbox)
        outbox.flush()


def _law(timer: Due, at: datetime) -> None:
    """Options and cancels by law. An option that falls due as a delay of its order settles is given with that delay.

    So the customer is asked once. What is cancelled by law now comes first: nobody hears of a delay of that.
    """
    while settle_with_options(due_together(timer, MOST_TOGETHER), at):
        pass
    run_law(timer, at)


def _payment(timer: Due, at: datetime) -> None:
    def try_again(orders: list[int], locked: Locked, outbox: Outbox) -> bool:
        settings = read_settings()
        tried = [try_charge(settings, order, outbox, locked.at) for order in orders]
        return any(tried)

    _run(timer, at, "SELECT DISTINCT product_id FROM claim WHERE order_id = ANY(%s) AND units > 0", try_again)


def _authorisation(timer: Due, at: datetime) -> None:
    """An authorisation has run out: what is on the floor, or could go, needs another one before it leaves."""
    _run(
        timer,
        at,
        """SELECT DISTINCT c.product_id FROM card_request r JOIN claim c ON c.order_id = r.order_id
           WHERE r.id = ANY(%s) AND c.units > 0""",
        lambda requests, locked, _outbox: bool(end(requests, locked.at)) and bool(locked.products),
    )


def _ship(timer: Due, at: datetime) -> None:
    def hand_over(shipments: list[int], locked: Locked, outbox: Outbox) -> bool:
        settings = read_settings()
        due = parcels.in_state(shipments, "released")
        decline_parcels(settings, due, outbox)
        waiting = parcels.in_state(due, "released")
        bare, lacking = uncovered_parcels(settings, waiting, locked.at)
        ask_missing(settings, lacking, outbox)
        if covered := [shipment for shipment in waiting if shipment not in bare]:
            parcels.hand_over(settings, outbox, covered, locked.at)
        return bool(due)

    _run(timer, at, "SELECT DISTINCT product_id FROM shipment_line WHERE shipment_id = ANY(%s)", hand_over)


def _deliver(timer: Due, at: datetime) -> None:
    def deliver(shipments: list[int], locked: Locked, outbox: Outbox) -> bool:
        arrived = parcels.in_state(shipments, "shipped")
        if arrived:
            parcels.deliver(outbox, arrived, locked.at)
        return False

    _run(timer, at, None, deliver)


def _supply(timer: Due, at: datetime) -> None:
    def pass_overdue(inbound_lines: list[int], locked: Locked, _outbox: Outbox) -> bool:
        settings = read_settings()
        return inbound.pass_overdue(settings, inbound_lines, settings.calendar.day_of(locked.at))

    _run(timer, at, "SELECT DISTINCT product_id FROM inbound_line WHERE id = ANY(%s)", pass_overdue)


def _just_pass(products_sql: str) -> Callable[[Due, datetime], None]:
    """A timer that only means: look at these products again."""

    def handle(timer: Due, at: datetime) -> None:
        _run(timer, at, products_sql, lambda _subjects, locked, _outbox: bool(locked.products))

    return handle


def _day(timer: Due, at: datetime) -> None:
    """A day begins: told dates that can no longer be met, and lead times that have run out, are looked at.

    So is what is wanted later and would leave too late, because handling or transit take longer than they did, and what
    lies at several sites: which of them serves may depend on the day.
    """
    settings = read_settings()
    today = settings.calendar.day_of(at)
    earliest_on = settings.road.delivers_on(settings.road.ships_on(today))
    broken = rows(
        """SELECT product_id FROM claim WHERE units > 0 AND told_on < %s AND pending_since IS NULL
           UNION
           SELECT c.product_id FROM claim c
           JOIN product p ON p.id = c.product_id JOIN supplier s ON s.id = p.supplier_id
           WHERE c.units > 0 AND c.lead_time_from + s.lead_time_days < %s AND EXISTS (
               SELECT 1 FROM peg g WHERE g.product_id = c.product_id AND g.claim_id = c.id AND g.kind = 'lead_time')
           UNION
           SELECT c.product_id FROM timer m JOIN sales_order o ON o.id = m.subject_id JOIN claim c ON c.order_id = o.id
           WHERE m.kind = %s AND c.units > 0 AND o.wanted_on <= %s
           UNION
           SELECT s.product_id FROM stock_level s
           WHERE s.on_hand > 0 AND EXISTS (SELECT 1 FROM claim c WHERE c.product_id = s.product_id AND c.units > 0)
           GROUP BY s.product_id HAVING count(*) > 1
           ORDER BY 1""",
        [earliest_on, today, int(TimerKind.WANTED), settings.road.wanted_until(today)],
    )
    roads = read_roads(settings)
    by_hours = products_at(roads, today) if roads else []
    _pass_over(sorted({product for (product,) in broken} | set(by_hours)), at, "day_began", f"day:{today.isoformat()}")
    with transaction.atomic():
        move_on(settings, roads, at)
        remind_sellers(settings, at)
        if clear([timer]):
            begin_days(at)


def _closing(timer: Due, at: datetime) -> None:
    """A site begins or stops to hand over: what it has may serve sooner or later than what others have."""
    settings = read_settings()
    roads = {site: road for site, road in read_roads(settings).items() if site == timer.subject}
    _pass_over(products_at([timer.subject], settings.calendar.day_of(at)), at, "site_hours", f"site:{timer.subject}")
    with transaction.atomic():
        if settings.warehouse == "automatic":
            for site, road in roads.items():
                move_on_expected(road.delivers_on(road.ships_on_from(at)), [site], but_not=False)
        if clear([timer]):
            watch_sites(settings, at, roads)


def _pass_over(products: list[int], at: datetime, verb: str, subject: str) -> None:
    """A pass over products, so many in one transaction."""
    for start in range(0, len(products), DAY_PASS_PRODUCTS):
        with transaction.atomic():
            locked = lock_products(products[start : start + DAY_PASS_PRODUCTS], at)
            outbox = Outbox(at, verb, subject)
            run_pass(locked, outbox)
            outbox.flush()


_HANDLERS: dict[TimerKind, Callable[[Due, datetime], None]] = {
    TimerKind.LAW: _law,
    TimerKind.PAYMENT: _payment,
    TimerKind.AUTHORISATION: _authorisation,
    TimerKind.SHIP: _ship,
    TimerKind.DELIVER: _deliver,
    TimerKind.SUPPLY: _supply,
    TimerKind.AVAILABLE: _just_pass(
        """WITH them AS (SELECT unnest(%s::bigint[]) AS id)
           SELECT id FROM them
           UNION SELECT c.product_id FROM claim c JOIN order_line l ON l.id = c.line_id
           WHERE c.kit_nr IS NOT NULL AND c.units > 0 AND l.product_id IN (SELECT id FROM them)"""
    ),
    TimerKind.WANTED: _just_pass("SELECT DISTINCT product_id FROM claim WHERE order_id = ANY(%s) AND units > 0"),
    TimerKind.GROUP: _just_pass(
        "SELECT DISTINCT product_id FROM claim WHERE order_id = ANY(%s) AND is_complete AND units > 0"
    ),
    TimerKind.OVERDUE: _just_pass("SELECT DISTINCT product_id FROM inbound_line WHERE id = ANY(%s) AND owed > 0"),
    TimerKind.BASKET: lambda timer, at: expire_baskets([timer], at),
    TimerKind.OFFER: lambda timer, at: end_offers(due_together(timer, MOST_TOGETHER), at),
    TimerKind.CLOSING: _closing,
    TimerKind.DAY: _day,
    TimerKind.PARCEL: _just_pass(
        "SELECT DISTINCT product_id FROM claim WHERE order_id = ANY(%s) AND has_parcel_terms AND units > 0"
    ),
    TimerKind.FEEDBACK: ask_for_feedback,
    TimerKind.SETTLE: _just_pass("SELECT DISTINCT product_id FROM claim WHERE id = ANY(%s) AND units > 0"),
}

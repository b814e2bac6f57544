"""A small company for tests of the console: one of each case, made through the real actions, dated from today."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.auth.models import Group, User

from raincheck.actions.ask_lab import ask_book_optimum, ask_comparison
from raincheck.actions.ask_optimum import ask_optimum
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.carry_interest import carry_next
from raincheck.actions.catalogue import (
    save_customers,
    save_products,
    save_settings,
    save_sites,
    save_suppliers,
    set_stock,
)
from raincheck.actions.deliver_webhook import Answer, deliver_next
from raincheck.actions.floor import deliver, pack, pick, ship
from raincheck.actions.hold_order import hold_order
from raincheck.actions.note_interest import note_interest
from raincheck.actions.permissions import Role
from raincheck.actions.place_order import place_order
from raincheck.actions.policies import add_policy
from raincheck.actions.purchase import PurchaseRequest, purchase, reschedule
from raincheck.actions.rebalance_preview import preview
from raincheck.actions.reconcile import reconcile_file
from raincheck.actions.run_lab import end_run, fail_run, take_run
from raincheck.actions.run_timers import run_due
from raincheck.actions.save_shop import save_shop
from raincheck.actions.sync_roles import sync_roles
from raincheck.actions.take_bounce import BounceKind, BounceReport, take_bounce
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.actions.webhooks import add_endpoint, send_test
from raincheck.cli.optimum import as_json
from raincheck.core.reconcile import Settled
from raincheck.core.settings import Settings
from raincheck.core.strategy import Request, Segment, Strategy
from raincheck.core.tracking import Tracking
from raincheck.drill.comparing import compare, to_compare
from raincheck.gateways.mail import Mailbox
from raincheck.notices.interest import InterestCarrier, word
from raincheck.notices.outbox import drain
from raincheck.store.deliveries import queue_text
from raincheck.store.reads.shop import ShopSettings
from raincheck.store.records import CustomerRecord, ProductRecord, SiteRecord, SupplierRecord
from raincheck.web.lab_drills import example, title_of

PASSWORD = "a-Rather-long-one"
GTIN_OF_LAMP = "5012345600001"


def found_company(now: datetime | None = None) -> None:
    """Makes the company and one person for each role. Everything happened within the last twenty days."""
    now = now or datetime.now(UTC).replace(microsecond=0)
    _catalogue(now - timedelta(days=20))
    _purchases(now)
    _orders(now)
    # What fell due meanwhile: overdue trucks, dates that settled.
    run_due(now)
    add_books(now)
    add_people()
    add_lab_runs()
    add_webhooks(now)
    add_interests()
    preview(Request((Segment({"order": "SO-HELD"}, Strategy.GAIN), Segment({}, Strategy.REDISTRIBUTE))), actor="buyer")


def add_people() -> None:
    """One person for each role, called after it."""
    sync_roles()
    for role in Role:
        user = User(username=username_of(role), first_name=role.value.title())
        user.set_password(PASSWORD)
        user.save()
        user.groups.add(Group.objects.get(name=role.value))


def add_webhooks(now: datetime) -> None:
    """A shop that listens and fails in the end, a book-keeper; what customers got by mail and text."""
    endpoint = add_endpoint("https://shop.example/hooks/raincheck", ["*"], "web shop", at=now).id
    add_endpoint("https://books.example/hooks", ["order.charged", "order.refunded"], at=now)
    for answer in (Answer(True, 200, "thank you"), Answer(False, 500, "out of order"), Answer(False, 410, "gone")):
        send_test(endpoint, now)
        deliver_next(endpoint, lambda *_, answer=answer: answer, now + timedelta(minutes=1))
    drain(Mailbox(), now)
    take_bounce(BounceReport(BounceKind.SOFT, "<forged@shop.example>"), "a mail service", now)
    queue_text(2, "+12125550100", "Field & Hearth: your order is delayed.", now)


def add_interests() -> None:
    """Two who want to hear when a lamp is back: one is asked first, the other's mail came back before."""
    save_shop(ShopSettings(confirms_interest=True))
    note_interest("LAMP", "dora@example.com", 2, "de")
    note_interest("LAMP", "gone@example.com")
    save_shop(ShopSettings())
    take_mail = InterestCarrier(Mailbox()).send
    while carry_next(word, take_mail) is not None:
        pass


def add_books(now: datetime) -> None:
    """A card processor's file that knows of a charge which the ledger has not."""
    charge = Settled(2, "", "ch_3Qx7Lw", "capture", "SO-READY", Decimal("19.00"), "GBP", Decimal("0.85"), now)
    reconcile_file([charge], "march.csv", actor="reconcile")


def add_lab_runs() -> None:
    """A comparison, an optimum, a run that failed, and one that waits for a worker."""
    drill, variants = example("surge"), "- {title: All at once, settings: {ship: complete}}\n"
    ask_comparison(title_of(drill), drill, variants, from_live=False, actor="buyer")
    task = take_run()
    assert task is not None
    with TemporaryDirectory() as folder:
        file = Path(folder) / "drill.yaml"
        file.write_text(drill)
        end_run(task, compare(to_compare([file], ["ship=complete", "backorders=deny"])))
    ask_book_optimum("LAMP", actor="buyer")
    task = take_run()
    assert task is not None
    end_run(task, as_json(ask_optimum(["LAMP"])))
    ask_comparison("A drill with a fault", "drill: 1\n", variants, from_live=True)
    task = take_run()
    assert task is not None
    fail_run(task, "drill.yaml:1: needs `starts`")
    ask_comparison("The next 30 days", "drill: 1\n", variants, from_live=True)


def username_of(role: Role) -> str:
    """The person of a role."""
    return role.value.replace(" ", "-")


def order(
    ref: str, lines: dict[str, int], at: datetime, customer: str | None = "maple", ship: str | None = None
) -> None:
    """Places an order."""
    asked = tuple(AskedLine(sku, units) for sku, units in lines.items())
    place_order(OrderRequest(ref, asked, customer, "web", ship=ship), at=at, actor="shop")


def _catalogue(at: datetime) -> None:
    settings = Settings(timezone="Europe/London", country="GB", currency="GBP", warehouse="manual", transit_days=2)
    save_settings(settings, "Northlight Supply", at=at)
    save_sites([SiteRecord("leeds", "Leeds", "GB", "LS1"), SiteRecord("bristol", "Bristol", "GB", "BS1")])
    save_suppliers(
        [
            SupplierRecord("halden", "Halden Lighting", "DE", "orders@halden.example", 14),
            SupplierRecord("osprey", "Osprey Textiles", "PT", "sales@osprey.example"),
        ]
    )
    save_products(
        [
            ProductRecord(
                "LAMP",
                "Arc floor lamp",
                Decimal(189),
                "GBP",
                "halden",
                criticality="A",
                gtin=GTIN_OF_LAMP,
                style="Arc",
                size="floor",
                colour="brass",
            ),
            ProductRecord("THROW", "Linen throw, sage", Decimal(64), "GBP", "osprey", category="Textiles"),
            ProductRecord("MUG", "Stoneware mug", Decimal("9.50"), "GBP"),
            ProductRecord(
                "SHADE",
                "Pendant shade",
                Decimal(120),
                "GBP",
                "halden",
                available_from=_day(at, 40),
                style="Arc",
                size="pendant",
                colour="white",
            ),
            ProductRecord("TOWEL", "Bath towel", Decimal(24), "GBP", "osprey", backorder="deny"),
        ],
        at=at,
    )
    save_customers(
        [
            CustomerRecord("maple", "Maple & Co", "orders@maple.example", tier="gold", country="GB", postcode="M1 1AA"),
            CustomerRecord("ivy", "Ivy Interiors", "hello@ivy.example", tier="standard", country="GB"),
            CustomerRecord("walkin", "Walk-in"),
        ]
    )
    set_stock("leeds", {"LAMP": 6, "THROW": 4, "TOWEL": 2, "MUG": 30}, at=at)
    set_stock("bristol", {"LAMP": 2}, at=at)
    add_policy({"customer": "ivy"}, {"ship": "complete"}, at=at)


def _purchases(now: datetime) -> None:
    def write(po: str, supplier: str, lines: dict[str, int], due_days: int, state: str = "confirmed") -> None:
        request = PurchaseRequest(po, supplier, "leeds", lines, _day(now, due_days), state)
        purchase(request, at=now - timedelta(days=18), actor="bea")

    write("PO-LATE", "osprey", {"THROW": 20}, -3)
    write("PO-TODAY", "halden", {"LAMP": 10, "MUG": 12}, 0)
    write("PO-SOON", "halden", {"LAMP": 12}, 6)
    write("PO-SENT", "halden", {"SHADE": 25}, 20, "sent")
    write("PO-MOVED", "osprey", {"THROW": 5}, 9)
    reschedule("PO-MOVED", _day(now, 12), at=now - timedelta(days=4), actor="bea")


def _orders(now: datetime) -> None:
    def days_ago(days: float) -> datetime:
        return now - timedelta(days=days)

    order("SO-GONE", {"MUG": 3}, days_ago(15), "ivy", ship="available")
    pick("SO-GONE", at=days_ago(14.9), actor="sam")
    pack("SO-GONE", at=days_ago(14.8), actor="sam")
    ship("SO-GONE", at=days_ago(14.7), actor="sam", tracking=Tracking("Royal Mail", "AB123456789GB"))
    deliver("SO-GONE", at=days_ago(12.7))
    order("SO-LATE", {"THROW": 9}, days_ago(14))
    order("SO-MIXED", {"LAMP": 10, "MUG": 2}, days_ago(9))
    order("SO-READY", {"MUG": 5}, days_ago(8), "walkin")
    order("SO-WHOLE", {"LAMP": 3, "MUG": 1}, days_ago(7), "ivy")
    order("SO-NODATE", {"THROW": 30}, days_ago(6), None)
    order("SO-PRE", {"SHADE": 4}, days_ago(5))
    order("SO-REFUSED", {"TOWEL": 9}, days_ago(4), "walkin")
    order("SO-HELD", {"LAMP": 4}, days_ago(3))
    hold_order("SO-HELD", at=days_ago(2.9), actor="bea")
    order("SO-STOP", {"MUG": 4}, days_ago(2), "walkin")
    pick("SO-STOP", at=days_ago(1.9), actor="sam")
    cancel_order("SO-STOP", at=days_ago(1.8), actor="bea")
    order("SO-PICKED", {"MUG": 2}, days_ago(1), "walkin")
    pick("SO-PICKED", at=days_ago(0.9), actor="sam")


def _day(now: datetime, days: int) -> date:
    return now.date() + timedelta(days=days)

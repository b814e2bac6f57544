"""What happens to single orders: what a person who opens the demo finds within a minute."""

from datetime import datetime

from raincheck.actions import floor
from raincheck.actions.cancel_order import BY_SELLER, cancel_order
from raincheck.actions.change_order import change_order
from raincheck.actions.hold_order import hold_order, release_order
from raincheck.actions.move_stock import return_goods
from raincheck.cli.demo_data.catalogue import (
    BLANKET,
    BOWL,
    HEADLAMP,
    KETTLE,
    LAMP,
    MUG,
    OVEN,
    PACK,
    PAPER_LANTERN,
    SKILLET,
    TENT,
    shirt,
)
from raincheck.cli.demo_data.clock import Clock
from raincheck.cli.demo_data.orders import OrderBook


def add_orders(clock: Clock, book: OrderBook) -> None:
    """Orders that the story needs."""
    at, ago = clock.at, clock.ago
    # Served from two sites: backpacks lie in Portland alone, ovens in Columbus.
    book.add("two sites", at(-38, 10), "Priya Raman", {PACK: 1, OVEN: 1})
    # Comes back: one mug broken on the way, one blanket that is not the right colour.
    book.add("broken mug", at(-31, 12), "Wren Castellano", {MUG: 4, "PLT-ENAMEL": 4})
    book.add("wrong colour", at(-26, 15), "Theo Lindqvist", {BLANKET: 1})
    # Tents for all cabins: the shelf is empty after them, and the next come in three weeks.
    book.add("cabins", at(-16, 9), "Lakeside Cabins", {TENT: 14, "MAT-FELL": 10}, channel="phone")
    # Waits until all of it is here, because the inn wants one delivery: the ovens come next week.
    book.add("inn", at(-9, 11), "Harlow Inn", {BLANKET: 8, MUG: 12, OVEN: 3}, ship="complete", channel="phone")
    # Waits too, but for tents in three weeks: meanwhile its lights are lent to those who can have them today.
    book.add("wedding", at(-7, 14), "Marlow Events", {TENT: 2, "STR-LIGHTS": 12}, ship="complete", channel="phone")
    # More kettles than may wait: eight at the most, the rest is refused.
    book.add("kettles", at(-12, 10), "Juniper Street Café", {KETTLE: 12})
    book.add("more kettles", at(-6, 13), "The Gray Barn", {KETTLE: 6, "APR-CANVAS": 4})
    # The last paper lanterns, and who came too late for them.
    book.add("party", at(-22, 17), "Marlow Events", {PAPER_LANTERN: 9, "CND-PINE": 12})
    book.add("too late", at(-10, 18), "Camille Arceneaux", {PAPER_LANTERN: 4, "CND-PINE": 2})
    # Nobody knows when the potter fires again.
    book.add("bowls", at(-15, 12), "Stillwater Lodge", {BOWL: 12, "VAS-STONE": 2}, channel="phone")
    # Lamps and skillets that wait for the late truck and for the rest of the short one.
    book.add("scouts", at(-13, 19), "Northgate Scouts", {HEADLAMP: 10, LAMP: 4})
    book.add("outfitters", at(-11, 9), "Cedar Falls Outfitters", {LAMP: 8, SKILLET: 12}, channel="phone")
    book.add("lodge", at(-8, 10), "Stillwater Lodge", {SKILLET: 10, "STV-SUMMIT": 2}, channel="phone")
    # Throws that today's truck brings.
    book.add("throws", at(-6, 16), "The Gray Barn", {"THR-LINEN": 8, "CSH-LOOM": 4}, channel="phone")
    # The last shirts of a size and colour, and who waits for one while the other colour lies here.
    book.add("shirts", at(-12, 19), "Otis Fairbanks", {shirt("moss", "M"): 2, shirt("slate", "L"): 1})
    book.add("last shirt", at(-6, 20), "Nadia Petrov", {shirt("moss", "M"): 1, shirt("moss", "L"): 1})
    book.add("no shirt", at(-3, 19), "Theo Lindqvist", {shirt("moss", "M"): 1})
    # Wants more, wants less, wants out.
    book.add("wants more", at(-10, 9), "Dana Whitlock", {LAMP: 1, "STV-TWIG": 1})
    book.add("wants less", at(-9, 20), "Ingrid Solberg", {SKILLET: 3, "TWL-WAFFLE": 1})
    book.add("wants out", at(-9, 21), "Marcus Bell", {LAMP: 2})
    book.add("not to be had", at(-20, 21), "Delia Marchetti", {BOWL: 3, "CSH-LOOM": 2})
    # On hold until somebody has spoken with the customer.
    book.add("held", at(-1, 17), "Fern Hollow Farm", {"STR-LIGHTS": 6, "BLK-FIELD": 6, "LOG-CARRY": 4})
    # Its card has no funds: the units are kept for three days while it is tried again.
    book.add("no funds", at(-2, 13), "Lena Fischbach", {"CSH-LOOM": 1, "CND-PINE": 2}, card="tok_insufficient_funds")
    # Its card was authorised when it was placed; it lay on hold for so long that a new authorisation was needed.
    book.add("long hold", at(-12, 11), "Gus Anderholt", {"BLK-FIELD": 1, "CND-PINE": 1}, card="tok_visa")
    # Today on the floor: one shelf has less than it should, and one order is cancelled while it is in the tote.
    book.add("short pick", at(-1, 18), "Callum Reid", {"BTL-STEEL": 4, "PLT-ENAMEL": 4})
    book.add("stopped", at(-1, 19), "Hana Novak", {"TWL-WAFFLE": 2, "CND-PINE": 3})
    book.add("just now", ago(minutes=18), "Beatriz Fonseca", {LAMP: 2, "BTL-STEEL": 1, "CND-PINE": 2})


def plan_events(clock: Clock, refs: dict[str, str]) -> None:
    """What happens to them."""
    plan, at, ago = clock.plan, clock.at, clock.ago
    plan(at(-21, 11), lambda t: return_goods(refs["broken mug"], {MUG: 1}, "damaged", t, "service"))
    plan(at(-17, 16), lambda t: return_goods(refs["wrong colour"], {BLANKET: 1}, "good", t, "service"))
    plan(at(-5, 10), lambda t: cancel_order(refs["not to be had"], {BOWL: 3}, t, "service", BY_SELLER))
    plan(at(-4, 9), lambda t: change_order(refs["wants more"], {LAMP: 3}, t, "service"))
    plan(at(-4, 12), lambda t: change_order(refs["wants less"], {SKILLET: 1}, t, "service"))
    plan(at(-2, 20), lambda t: cancel_order(refs["wants out"], None, t, "service"))
    plan(at(-1, 17, 20), lambda t: hold_order(refs["held"], t, "sales"))
    plan(at(-12, 11, 20), lambda t: hold_order(refs["long hold"], t, "sales"))
    plan(ago(minutes=50), lambda t: release_order(refs["long hold"], t, "sales"))
    plan(ago(hours=1, minutes=25), lambda t: _pick_short(refs["short pick"], t))
    plan(ago(hours=1, minutes=15), lambda t: floor.pick(refs["stopped"], at=t, actor="warehouse"))
    plan(ago(minutes=34), lambda t: cancel_order(refs["stopped"], None, t, "service"))


def _pick_short(ref: str, at: datetime) -> None:
    """The picker finds three of four bottles: the shelf has to be counted."""
    floor.pick(ref, {"BTL-STEEL": 3, "PLT-ENAMEL": 4}, at=at, actor="warehouse")

"""Purchase orders and transfers of six weeks: most as agreed, one short, one late, one cut by its supplier."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from raincheck.actions import purchase as purchases
from raincheck.actions.catalogue import save_products
from raincheck.actions.move_stock import count, transfer
from raincheck.actions.purchase import PurchaseRequest
from raincheck.actions.receive import Receipt, receive
from raincheck.cli.demo_data.catalogue import (
    BLANKET,
    BOWL,
    COLUMBUS,
    HEADLAMP,
    LAMP,
    LANTERN,
    MUG,
    OVEN,
    PACK,
    PORTLAND,
    SKILLET,
    TENT,
)
from raincheck.cli.demo_data.clock import Clock
from raincheck.store.records import ProductRecord

LAUNCH_DAYS: Final = -14


class Supply:
    """Plans what suppliers do."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def plan(self) -> None:
        """All of it."""
        self._as_agreed()
        self._short()
        self._late()
        self._to_come()
        self._transfers_and_counts()

    def plan_launch(self, lantern: ProductRecord) -> datetime:
        """The new lantern: announced two weeks ago with 96 on order; last week its maker could confirm only 60."""
        clock = self._clock
        announced_at = clock.at(LAUNCH_DAYS, 9)
        due_on = clock.working_day(7)
        clock.plan(announced_at, lambda at: save_products([lantern], at, "buyer"))
        self._order("PO-2044", "NORTHLIGHT", PORTLAND, LAUNCH_DAYS, {LANTERN: 96}, due_on)
        clock.plan(
            clock.at(-5, 8, 40), lambda at: purchases.confirm("PO-2044", due_on, {LANTERN: 60}, at=at, actor="buyer")
        )
        return announced_at

    def _as_agreed(self) -> None:
        for po, supplier, site, days, lines in (
            ("PO-2031", "KILNLOOM", COLUMBUS, -33, {"CND-PINE": 48, "TWL-WAFFLE": 24}),
            ("PO-2032", "IRONWOOD", COLUMBUS, -27, {"STV-SUMMIT": 24, "KNF-CAMP": 18, OVEN: 6}),
            ("PO-2033", "SUNDARA", PORTLAND, -23, {MUG: 60, "BTL-STEEL": 48, "PCK-DAY18": 24}),
            ("PO-2034", "ALPENWERK", PORTLAND, -17, {"MAT-FELL": 24, "BAG-TARN": 12, PACK: 12}),
            ("PO-2036", "KILNLOOM", COLUMBUS, -9, {BLANKET: 24, "BLK-FIELD": 12}),
            ("PO-2037", "SUNDARA", PORTLAND, -8, {"PLT-ENAMEL": 60, MUG: 24}),
        ):
            due_on = self._clock.working_day(days)
            self._order(po, supplier, site, days - 14, lines, due_on)
            self._receive(po, due_on, lines)

    def _short(self) -> None:
        """48 skillets were due last week. 30 came, two were cracked, the forge owes 16."""
        due_on = self._clock.working_day(-6)
        self._order("PO-2035", "IRONWOOD", COLUMBUS, -20, {SKILLET: 48, "AXE-KINDLE": 12}, due_on)
        self._receive("PO-2035", due_on, {SKILLET: 30, "AXE-KINDLE": 12}, {SKILLET: 2})
        again_on = self._clock.working_day(8)
        self._clock.plan(
            self._clock.on(due_on, 16), lambda at: purchases.reschedule("PO-2035", again_on, at=at, actor="buyer")
        )

    def _late(self) -> None:
        """A truck with lamps should have been here four days ago, or a little longer."""
        due_on = self._clock.working_day_before(-4)
        self._order("PO-2038", "NORTHLIGHT", PORTLAND, -38, {LAMP: 36, HEADLAMP: 30, "TRC-POCKET": 48}, due_on)

    def _to_come(self) -> None:
        clock = self._clock
        self._order("PO-2040", "IRONWOOD", COLUMBUS, -8, {OVEN: 18, "STV-TWIG": 12}, clock.working_day(6))
        self._order("PO-2042", "ALPENWERK", PORTLAND, -6, {TENT: 24, "BAG-MEADOW": 12}, clock.working_day(22))
        self._order("PO-2043", "KILNLOOM", COLUMBUS, -10, {"THR-LINEN": 18, "CND-PINE": 48}, clock.working_day(0))
        self._write("PO-2045", "NORTHLIGHT", PORTLAND, -5, {"STR-LIGHTS": 48, HEADLAMP: 24}, None, "sent")
        self._write("PO-2046", "KILNLOOM", COLUMBUS, -4, {BLANKET: 24, "PIL-CLOUD": 24}, clock.working_day(9), "sent")
        self._write("PO-2047", "SUNDARA", PORTLAND, -1, {MUG: 72, "PCK-DAY18": 24}, None, "draft")

    def _transfers_and_counts(self) -> None:
        clock = self._clock
        clock.plan(
            clock.at(-20, 9),
            lambda at: transfer("T-300", COLUMBUS, PORTLAND, clock.day(-17), {"AXE-KINDLE": 6}, at, "lead"),
        )
        clock.plan(
            clock.at(-17, 11), lambda at: receive(Receipt({"AXE-KINDLE": 6}, {}, "transfer", "T-300"), at, "warehouse")
        )
        clock.plan(
            clock.at(-2, 9),
            lambda at: transfer("T-301", PORTLAND, COLUMBUS, clock.working_day(2), {PACK: 8}, at, "lead"),
        )
        clock.plan(clock.at(-11, 8), lambda at: count(PORTLAND, {"VAS-STONE": 15, "BSK-WILLOW": 16}, at, "lead"))
        clock.plan(clock.at(-25, 8), lambda at: receive(Receipt({BOWL: 4}, {}, site=PORTLAND), at, "warehouse"))

    def _order(self, po: str, supplier: str, site: str, days: int, lines: Mapping[str, int], due_on: date) -> None:
        """Written at nine, confirmed by the supplier the next morning."""
        clock = self._clock
        self._write(po, supplier, site, days, lines, due_on, "sent")
        clock.plan(clock.at(days + 1, 8, 30), lambda at: purchases.confirm(po, due_on, at=at, actor="buyer"))

    def _write(
        self, po: str, supplier: str, site: str, days: int, lines: Mapping[str, int], due_on: date | None, state: str
    ) -> None:
        request = PurchaseRequest(po, supplier, site, lines, due_on, state)
        self._clock.plan(self._clock.at(days, 9, 10), lambda at: purchases.purchase(request, at, "buyer"))

    def _receive(self, po: str, day: date, lines: Mapping[str, int], damaged: Mapping[str, int] | None = None) -> None:
        receipt = Receipt(lines, damaged or {}, "purchase", po)
        self._clock.plan(self._clock.on(day, 11, 20), lambda at: receive(receipt, at, "warehouse"))

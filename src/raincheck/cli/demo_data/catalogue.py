"""What Hearth & Trail sells, where it lies, and who supplies it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from raincheck.store.records import ProductRecord, SiteRecord, SupplierRecord

PORTLAND, COLUMBUS = "PDX", "CMH"

SITES: Final = (
    SiteRecord(PORTLAND, "Portland", "US", "97210", 45.54, -122.71, "America/Los_Angeles"),
    SiteRecord(COLUMBUS, "Columbus", "US", "43207", 39.90, -82.97, "America/New_York"),
)

SUPPLIERS: Final = (
    SupplierRecord("NORTHLIGHT", "Northlight Electric", "TW", "orders@northlight.example", 35),
    SupplierRecord("ALPENWERK", "Alpenwerk Textil", "AT", "verkauf@alpenwerk.example", 28),
    SupplierRecord("IRONWOOD", "Ironwood Forge", "US", "desk@ironwood.example", 14),
    SupplierRecord("KILNLOOM", "Kiln & Loom", "US", "hello@kilnandloom.example", 10),
    SupplierRecord("SUNDARA", "Sundara Trading", "IN", "export@sundara.example", 30),
)
# Days late of past deliveries. Sundara is new and has no record yet.
LATENESS_DAYS: Final = {
    "NORTHLIGHT": (0, 2, 4, 4, 6, 9),
    "ALPENWERK": (0, 0, 1, 2, 3, 5),
    "IRONWOOD": (0, 0, 0, 1, 1),
    "KILNLOOM": (0, 0, 0, 0, 2),
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A product with its opening stock at both sites and its pull: how often it is asked for, in shares of all."""

    sku: str
    name: str
    price: str
    supplier: str
    category: str
    portland: int
    columbus: int
    pull: int
    criticality: str = "B"
    weight_g: int = 500

    def record(self) -> ProductRecord:
        """The catalogue's record. Hearth & Trail pays 46 % of its price for what it sells."""
        price = Decimal(self.price)
        return ProductRecord(
            sku=self.sku,
            name=self.name,
            price=price,
            currency="USD",
            supplier=self.supplier or None,
            cost=(price * Decimal("0.46")).quantize(Decimal("0.01")),
            moq=12 if self.supplier else None,
            pack=6 if self.supplier else None,
            category=self.category,
            criticality=self.criticality,
            weight_g=self.weight_g,
        )


LANTERN, LAMP, HEADLAMP = "LAN-EMBERGO", "LMP-EMBER", "HDL-SCOUT"
SKILLET, OVEN, BLANKET, MUG, BOWL = "SKL-CAST10", "DUT-CAST5", "BLK-WOOLFR", "MUG-ENAMEL", "BWL-ASH"
TENT, PACK, KETTLE, PAPER_LANTERN = "TNT-DUNE2", "PCK-RIDGE40", "KTL-COPPER", "LAN-PAPER"

SHELVES: Final = (
    Shelf(LAMP, "Ember camp lamp", "48.00", "NORTHLIGHT", "Lighting", 11, 8, 9, "A", 410),
    Shelf(HEADLAMP, "Scout headlamp", "36.00", "NORTHLIGHT", "Lighting", 9, 7, 7, "A", 96),
    Shelf("LMP-HEARTH", "Hearth table lamp", "72.00", "NORTHLIGHT", "Lighting", 24, 22, 3, "B", 1350),
    Shelf("STR-LIGHTS", "Porch string lights, 10 m", "29.00", "NORTHLIGHT", "Lighting", 60, 40, 4, "C", 720),
    Shelf("TRC-POCKET", "Pocket torch", "18.50", "NORTHLIGHT", "Lighting", 70, 50, 4, "C", 85),
    Shelf(PAPER_LANTERN, "Paper lantern, last season", "14.00", "SUNDARA", "Lighting", 5, 4, 3, "C", 120),
    Shelf(TENT, "Dune tent for two", "329.00", "ALPENWERK", "Shelter", 10, 8, 3, "A", 2350),
    Shelf("TNT-DUNE4", "Dune tent for four", "469.00", "ALPENWERK", "Shelter", 9, 6, 2, "B", 4100),
    Shelf("TRP-GROVE", "Grove tarp, 3 x 4 m", "89.00", "ALPENWERK", "Shelter", 26, 18, 2, "C", 980),
    Shelf("HMK-DRIFT", "Drift hammock", "64.00", "SUNDARA", "Shelter", 34, 20, 3, "C", 640),
    Shelf("BAG-TARN", "Tarn sleeping bag, -5 °C", "189.00", "ALPENWERK", "Sleep", 20, 14, 3, "B", 1280),
    Shelf("BAG-MEADOW", "Meadow sleeping bag, +5 °C", "129.00", "ALPENWERK", "Sleep", 22, 16, 3, "B", 960),
    Shelf("MAT-FELL", "Fell sleeping mat", "79.00", "ALPENWERK", "Sleep", 34, 22, 4, "B", 520),
    Shelf("PIL-CLOUD", "Cloud travel pillow", "32.00", "KILNLOOM", "Sleep", 40, 40, 3, "C", 140),
    Shelf(PACK, "Ridge backpack, 40 l", "159.00", "ALPENWERK", "Packs", 30, 0, 4, "A", 1450),
    Shelf("PCK-RIDGE60", "Ridge backpack, 60 l", "199.00", "ALPENWERK", "Packs", 22, 0, 2, "B", 1780),
    Shelf("PCK-DAY18", "Daybreak pack, 18 l", "69.00", "SUNDARA", "Packs", 38, 26, 4, "B", 560),
    Shelf("BTL-STEEL", "Steel bottle, 1 l", "34.00", "SUNDARA", "Camp kitchen", 80, 60, 6, "B", 380),
    Shelf(MUG, "Enamel mug", "16.00", "SUNDARA", "Camp kitchen", 70, 52, 8, "B", 130),
    Shelf("PLT-ENAMEL", "Enamel plate", "14.00", "SUNDARA", "Camp kitchen", 90, 66, 4, "C", 180),
    Shelf("STV-TWIG", "Twig stove", "84.00", "IRONWOOD", "Camp kitchen", 24, 24, 3, "B", 790),
    Shelf("STV-SUMMIT", "Summit gas stove", "59.00", "IRONWOOD", "Camp kitchen", 30, 26, 3, "A", 210),
    Shelf(SKILLET, "Cast-iron skillet, 10 in", "54.00", "IRONWOOD", "Camp kitchen", 0, 9, 7, "A", 2400),
    Shelf(OVEN, "Cast-iron Dutch oven, 5 qt", "98.00", "IRONWOOD", "Camp kitchen", 0, 3, 4, "A", 5600),
    Shelf(KETTLE, "Copper kettle", "74.00", "IRONWOOD", "Camp kitchen", 8, 6, 4, "C", 860),
    Shelf("KNF-CAMP", "Camp knife, ash handle", "46.00", "IRONWOOD", "Camp kitchen", 28, 26, 3, "B", 190),
    Shelf("AXE-KINDLE", "Kindling axe", "68.00", "IRONWOOD", "Hearth", 20, 26, 3, "B", 980),
    Shelf("FIR-TOOLS", "Fireside tools, set of 3", "119.00", "IRONWOOD", "Hearth", 12, 16, 2, "B", 3900),
    Shelf("LOG-CARRY", "Canvas log carrier", "42.00", "KILNLOOM", "Hearth", 26, 30, 2, "C", 690),
    Shelf(BLANKET, "Wool blanket, fringe", "118.00", "KILNLOOM", "Home", 26, 22, 5, "A", 1500),
    Shelf("BLK-FIELD", "Field picnic blanket", "58.00", "KILNLOOM", "Home", 34, 36, 4, "B", 1100),
    Shelf("CSH-LOOM", "Loom cushion cover", "28.00", "KILNLOOM", "Home", 50, 50, 3, "C", 240),
    Shelf("THR-LINEN", "Linen throw", "76.00", "KILNLOOM", "Home", 3, 3, 2, "B", 820),
    Shelf("TWL-WAFFLE", "Waffle towel, set of 2", "38.00", "KILNLOOM", "Home", 44, 44, 4, "C", 610),
    Shelf("APR-CANVAS", "Canvas apron", "44.00", "KILNLOOM", "Home", 28, 28, 2, "C", 430),
    Shelf("VAS-STONE", "Stoneware vase", "52.00", "KILNLOOM", "Home", 18, 22, 2, "C", 1300),
    Shelf(BOWL, "Ash-glaze bowl, made by hand", "39.00", "", "Home", 9, 0, 3, "B", 760),
    Shelf("CND-PINE", "Pine candle", "22.00", "KILNLOOM", "Home", 90, 90, 5, "C", 350),
    Shelf("BSK-WILLOW", "Willow basket", "48.00", "SUNDARA", "Home", 20, 18, 2, "C", 720),
)

SHIRT: Final = "SHT-FELL"
SHIRTS: Final = {
    "moss": {"S": (4, 3), "M": (3, 0), "L": (5, 4), "XL": (2, 2)},
    "slate": {"S": (5, 4), "M": (6, 5), "L": (0, 2)},
}
"""A shirt in colours and sizes: what lies in Portland and in Columbus. Nobody makes the largest in slate."""


def shirt(colour: str, size: str) -> str:
    """Its SKU: SHT-FELL-MOSS-M."""
    return f"{SHIRT}-{colour.upper()}-{size}"


def _shirt_shelves() -> dict[tuple[str, str], Shelf]:
    """Nobody buys them by chance: the story has their orders."""
    return {
        (colour, size): Shelf(
            shirt(colour, size), f"Fell wool shirt, {colour}, {size}", "86.00", "ALPENWERK", "Wear", *units, 0, "B", 310
        )
        for colour, sizes in SHIRTS.items()
        for size, units in sizes.items()
    }


def products() -> list[ProductRecord]:
    """The catalogue as it stood six weeks ago. The copper kettle is capped, the paper lantern sells out for good."""
    records = {shelf.sku: shelf.record() for shelf in SHELVES}
    for (colour, size), shelf in _shirt_shelves().items():
        records[shelf.sku] = replace(shelf.record(), style=SHIRT, size=size, colour=colour)
    records[KETTLE] = replace(records[KETTLE], backorder_limit=8)
    records[PAPER_LANTERN] = replace(records[PAPER_LANTERN], backorder="deny")
    return list(records.values())


def opening_stock(site: str) -> dict[str, int]:
    """Units on the shelves of a site six weeks ago."""
    shelves = (*SHELVES, *_shirt_shelves().values())
    units = {shelf.sku: shelf.portland if site == PORTLAND else shelf.columbus for shelf in shelves}
    return {sku: amount for sku, amount in units.items() if amount}

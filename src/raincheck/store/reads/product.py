"""One product: what there is, what comes, what is promised from it. A fixed number of queries."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from raincheck.store.db import rows
from raincheck.store.reads.named import first_named, named_rows


@dataclass(frozen=True, slots=True)
class LevelView:
    """Stock at a site. `reserved` of `on_hand` belongs to orders; `unsellable` lies beside it."""

    site: str
    site_name: str
    on_hand: int
    reserved: int
    unsellable: int

    @property
    def free(self) -> int:
        """Units that nobody has."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class InboundView:
    """A line on its way. `owed` is confirmed and still to come; `pegged` of it is promised to orders."""

    kind: str
    ref: str
    state: str
    sender: str
    site: str
    ordered: int
    confirmed: int
    received: int
    owed: int
    pegged: int
    due_on: date | None
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class DemandDay:
    """Units that ship on a day (None: on no known day) and do not lie reserved yet."""

    ships_on: date | None
    units: int
    from_supply: bool


@dataclass(frozen=True, slots=True)
class ProductView:
    """The product with its stock, its inbound and the demand on them."""

    id: int
    sku: str
    name: str
    price: Decimal | None
    currency: str
    supplier: str
    supplier_name: str
    lead_time_days: int | None
    cost: Decimal | None
    moq: int | None
    pack: int | None
    available_from: date | None
    category: str
    criticality: str
    backorder: str
    backorder_limit: int | None
    gtin: str
    levels: list[LevelView] = field(default_factory=list)
    inbound: list[InboundView] = field(default_factory=list)
    demand: list[DemandDay] = field(default_factory=list)

    @property
    def on_hand(self) -> int:
        """Units at all sites that can be sold."""
        return sum(level.on_hand for level in self.levels)

    @property
    def reserved(self) -> int:
        """Units on hand that belong to orders."""
        return sum(level.reserved for level in self.levels)

    @property
    def owed(self) -> int:
        """Confirmed units still to come."""
        return sum(line.owed for line in self.inbound)

    @property
    def free_inbound(self) -> int:
        """Confirmed units to come that nobody was promised."""
        return sum(line.owed - line.pegged for line in self.inbound)

    @property
    def waiting(self) -> int:
        """Units that orders wait for."""
        return sum(day.units for day in self.demand)

    @property
    def has_unsellable(self) -> bool:
        """Whether damaged or held units lie anywhere."""
        return any(level.unsellable for level in self.levels)

    @property
    def undated(self) -> int:
        """Waiting units without a date."""
        return sum(day.units for day in self.demand if day.ships_on is None)


def product_view(sku: str) -> ProductView | None:
    """The product with this SKU, or None. Four queries."""
    product = first_named(
        ProductView,
        """SELECT p.id, p.sku, p.name, p.price, p.currency, coalesce(s.code, '') AS supplier,
                  coalesce(nullif(s.name, ''), s.code, '') AS supplier_name, s.lead_time_days, p.cost, p.moq, p.pack,
                  p.available_from, p.category, p.criticality, p.backorder, p.backorder_limit, p.gtin
           FROM product p LEFT JOIN supplier s ON s.id = p.supplier_id WHERE p.sku = %(sku)s""",
        {"sku": sku},
    )
    if product is None:
        return None
    return replace(product, levels=_levels(product.id), inbound=_inbound(product.id), demand=_demand(product.id))


def _levels(product: int) -> list[LevelView]:
    return named_rows(
        LevelView,
        """SELECT t.code AS site, coalesce(nullif(t.name, ''), t.code) AS site_name, v.on_hand, v.reserved, v.unsellable
           FROM stock_level v JOIN site t ON t.id = v.site_id WHERE v.product_id = %(product)s ORDER BY t.code""",
        {"product": product},
    )


def _inbound(product: int) -> list[InboundView]:
    return named_rows(
        InboundView,
        """SELECT i.kind, i.ref, i.state,
                  coalesce(nullif(s.name, ''), s.code, nullif(f.name, ''), f.code, '') AS sender,
                  coalesce(nullif(t.name, ''), t.code) AS site,
                  l.ordered, l.confirmed, l.received, l.owed, l.pegged, l.due_on, l.expected_on
           FROM inbound_line l JOIN inbound i ON i.id = l.inbound_id JOIN site t ON t.id = l.site_id
           LEFT JOIN supplier s ON s.id = i.supplier_id LEFT JOIN site f ON f.id = i.from_site_id
           WHERE l.product_id = %(product)s AND i.state NOT IN ('received', 'closed_short', 'cancelled')
           ORDER BY l.expected_on NULLS LAST, l.due_on NULLS LAST, i.ref""",
        {"product": product},
    )


def _demand(product: int) -> list[DemandDay]:
    found = rows(
        """SELECT ships_on, sum(units)::bigint, kind IN ('inbound', 'stock') FROM peg
           WHERE product_id = %s AND (kind <> 'stock' OR is_preorder) GROUP BY 1, 3 ORDER BY 1 NULLS LAST, 3 DESC""",
        [product],
    )
    return [DemandDay(ships_on, units, from_supply) for ships_on, units, from_supply in found]

"""The tables, one file a group. Import them from here."""

from raincheck.store.models.access import ApiKey, IdempotentReply
from raincheck.store.models.catalogue import (
    Customer,
    KitPart,
    Product,
    Site,
    Supplier,
    SupplierLateness,
)
from raincheck.store.models.company import Company, PolicyRule, Protection, Rebalance
from raincheck.store.models.demand import Claim, OrderLine, Peg, SalesOrder, ToldDate
from raincheck.store.models.happening import Fact, Notice, Task, Timer
from raincheck.store.models.heartbeat import Heartbeat
from raincheck.store.models.lab import LabRun
from raincheck.store.models.law import LawClock, LawEvent, LawExemption
from raincheck.store.models.money import Payment, PaymentDecline
from raincheck.store.models.shipment import Shipment, ShipmentLine
from raincheck.store.models.shop import (
    BasketHold,
    ProductInterest,
    ProductSaid,
    ProductSubstitute,
    Shop,
    SubstituteOffer,
)
from raincheck.store.models.stock import StockEntry, StockLevel
from raincheck.store.models.supply import Inbound, InboundLine

__all__ = [
    "ApiKey",
    "BasketHold",
    "Claim",
    "Company",
    "Customer",
    "Fact",
    "Heartbeat",
    "IdempotentReply",
    "Inbound",
    "InboundLine",
    "KitPart",
    "LabRun",
    "LawClock",
    "LawEvent",
    "LawExemption",
    "Notice",
    "OrderLine",
    "Payment",
    "PaymentDecline",
    "Peg",
    "PolicyRule",
    "Product",
    "ProductInterest",
    "ProductSaid",
    "ProductSubstitute",
    "Protection",
    "Rebalance",
    "SalesOrder",
    "Shipment",
    "ShipmentLine",
    "Shop",
    "Site",
    "StockEntry",
    "StockLevel",
    "SubstituteOffer",
    "Supplier",
    "SupplierLateness",
    "Task",
    "Timer",
    "ToldDate",
]

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
from raincheck.store.models.channel import BadAddress, Bounce, CustomerPreference, NoticeDelivery
from raincheck.store.models.company import Company, PolicyRule, Protection, Rebalance
from raincheck.store.models.customer_page import PageAct, ReplacedAddress
from raincheck.store.models.demand import Claim, OrderLine, Peg, SalesOrder, ToldDate
from raincheck.store.models.feedback import Feedback, FeedbackOptOut
from raincheck.store.models.happening import Fact, Notice, Task, Timer
from raincheck.store.models.heartbeat import Heartbeat
from raincheck.store.models.lab import LabRun
from raincheck.store.models.law import (
    LawClock,
    LawEvent,
    LawExemption,
    LawOrder,
    LawWithdrawal,
    LineSeller,
    ProductSeller,
    Seller,
)
from raincheck.store.models.messages import MessageTemplate
from raincheck.store.models.money import CardRequest, OrderPayment, Payment, PaymentDecline
from raincheck.store.models.processor import (
    CardHandover,
    ProcessorCallback,
    ProcessorEntry,
    ProcessorEvent,
    ProcessorKnock,
    Reconciliation,
    ReconciliationDifference,
)
from raincheck.store.models.service import Note
from raincheck.store.models.shipment import Carrier, Shipment, ShipmentLine
from raincheck.store.models.shop import (
    BasketHold,
    InterestMessage,
    ProductInterest,
    ProductSaid,
    ProductSubstitute,
    Shop,
    SubstituteOffer,
)
from raincheck.store.models.stock import StockEntry, StockLevel
from raincheck.store.models.supply import Inbound, InboundLine
from raincheck.store.models.webhook import WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiKey",
    "BadAddress",
    "BasketHold",
    "Bounce",
    "CardHandover",
    "CardRequest",
    "Carrier",
    "Claim",
    "Company",
    "Customer",
    "CustomerPreference",
    "Fact",
    "Feedback",
    "FeedbackOptOut",
    "Heartbeat",
    "IdempotentReply",
    "Inbound",
    "InboundLine",
    "InterestMessage",
    "KitPart",
    "LabRun",
    "LawClock",
    "LawEvent",
    "LawExemption",
    "LawOrder",
    "LawWithdrawal",
    "LineSeller",
    "MessageTemplate",
    "Note",
    "Notice",
    "NoticeDelivery",
    "OrderLine",
    "OrderPayment",
    "PageAct",
    "Payment",
    "PaymentDecline",
    "Peg",
    "PolicyRule",
    "ProcessorCallback",
    "ProcessorEntry",
    "ProcessorEvent",
    "ProcessorKnock",
    "Product",
    "ProductInterest",
    "ProductSaid",
    "ProductSeller",
    "ProductSubstitute",
    "Protection",
    "Rebalance",
    "Reconciliation",
    "ReconciliationDifference",
    "ReplacedAddress",
    "SalesOrder",
    "Seller",
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
    "WebhookDelivery",
    "WebhookEndpoint",
]

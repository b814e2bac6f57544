"""Who may see and do what: one table, read by every door.

A permission is named `noun.verb`. A role is a Django group of the same name; a person holds the union of their
groups' permissions. The console declares one permission a page, an API key carries permissions as its scopes.
Plain data: no database, no request.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The groups a person can stand in. The value is the group's name in the database."""

    ADMIN = "admin"
    SALES = "sales"
    SERVICE = "service"
    BUYER = "buyer"
    WAREHOUSE_LEAD = "warehouse lead"
    WAREHOUSE = "warehouse"
    READ_ONLY = "read-only"


ROLE_DESCRIPTIONS: Final[Mapping[Role, str]] = {
    Role.ADMIN: "Everything, people and keys included.",
    Role.SALES: "Places and changes orders, answers for dates.",
    Role.SERVICE: "Helps customers: changes, holds and cancels orders, reads the mailbox.",
    Role.BUYER: "Writes purchase orders, confirms and moves their dates.",
    Role.WAREHOUSE_LEAD: "Runs the floor: receiving, shipping, counts and transfers.",
    Role.WAREHOUSE: "Receives, picks, packs and ships.",
    Role.READ_ONLY: "Sees orders, stock, money and messages; changes nothing.",
}

PERMISSIONS: Final[Mapping[str, str]] = {
    "desk.view": "See the Desk",
    "queue.view": "See the backorder queue",
    "queue.rebalance": "Rebalance the queue",
    "order.view": "See orders",
    "order.quote": "Ask what an order would get",
    "order.place": "Place orders",
    "order.change": "Change the quantities of an order",
    "order.cancel": "Cancel orders",
    "order.hold": "Hold and release orders",
    "order.goodwill": "Give a part of the price back as goodwill",
    "product.view": "See products, stock and availability",
    "product.change": "Say which products may stand in for which",
    "product.terms": "Change how a product is sold: price, backorders, day of sale, parts of a kit",
    "interest.note": "Note who wants to hear when a product is back",
    "receiving.view": "See what is to arrive",
    "receiving.post": "Post receipts",
    "shipment.view": "See shipments",
    "shipment.work": "Pick, pack, ship and deliver",
    "purchase.view": "See purchase orders",
    "purchase.change": "Write, confirm, move and close purchase orders",
    "stock.count": "Post stock counts",
    "stock.transfer": "Move stock between sites",
    "stock.protect": "Keep units of a product for a group of customers",
    "return.post": "Post returns",
    "task.close": "Settle tasks",
    "task.give": "Give tasks to colleagues",
    "note.write": "Write notes on orders and customers",
    "service.view": "See the service desk",
    "customer.view": "See customers",
    "mailbox.view": "Read what customers were sent",
    "mailbox.send": "Send messages again",
    "message.report": "Report messages that came back",
    "webhook.manage": "Add webhook endpoints, read and repeat what they were told",
    "feedback.view": "Read what customers and our people say",
    "feedback.take": "Put on record what a customer says of an order",
    "feedback.give": "Say something about an order, a product or a purchase order",
    "law.view": "See legal clocks and hand over an order's record",
    "law.change": "Exempt an order from the law",
    "money.view": "See fees, prepayments, money that waits and what lateness costs",
    "money.reconcile": "Compare a card processor's file with the ledger",
    "lab.view": "See what was rehearsed in the Lab",
    "lab.run": "Rehearse policies in the Lab",
    "settings.view": "See settings and policies",
    "settings.change": "Change settings and policies",
    "metrics.view": "Read the figures for monitoring",
    "apikey.manage": "Make and revoke API keys",
    "user.manage": "Add people and give them roles",
    "own.account": "Change one's own password, time zone and second factor",
}

_OWN = frozenset({"own.account", "feedback.give"})
_WORK = _OWN | {"task.close", "task.give", "note.write"}
_SEE = frozenset(name for name in PERMISSIONS if name.endswith(".view"))
_SEE_SALES = _SEE - {"settings.view", "metrics.view"}
_SEE_FLOOR = frozenset(
    {"desk.view", "queue.view", "order.view", "product.view", "receiving.view", "shipment.view", "purchase.view"}
)
_SELL = frozenset({"order.quote", "order.place", "order.change", "order.cancel", "order.hold", "mailbox.send"}) | {
    "product.change",
    "interest.note",
    "order.goodwill",
    "feedback.take",
}
_FLOOR = frozenset({"receiving.post", "shipment.work"})

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[str]]] = {
    Role.ADMIN: frozenset(PERMISSIONS),
    Role.SALES: _WORK | _SEE_SALES | _SELL | {"product.terms"},
    Role.SERVICE: _WORK | _SEE_SALES | _SELL | {"return.post"},
    Role.BUYER: _WORK
    | _SEE_SALES
    | {"order.quote", "purchase.change", "stock.transfer", "queue.rebalance", "lab.run"}
    | {"stock.protect", "product.change", "product.terms"},
    Role.WAREHOUSE_LEAD: _WORK | _SEE_FLOOR | _FLOOR | {"order.hold", "stock.count", "stock.transfer", "return.post"},
    Role.WAREHOUSE: _WORK | _SEE_FLOOR | _FLOOR,
    Role.READ_ONLY: _OWN | _SEE,
}

_PERMISSIONS_OF_GROUP: Final[Mapping[str, frozenset[str]]] = {
    role.value: permissions for role, permissions in ROLE_PERMISSIONS.items()
}


def permissions_of(groups: Iterable[str]) -> frozenset[str]:
    """Every permission that membership in these groups gives. A group that is no role gives none."""
    return frozenset().union(*(_PERMISSIONS_OF_GROUP.get(group, frozenset()) for group in groups))


def may(groups: Iterable[str], permission: str) -> bool:
    """Whether a person in these groups has the permission. A name outside `PERMISSIONS` is a programming error.

    Raises `KeyError` for an unknown permission, so that a misspelt one is never silently refused or granted.
    """
    if permission not in PERMISSIONS:
        raise KeyError(f"no permission is called {permission!r}")
    return permission in permissions_of(groups)

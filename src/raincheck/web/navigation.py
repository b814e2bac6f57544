"""The places of the console, in the order in which people look for them."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from raincheck.web.person import Person


@dataclass(frozen=True)
class Place:
    """One entry of the navigation, the current one on every page below `prefix`, and on the page `also`."""

    label: str
    route: str
    icon: str
    permission: str
    key: str
    prefix: str
    on_phone: bool = False
    also: str = ""

    @property
    def address(self) -> str:
        """The place's path."""
        return reverse(self.route)

    def holds(self, path: str) -> bool:
        """Whether the page at `path` belongs to this place."""
        return path in (self.prefix, self.also) or (self.prefix != "/" and path.startswith(f"{self.prefix}/"))


@dataclass(frozen=True)
class PlaceGroup:
    """Places under one heading."""

    heading: str
    places: tuple[Place, ...]


GROUPS: Final[tuple[PlaceGroup, ...]] = (
    PlaceGroup(
        "Today",
        (
            Place("Desk", "desk", "layout-dashboard", "desk.view", "d", "/", on_phone=True),
            Place("Queue", "queue", "list-numbers", "queue.view", "q", "/queue", on_phone=True),
            Place("Tasks", "tasks", "clipboard-check", "task.close", "a", "/tasks"),
        ),
    ),
    PlaceGroup(
        "Sell",
        (
            Place("Service desk", "service", "phone", "service.view", "h", "/service"),
            Place("Orders", "orders", "shopping-cart", "order.view", "o", "/orders", on_phone=True, also="/new/order"),
            Place("Products", "products", "box", "product.view", "p", "/products"),
            Place("Mailbox", "mailbox", "mail", "mailbox.view", "m", "/mailbox"),
            Place("Feedback", "feedback", "inbox", "feedback.view", "f", "/feedback"),
            Place("Legal clocks", "legal_clocks", "clock", "law.view", "c", "/law"),
        ),
    ),
    PlaceGroup(
        "Floor",
        (
            Place(
                "Receiving",
                "receiving",
                "package-import",
                "receiving.view",
                "r",
                "/receiving",
                on_phone=True,
                also="/new/transfer",
            ),
            Place("Shipments", "shipments", "truck-delivery", "shipment.view", "s", "/shipments"),
        ),
    ),
    PlaceGroup(
        "Buy",
        (
            Place(
                "Purchase orders",
                "purchase_orders",
                "file-invoice",
                "purchase.view",
                "b",
                "/purchase-orders",
                also="/new/purchase-order",
            ),
        ),
    ),
    PlaceGroup("Books", (Place("Money", "money", "currency-dollar", "money.view", "y", "/money"),)),
    PlaceGroup("Plan", (Place("Lab", "lab", "flask", "lab.view", "l", "/lab"),)),
    PlaceGroup("Company", (Place("Settings", "settings", "settings", "settings.view", "t", "/settings"),)),
)


def groups_for(person: Person) -> list[PlaceGroup]:
    """The places that this person may see; a heading without places is left out."""
    seen = [
        PlaceGroup(group.heading, tuple(place for place in group.places if person.may(place.permission)))
        for group in GROUPS
    ]
    return [group for group in seen if group.places]

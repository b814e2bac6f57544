"""What an order could have of a kit: as many as all of its parts make, day by day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from raincheck.store.db import rows


@dataclass(frozen=True, slots=True)
class PartSupply:
    """What nobody holds of a part: now, and cumulative by day of delivery; `bought_on`: when its lead time delivers."""

    on_hand: int
    free_now: int
    by_day: Sequence[tuple[date, int]]
    bought_on: date | None
    available_from: date | None

    def by(self, day: date) -> int:
        """Units by a day."""
        return max((units for on, units in self.by_day if on <= day), default=0)


Contents = Sequence[tuple[str, int]]
"""(part's SKU, units in one kit)."""


def contents_of_kits(skus: Sequence[str]) -> dict[str, Contents]:
    """Those of some products that are kits, with their parts."""
    found: dict[str, list[tuple[str, int]]] = {}
    for kit, part, units in rows(
        """SELECT k.sku, p.sku, t.units FROM kit_part t JOIN product k ON k.id = t.kit_id
           JOIN product p ON p.id = t.part_id WHERE k.sku = ANY(%s) ORDER BY k.sku, t.id""",
        [list(skus)],
    ):
        found.setdefault(kit, []).append((part, units))
    return {kit: tuple(parts) for kit, parts in found.items()}


def backordered_kits(skus: Iterable[str]) -> dict[str, int]:
    """How many kits of some products wait company-wide."""
    found = rows(
        """SELECT p.sku, sum(l.backordered)::bigint FROM order_line l JOIN product p ON p.id = l.product_id
           WHERE p.sku = ANY(%s) AND l.id IN (SELECT line_id FROM claim WHERE kit_nr IS NOT NULL AND units > 0)
           GROUP BY p.sku""",
        [sorted(skus)],
    )
    return dict(found)


def kits_by_day(contents: Contents, parts: Mapping[str, PartSupply], not_before: date) -> list[tuple[date, int]]:
    """Kits by day of delivery, cumulative; a kit comes with the last of its parts, and not before it is sold."""
    steps: dict[date, int] = {}
    for day in sorted({on for sku, _ in contents for on, _ in parts[sku].by_day}):
        kits = min(parts[sku].by(day) // per_kit for sku, per_kit in contents)
        if kits > max(steps.values(), default=0):
            steps[max(day, not_before)] = kits
    return sorted(steps.items())


def first_kit_on(contents: Contents, parts: Mapping[str, PartSupply]) -> date | None:
    """The day on which one more kit is delivered, parts bought where they may be; None while a part has no date."""
    days: list[date] = []
    for sku, per_kit in contents:
        part = parts[sku]
        day = next((on for on, units in part.by_day if units >= per_kit), part.bought_on)
        if day is None:
            return None
        days.append(day)
    return max(days)

"""The parcels still to come of an order: what leaves together from where, on which day, and what it waits for."""

from dataclasses import dataclass, field, replace
from datetime import date

from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """Units of a product in a planned parcel."""

    leaves_on: date | None
    site: str
    waits_for: str
    sku: str
    name: str
    units: int


@dataclass(frozen=True, slots=True)
class PlannedParcel:
    """Units that leave together. `leaves_on` is None while nobody knows; `waits_for` a reason if they lie there."""

    leaves_on: date | None
    site: str
    waits_for: str
    lines: list[PlannedLine] = field(default_factory=list)


def planned_parcels(order: int) -> list[PlannedParcel]:
    """What has no parcel yet of an order whose parcels are planned, the earliest first; nothing for other orders."""
    lines = named_rows(
        PlannedLine,
        """SELECT g.leaves_on, coalesce(nullif(t.name, ''), t.code, '') AS site, max(g.waits_for) AS waits_for,
                  p.sku, p.name, (sum(g.units) / c.per_kit)::bigint AS units
           FROM peg g JOIN claim c ON c.id = g.claim_id JOIN order_line l ON l.id = g.line_id
           JOIN product p ON p.id = l.product_id
           LEFT JOIN stock_level v ON v.id = g.stock_level_id LEFT JOIN inbound_line i ON i.id = g.inbound_line_id
           LEFT JOIN site t ON t.id = coalesce(v.site_id, i.site_id)
           WHERE l.order_id = %(order)s AND c.has_parcel_terms AND c.is_counted AND g.shipment_line_id IS NULL
                 AND (g.leaves_on IS NOT NULL OR g.kind <> 'stock' OR g.waits_for <> '')
           GROUP BY g.leaves_on, t.name, t.code, p.sku, p.name, c.per_kit ORDER BY g.leaves_on NULLS LAST, 2, p.sku""",
        {"order": order},
    )
    parcels: dict[tuple[date | None, str], PlannedParcel] = {}
    for line in lines:
        parcel = parcels.setdefault((line.leaves_on, line.site), PlannedParcel(line.leaves_on, line.site, ""))
        parcel.lines.append(line)
        if line.waits_for and not parcel.waits_for:
            parcels[line.leaves_on, line.site] = replace(parcel, waits_for=line.waits_for)
    return list(parcels.values())

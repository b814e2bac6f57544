"""Parcel terms of orders: read for a decision, and the plan that follows from them written to claims and pegs.

Claims of an order of which any line has such terms are marked (`claim.has_parcel_terms`), so that a decision on other
orders does not pay for them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from raincheck.core.decision import Decision
from raincheck.core.demand import Claim, ParcelTerms
from raincheck.core.parcels import PegKey, key_of
from raincheck.core.policy import releases_allowed
from raincheck.store.db import columns, row, rows, run
from raincheck.store.locks import Locked
from raincheck.store.tasks import open_for_order


def recipient_of(customer: int | None, order: int, country: str, postcode: str) -> str:
    """Whose parcels an order's units may share: those of a customer at one address; without a customer its own."""
    return f"order {order}" if customer is None else f"customer {customer} {country} {postcode}"


def with_terms(locked: Locked, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims of locked products with their parcel terms, where their order has any."""
    terms = {
        id_: ParcelTerms(
            releases_allowed(ship),
            minimum_units,
            minimum_value,
            merge_hours,
            recipient_of(customer, order, country, postcode),
            ready_since,
            unit_price,
            parts or 1,
        )
        for id_, order, ship, minimum_units, minimum_value, merge_hours, customer, country, postcode, ready_since,
            unit_price, parts in rows(
            """SELECT c.id, c.order_id, l.ship, l.minimum_units, l.minimum_value, l.merge_hours, o.customer_id,
                      o.country, o.postcode, c.ready_since, l.unit_price,
                      (SELECT sum(k.per_kit)::int FROM claim k
                       WHERE k.order_id = c.order_id AND k.line_id = c.line_id AND k.kit_nr = c.kit_nr)
               FROM claim c JOIN order_line l ON l.id = c.line_id JOIN sales_order o ON o.id = c.order_id
               WHERE c.product_id = ANY(%s) AND c.has_parcel_terms AND c.units > 0""",
            [list(locked.products)],
        )
    }  # fmt: skip
    if not terms:
        return claims
    return tuple(replace(claim, parcel_terms=terms.get(claim.id)) for claim in claims)


def orders_with_up_to(claims: Iterable[Claim]) -> list[int]:
    """The orders of claims that ship in up to N parcels."""
    return sorted({claim.order for claim in claims if claim.parcel_terms is not None and claim.parcel_terms.up_to})


def releases_left(orders: Collection[int]) -> dict[tuple[int, int], int]:
    """How many releases to the carrier the `up_to` groups of orders still have: by order and N; no entry means all.

    What stands on the floor goes with the next one, or with the last.
    """
    if not orders:
        return {}
    left: dict[tuple[int, int], int] = {}
    for order, ship, used, on_the_floor in rows(
        """SELECT l.order_id, l.ship,
                  count(DISTINCT s.released_by_id) FILTER (WHERE s.state IN ('released', 'shipped', 'delivered')),
                  bool_or(s.state IN ('picked', 'packed'))
           FROM order_line l JOIN shipment_line sl ON sl.line_id = l.id JOIN shipment s ON s.id = sl.shipment_id
           WHERE l.order_id = ANY(%s) AND l.ship LIKE 'up\\_to:%%' AND sl.units > 0 AND s.state <> 'cancelled'
           GROUP BY l.order_id, l.ship""",
        [list(orders)],
    ):
        most = releases_allowed(ship)
        if most is not None:
            free = most - used
            left[order, most] = max(1, free - 1) if on_the_floor and free > 0 else free
    return left


def set_terms(terms: Mapping[int, tuple[int, Decimal, int]]) -> None:
    """Stores what won at placing for order lines: (minimum units, minimum value, merge hours) by line."""
    if terms:
        run(
            """UPDATE order_line l SET minimum_units = v.units, minimum_value = v.value, merge_hours = v.hours
               FROM unnest(%s::bigint[], %s::int[], %s::numeric[], %s::int[]) AS v (line, units, value, hours)
               WHERE l.id = v.line""",
            columns([(line, *values) for line, values in terms.items()], 4),
        )


def mark_claims(orders: Collection[int]) -> None:
    """Marks the claims of orders of which any line has parcel terms."""
    if orders:
        run(
            """UPDATE claim c SET has_parcel_terms = true
               WHERE c.order_id = ANY(%s) AND NOT c.has_parcel_terms AND EXISTS (
                   SELECT 1 FROM order_line l WHERE l.order_id = c.order_id
                   AND (l.ship LIKE 'up\\_to:%%' OR l.minimum_units > 0 OR l.minimum_value > 0
                        OR l.merge_hours > 0))""",
            [list(orders)],
        )


def mark_order(order: int) -> None:
    """Marks all claims of an order: its parcels are planned from now on."""
    run("UPDATE claim SET has_parcel_terms = true WHERE order_id = %s AND NOT has_parcel_terms", [order])


def is_planned(order: int) -> bool:
    """Whether the parcels of an order are planned."""
    return row("SELECT 1 FROM claim WHERE order_id = %s AND has_parcel_terms LIMIT 1", [order]) is not None


def products_of_merging(customers: Collection[int]) -> list[int]:
    """Products of which units of these customers wait in a merge window: what joins them is decided with them."""
    found = rows(
        """SELECT DISTINCT c.product_id FROM claim c JOIN sales_order o ON o.id = c.order_id
           WHERE c.ready_since IS NOT NULL AND c.units > 0 AND o.customer_id = ANY(%s)""",
        [list(customers)],
    )
    return [product for (product,) in found]


def with_merging(products: Mapping[int, set[int]]) -> list[set[int]]:
    """Products of customers, each with those of which units of the same customer wait in a merge window."""
    found = rows(
        """SELECT o.customer_id, array_agg(DISTINCT c.product_id) FROM claim c JOIN sales_order o ON o.id = c.order_id
           WHERE c.ready_since IS NOT NULL AND c.units > 0 AND o.customer_id = ANY(%s) GROUP BY o.customer_id""",
        [list(products)],
    )
    merging = dict(found)
    return [own | set(merging.get(customer, ())) for customer, own in products.items()]


def write_plan(decision: Decision, names: Mapping[int, int], at: datetime) -> set[int]:
    """Writes what differs of the parcels planned: since when claims could go, when pegs leave and why they wait.

    Orders of which units are left and no parcel become tasks. The lines of which something differs: another order's
    parcel may have changed theirs.
    """
    planned = [claim for claim in decision.claims.values() if claim.parcel_terms is not None]
    if not planned:
        return set()
    _write_ready_since(decision, planned, names)
    for order in sorted(decision.parcels.out_of_parcels):
        text = "It has had all the shipments it may have, and units of it are open: cancel them, or place a new order"
        open_for_order("last_parcel", names.get(order, order), text, at)
    lines = {names.get(claim.id, claim.id): names.get(claim.line, claim.line) for claim in planned}
    changed: dict[PegKey, tuple[object, ...]] = {}
    for claim in planned:
        for peg in decision.pegs[claim.id]:
            leaving = decision.parcels.leaving.get(key_of(peg))
            if leaving is not None:
                row = names.get(claim.id, claim.id)
                why = leaving.waits_for.value if leaving.waits_for is not None else ""
                source = peg.supply.id if peg.supply is not None else None
                leaves_on = None if leaving.at_any_time else leaving.ships_on
                changed[key_of(peg)] = (lines[row], row, peg.kind.value, source, leaves_on, why)
    written = rows(
        """UPDATE peg p SET leaves_on = v.leaves_on, waits_for = v.waits_for
           FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::date[], %s::text[])
                AS v (line, claim, kind, source, leaves_on, waits_for)
           WHERE p.line_id = v.line AND p.claim_id = v.claim AND p.kind = v.kind AND p.shipment_line_id IS NULL
                 AND coalesce(p.stock_level_id, p.inbound_line_id) IS NOT DISTINCT FROM v.source
                 AND (p.leaves_on, p.waits_for) IS DISTINCT FROM (v.leaves_on, v.waits_for)
           RETURNING p.line_id""",
        columns(list(changed.values()), 6),
    )
    known_as = {names.get(claim.line, claim.line): claim.line for claim in planned}
    return {known_as[line] for (line,) in written}


def _write_ready_since(decision: Decision, planned: list[Claim], names: Mapping[int, int]) -> None:
    changed: list[tuple[int, datetime | None]] = []
    for claim in planned:
        since = decision.parcels.ready_since.get(claim.id)
        if claim.parcel_terms is not None and since != claim.parcel_terms.ready_since:
            changed.append((names.get(claim.id, claim.id), since))
    if changed:
        run(
            """UPDATE claim c SET ready_since = v.since
               FROM unnest(%s::bigint[], %s::timestamptz[]) AS v (id, since) WHERE c.id = v.id""",
            columns(changed, 2),
        )

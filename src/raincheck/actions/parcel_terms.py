"""How the units of an order go, as its terms say: for lines that are asked for, and for known ones that are raised."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from raincheck.actions.terms import Terms
from raincheck.core.admit import Newcomer
from raincheck.core.demand import ParcelTerms
from raincheck.core.errors import Refused
from raincheck.core.policy import releases_allowed
from raincheck.store import parcel_terms
from raincheck.store.kits import Part
from raincheck.store.lines import LineFacts, OrderFacts

NONE: Final = ParcelTerms()


def terms_for_parcels(
    terms: Terms, unit_price: Decimal, recipient: str, contents: Sequence[Part] | None = None
) -> ParcelTerms:
    """What of a line's terms its parcels follow. `contents` are those of a kit."""
    return ParcelTerms(
        releases_allowed(terms.ship),
        terms.minimum_units,
        terms.minimum_value,
        terms.merge_hours,
        recipient,
        unit_price=unit_price,
        parts=sum(part.per_kit for part in contents) if contents else 1,
    )


def store_terms(order: int, terms_by_line: Mapping[int, Terms]) -> None:
    """Stores the parcel terms of new lines, and marks the order's claims if it has any."""
    own = {line: terms for line, terms in terms_by_line.items() if terms.has_parcel_terms}
    if own:
        parcel_terms.set_terms({line: (t.minimum_units, t.minimum_value, t.merge_hours) for line, t in own.items()})
        parcel_terms.mark_claims([order])


def prepare_change(order: OrderFacts, new_terms: Mapping[str, Terms]) -> None:
    """Marks the claims of an order that gets its first line with parcel terms: its parcels are planned from now on."""
    if any(terms.has_parcel_terms for terms in new_terms.values()):
        parcel_terms.mark_order(order.id)


def refuse_after_the_last_parcel(order: OrderFacts, ship_by_sku: Mapping[str, str]) -> dict[tuple[int, int], int]:
    """How many releases the `up_to` groups that are raised still have. Raises Refused where one has had its last."""
    left = parcel_terms.releases_left([order.id])
    for sku, ship in ship_by_sku.items():
        most = releases_allowed(ship)
        if most is not None and left.get((order.id, most), most) <= 0:
            raise Refused(
                f"order {order.ref!r}, product {sku!r} has had the last of its {most} shipments: place a new order"
            )
    return left


def with_order_s_terms(
    newcomers: list[Newcomer], order: OrderFacts, customer: int | None, known: Mapping[int, LineFacts]
) -> list[Newcomer]:
    """Raised units with the terms of their lines, where the order's parcels are planned; elsewhere without any."""
    if not parcel_terms.is_planned(order.id):
        return [replace(newcomer, claim=replace(newcomer.claim, parcel_terms=None)) for newcomer in newcomers]
    recipient = parcel_terms.recipient_of(customer, order.id, order.country, order.postcode)
    found: list[Newcomer] = []
    for newcomer in newcomers:
        claim, line = newcomer.claim, known.get(newcomer.claim.line)
        terms = claim.parcel_terms or NONE
        if line is not None and claim.id < 0:
            terms = ParcelTerms(
                releases_allowed(line.ship),
                line.minimum_units,
                line.minimum_value,
                line.merge_hours,
                unit_price=line.unit_price,
                parts=terms.parts,
            )
        found.append(replace(newcomer, claim=replace(claim, parcel_terms=replace(terms, recipient=recipient))))
    return found

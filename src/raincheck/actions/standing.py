"""Orders that ask for a reference that is taken: by the same order, or by another one."""

from collections.abc import Mapping, Sequence

from raincheck.actions.terms import OrderRequest
from raincheck.core.money import plain
from raincheck.store.bulk.orders import StandingOrder, contents_of, standing_orders


def standing(requests: Sequence[OrderRequest], contents: Mapping[str, str]) -> tuple[frozenset[str], dict[str, str]]:
    """Which references are taken: by the same order, or by another one and how that differs."""
    taken = contents_of([request.ref for request in requests])
    same = {ref for ref, content in taken.items() if contents[ref] == content}
    doubtful = standing_orders([ref for ref in taken if ref not in same])
    different: dict[str, str] = {}
    for request in requests:
        ref = request.ref
        if ref in taken and ref not in same:
            reason = _difference(doubtful[ref], request) if ref in doubtful else "it has no lines"
            if reason is None:
                same.add(ref)
            else:
                different[ref] = reason
    return frozenset(same), different


def _difference(standing: StandingOrder, request: OrderRequest) -> str | None:
    """What of a request an order that is here says otherwise. What the request leaves open cannot differ."""
    for name, here, asked in (
        ("customer", standing.customer, request.customer),
        ("country", standing.country, request.country),
        ("channel", standing.channel, request.channel),
    ):
        if asked and asked != here:
            return f"its {name} is {here or 'not given'}"
    for line in request.lines:
        known = standing.lines.get(line.sku)
        if known is None:
            return f"it has no {line.sku}"
        if known.units != line.units:
            return f"it has {known.units} of {line.sku}"
        if line.unit_price is not None and line.unit_price != known.unit_price:
            return f"its price of {line.sku} is {plain(known.unit_price)}"
        if request.ship is not None and request.ship != known.ship:
            return f"{line.sku} ships {known.ship}"
    return None

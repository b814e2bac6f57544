"""What an order says that only a law asks for: who sells its lines, and whether it came with the seller's credit."""

from raincheck.actions.terms import OrderRequest
from raincheck.store.law_orders import note_seller_credit
from raincheck.store.sellers import note_sellers


def note_law_terms(order: int, request: OrderRequest) -> None:
    """Puts it on record with an order whose lines are written, before their clocks start. Raises NotFound."""
    if request.seller_credit:
        note_seller_credit(order)
    note_sellers(order, {line.sku: line.seller for line in request.lines if line.seller})

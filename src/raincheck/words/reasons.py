"""The closed list of reasons in the words of a planner."""

from typing import Final

REASONS: Final = {
    "on_hand": "on the shelf",
    "pegged_to_inbound": "waits for a purchase order",
    "pegged_to_transfer": "waits for a transfer",
    "lead_time": "to be bought, dated by the supplier’s lead time",
    "no_date": "no supply in sight",
    "not_yet_available": "not on sale yet",
    "waits_for_order": "waits for the rest of its order",
    "waits_for_shipment": "waits for its next parcel",
    "below_minimum_shipment": "too little for a parcel of its own",
    "merging": "waits to share a parcel",
    "held": "on hold",
    "payment_failed": "payment declined",
    "protected": "kept for another group",
    "not_yet_wanted": "not wanted before its day",
    "backorders_denied": "backorders are not allowed",
    "over_limit": "over the backorder limit",
    "too_late": "could not be promised in time",
    "shipped": "shipped",
    "cancelled_by_customer": "cancelled by the customer",
    "cancelled_by_seller": "cancelled by us",
    "cancelled_by_law": "cancelled by law",
}

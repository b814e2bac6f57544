"""Why a unit is where it is: the closed list of reasons (contract, section 3)."""

from enum import StrEnum


class Reason(StrEnum):
    """The reason of one unit. A line prints that of its last open unit, else that of the unit that ended last."""

    ON_HAND = "on_hand"
    PEGGED_TO_INBOUND = "pegged_to_inbound"
    PEGGED_TO_TRANSFER = "pegged_to_transfer"
    LEAD_TIME = "lead_time"
    NO_DATE = "no_date"
    NOT_YET_AVAILABLE = "not_yet_available"
    WAITS_FOR_ORDER = "waits_for_order"
    WAITS_FOR_SHIPMENT = "waits_for_shipment"
    BELOW_MINIMUM_SHIPMENT = "below_minimum_shipment"
    MERGING = "merging"
    HELD = "held"
    PAYMENT_FAILED = "payment_failed"
    PROTECTED = "protected"
    NOT_YET_WANTED = "not_yet_wanted"
    BACKORDERS_DENIED = "backorders_denied"
    OVER_LIMIT = "over_limit"
    TOO_LATE = "too_late"
    SHIPPED = "shipped"
    CANCELLED_BY_CUSTOMER = "cancelled_by_customer"
    CANCELLED_BY_SELLER = "cancelled_by_seller"
    CANCELLED_BY_LAW = "cancelled_by_law"

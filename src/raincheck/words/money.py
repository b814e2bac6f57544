"""Money in words: what each figure means, and how a processor's file and the ledger can differ."""

from collections.abc import Mapping
from typing import Final

FEES: Final = (
    "What the card processor took for captures, by the month of the charge. A refund does not bring its fee back. "
    "Captures without a known fee count as none until the processor’s file is reconciled."
)
PREPAID: Final = (
    "What customers have paid for and do not have: captured, less refunded, less the goods that were shipped and kept "
    "with their tax and the shipping fee. It is owed to them, as goods or as money."
)
WAITING: Final = (
    "The value, at the orders’ prices, of units that are sold and not on the shelf: backordered or pre-ordered. "
    "By the week in which the last unit of a line is expected at the customer’s."
)
LATE: Final = (
    "Late is what is not with the customer on the first day that was told: cancelled by law, cancelled by anybody "
    "after a delay, delivered late, or late and still open; and the money that went back with such cancels."
)

DIFFER: Final = "Where the processor’s file that was compared last and the ledger disagree, in the order of the file."

DIFFERENCES: Final[Mapping[str, str]] = {
    "missing_here": "missing here",
    "missing_there": "missing there",
    "twice": "twice in the file",
    "kind": "another kind",
    "currency": "another currency",
    "amount": "amount differs",
    "fee": "fee differs",
}
"""How a file and the ledger can disagree (`core.reconcile.Difference`), the gravest first."""


def left_aside(rows: Mapping[str, int]) -> str:
    """What of a processor's file was left aside, as it is no capture or refund: how many rows of which kinds.

    >>> left_aside({"payout": 2, "stripe_fee": 10})
    '12 rows of other kinds were left aside: 10 stripe_fee, 2 payout'
    """
    in_all = sum(rows.values())
    what = "1 row of another kind was" if in_all == 1 else f"{in_all:,} rows of other kinds were"
    kinds = sorted(rows.items(), key=lambda one: (-one[1], one[0]))
    return f"{what} left aside: {', '.join(f'{number:,} {kind}' for kind, number in kinds)}"


LATE_KINDS: Final = {
    "law": "cancelled by law",
    "cancelled": "cancelled after a delay",
    "arrived": "delivered late",
    "open": "late and open",
}

EVENTS: Final = {
    "authorisation_ended": "authorisation ended early",
    "disputed": "charge disputed",
    "dispute_won": "dispute won",
    "dispute_lost": "dispute lost",
    "refund_failed": "refund not taken",
}
"""What processors call back with (`actions.take_processor_event`), beyond what was done."""

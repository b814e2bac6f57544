"""Who wins and who loses by a preview, as the pages of a rebalance and of a shared shortage show it."""

from collections.abc import Sequence
from dataclasses import replace

from raincheck.actions.rebalance_preview import LineChange
from raincheck.store.reads.names import customer_names

Part = tuple[str, str, list[LineChange]]
"""A heading, its verdict, and the lines under it."""


def winners_and_losers(changes: Sequence[LineChange]) -> list[Part]:
    """The winners, then the losers, with their customers by name."""
    names = customer_names({change.customer for change in changes if change.customer})
    named = [replace(change, customer=names.get(change.customer or "", change.customer)) for change in changes]
    return [
        (heading, verdict, [change for change in named if change.verdict == verdict])
        for heading, verdict in (("Winners", "wins"), ("Losers", "loses"))
    ]

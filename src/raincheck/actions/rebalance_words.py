"""Why a rebalance was stopped, in words: one line for each stop."""

from collections import defaultdict

from raincheck.core.parts import parts_of
from raincheck.core.rebalance import Breach, Rebalanced
from raincheck.core.strategy import Request, Strategy
from raincheck.store.db import rows
from raincheck.store.snapshot import Snapshot


def in_words(snapshot: Snapshot, rebalanced: Rebalanced, request: Request) -> list[str]:
    """One line for all of it where an exception stops all, else one for each part of the book that was stopped."""
    breaches = rebalanced.stopped
    if not breaches:
        return []
    names = {
        line: (ref, sku)
        for line, ref, sku in rows(
            """SELECT l.id, o.ref, p.sku FROM order_line l JOIN sales_order o ON o.id = l.order_id
               JOIN product p ON p.id = l.product_id WHERE l.id = ANY(%s)""",
            [sorted({breach.line for breach in breaches})],
        )
    }
    parts = parts_of(snapshot.facts.book.claims)
    by_part: dict[int, list[str]] = defaultdict(list)
    for breach in breaches:
        part = 0 if request.exceptions == "stop_all" else parts[breach.product]
        by_part[part].append(_sentence(breach, *names[breach.line]))
    return ["stopped by an exception: " + "; ".join(sentences) for _, sentences in sorted(by_part.items())]


def _sentence(breach: Breach, ref: str, sku: str) -> str:
    if breach.is_late:
        word = "must be on time" if breach.strategy is Strategy.WIN else "must keep its date"
        return f"order {ref}, product {sku}: {word} ({breach.strategy}) and would be later"
    verb = "needs" if breach.strategy is Strategy.WIN else "must keep"
    demanded = f"{verb} {breach.demanded_units} ({breach.strategy})"
    return f"order {ref}, product {sku}: {demanded} and would have {breach.got_units}"

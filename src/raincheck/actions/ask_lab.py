"""Asking the Lab: a comparison of policies, or the optimum of a product's book. A worker runs what is asked.

Nothing that a run does reaches the company: drills play in throw-away copies, and the optimum only reads.
"""

from django.db import transaction

from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store import lab, live
from raincheck.store.db import row
from raincheck.store.locks import database_now

LARGEST_DRILL_BYTES = 1_000_000
LARGEST_VARIANTS_BYTES = 20_000
MOST_UNDER_WAY = 20
MOST_KEPT = 100


def ask_comparison(title: str, drill: str, variants: str, *, from_live: bool, actor: str = "") -> int:
    """Queues a comparison of a drill under variants, both as text; the run's id.

    Raises Malformed for texts that are too long, Refused while too many runs wait. What is wrong inside the texts the
    run itself says.
    """
    for what, text, most in (("drill", drill, LARGEST_DRILL_BYTES), ("variants", variants, LARGEST_VARIANTS_BYTES)):
        if len(text.encode()) > most:
            raise Malformed(f"the {what} may have {most:,} bytes at most, not {len(text.encode()):,}")
    with transaction.atomic():
        _check_room()
        id_ = lab.insert_comparison(title[:200], drill, variants, database_now(), actor, from_live=from_live)
        live.changed("lab")
    return id_


def ask_book_optimum(sku: str, *, actor: str = "") -> int:
    """Queues the rule beside the optimum of a product's open book; the run's id. Raises NotFound for no product."""
    with transaction.atomic():
        if row("SELECT 1 FROM product WHERE sku = %s", [sku]) is None:
            raise NotFound(f"product {sku!r} does not exist", "product", sku)
        _check_room()
        id_ = lab.insert_optimum(f"The rule beside the optimum: {sku}"[:200], sku, database_now(), actor)
        live.changed("lab")
    return id_


def _check_room() -> None:
    if lab.under_way() >= MOST_UNDER_WAY:
        raise Refused(f"{MOST_UNDER_WAY} runs wait for the worker already: come back when some have ended")
    lab.forget_all_but(MOST_KEPT)

"""What the law does not cover: a product or an order, with the reason why (16 CFR 435.3)."""

from datetime import datetime

from django.db import transaction

from raincheck.actions.cancel_order import known_order
from raincheck.core.errors import Malformed
from raincheck.store import lines
from raincheck.store.catalogue import find_products
from raincheck.store.law_clocks import end_clocks, read_clocks, record_events
from raincheck.store.law_records import close_law_tasks, exempt
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox


def exempt_order(ref: str, reason: str, at: datetime | None = None, actor: str = "") -> None:
    """Takes an order out of the law, its running clocks included. Raises Malformed without a reason."""
    _needs(reason, f"order {ref!r}")
    with transaction.atomic():
        locked = lock_products(lines.products_of([known_order(ref).id]), at)
        order = known_order(ref)
        outbox = Outbox(locked.at, "law_exempted", f"order:{ref}", actor, {"reason": reason})
        running = [row for row in read_clocks(line.id for line in lines.read_lines(order.id)) if row.vested_at is None]
        record_events(outbox, [(row.id, "exempted", {"reason": reason}) for row in running])
        end_clocks([row.line for row in running], locked.at)
        exempt(None, order.id, reason, locked.at, actor)
        close_law_tasks(order.id, locked.at, actor)
        _ = outbox.fact


def exempt_product(sku: str, reason: str, at: datetime | None = None, actor: str = "") -> None:
    """Takes a product out of the law from now on; orders that have it keep their clocks. Raises Malformed, NotFound."""
    _needs(reason, f"product {sku!r}")
    with transaction.atomic():
        product = find_products([sku])[sku]
        locked = lock_products([product.id], at)
        outbox = Outbox(locked.at, "law_exempted", f"product:{sku}", actor, {"reason": reason})
        exempt(product.id, None, reason, locked.at, actor)
        _ = outbox.fact


def _needs(reason: str, what: str) -> None:
    if not reason.strip():
        raise Malformed(f"{what}: an exemption needs a reason, such as: growing plants (16 CFR 435.3)")

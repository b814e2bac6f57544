"""Import products, sites, suppliers or customers: what is new is added, what differs is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from raincheck.actions.run_pass import run_pass
from raincheck.store.bulk.catalogue import SHAPES, difference, stage_records, write_kits, write_records
from raincheck.store.company import read_settings
from raincheck.store.db import rows
from raincheck.store.locks import lock_products
from raincheck.store.outbox import Outbox
from raincheck.store.timers import TimerKind, set_timers

DATING = frozenset({"supplier", "available_from"})
"""Columns of a product on which the dates of its waiting units rest."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Codes that were new or differed; all others were here as they are."""

    changed: frozenset[str]


def import_records(
    kind: str,
    columns: Mapping[str, Sequence[Any]],
    at: datetime | None = None,
    actor: str = "",
    *,
    dry_run: bool = False,
) -> Imported:
    """Writes records of one kind, given column by column; each is named once and refers to what exists.

    A column that is not given is left as it is; an empty cell (None) empties the field. Units that wait for a product
    whose date rests on what changed get their new date. With `dry_run` nothing stays written.
    """
    with transaction.atomic():
        key = SHAPES[kind].key
        records = {name: values for name, values in columns.items() if name != "kit"}
        stage_records(kind, records)
        found = difference(kind, list(records))
        locked = lock_products(_dated_products(kind, found.changed), at)
        write_records(kind, list(records))
        changed = found.new | frozenset(found.changed)
        if "kit" in columns:
            changed |= write_kits({sku: kit or () for sku, kit in zip(columns[key], columns["kit"], strict=True)})
        outbox = Outbox(locked.at, "imported", f"import:{kind}", actor, {"changed": len(changed)})
        if changed:
            _ = outbox.fact
        if kind == "products" and "available_from" in records:
            _set_first_days(sorted(changed), locked.at)
        if locked.products:
            run_pass(locked, outbox)
        outbox.flush()
        if dry_run:
            transaction.set_rollback(True)
    return Imported(changed)


def _dated_products(kind: str, changed: Mapping[str, frozenset[str]]) -> list[int]:
    """Products with open units whose dates rest on something that changes."""
    if kind == "products":
        skus = [sku for sku, names in changed.items() if names & DATING]
        sql = "p.sku = ANY(%s)"
    elif kind == "suppliers":
        skus = [code for code, names in changed.items() if "lead_time_days" in names]
        sql = "p.supplier_id IN (SELECT id FROM supplier WHERE code = ANY(%s))"
    else:
        return []
    found = rows(
        f"""SELECT p.id FROM product p WHERE {sql}
            AND EXISTS (SELECT 1 FROM claim c WHERE c.product_id = p.id AND c.units > 0)""",  # noqa: S608
        [skus],
    )
    return [product for (product,) in found]


def _set_first_days(skus: Sequence[str], at: datetime) -> None:
    """Wakes products on the day from which they are available."""
    calendar = read_settings().calendar
    today = calendar.day_of(at)
    found = rows("SELECT id, available_from FROM product WHERE sku = ANY(%s) AND available_from > %s", [skus, today])
    set_timers((calendar.start_of(day), TimerKind.AVAILABLE, product) for product, day in found)

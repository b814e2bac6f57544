"""One import from file to database: read, check, write, all or nothing unless told otherwise."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from raincheck.actions.together import together, undo
from raincheck.feeds.importing.cancellations import CancellationImporter
from raincheck.feeds.importing.catalogue import CustomerImporter, ProductImporter, SiteImporter, SupplierImporter
from raincheck.feeds.importing.orders import OrderImporter
from raincheck.feeds.importing.purchases import PurchaseImporter
from raincheck.feeds.importing.receipts import ReceiptImporter
from raincheck.feeds.importing.stock import StockImporter
from raincheck.feeds.read import open_reading
from raincheck.feeds.report import Report
from raincheck.feeds.table import Table
from raincheck.store.reads.company import company_face

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from raincheck.feeds.importing.importer import Importer
    from raincheck.feeds.kinds import Kind

IMPORTERS: Mapping[str, type[Importer]] = {
    "products": ProductImporter,
    "sites": SiteImporter,
    "suppliers": SupplierImporter,
    "customers": CustomerImporter,
    "stock": StockImporter,
    "orders": OrderImporter,
    "cancellations": CancellationImporter,
    "purchase-orders": PurchaseImporter,
    "receipts": ReceiptImporter,
}


@dataclass(frozen=True)
class Progress:
    """Told while an import runs: the share of the file that is read (0 to 1), then rows written out of how many."""

    reading: Callable[[float], None] = lambda _: None
    writing: Callable[[int, int], None] = lambda _done, _rows: None


def import_file(
    path: Path,
    kind: Kind,
    renamed: Mapping[str, str],
    *,
    dry_run: bool = False,
    keep_going: bool = False,
    actor: str = "import",
    progress: Progress | None = None,
) -> Report:
    """Imports a file of a kind. `renamed` is our column -> the file's.

    Without `keep_going` one refused row keeps all others from being written; `dry_run` writes nothing either way and
    reports what would be. Raises Malformed for what is no such file; rows that are refused stand in the report.
    """
    progress = progress or Progress()
    report = Report(kind.name, str(path), dry_run=dry_run)
    with _collecting_no_cycles(), open_reading(path, kind, renamed, ZoneInfo(company_face().timezone)) as reading:
        table = Table(kind, report, reading)
        table.fill(progress.reading)
        report.left_out = reading.left_out
        importer = IMPORTERS[kind.name](table, actor)
        importer.check()
        if keep_going or not report.refused:
            _write(importer, report, progress, keep_going=keep_going)
        report.refused.sort(key=lambda refusal: refusal.line)
    return report


def _write(importer: Importer, report: Report, progress: Progress, *, keep_going: bool) -> None:
    rows = len(importer.table.lines) - len(importer.table.refused)
    with together(importer.skus()):
        importer.write(lambda done: progress.writing(done, rows))
        report.written = not report.dry_run and (keep_going or not report.refused)
        if not report.written:
            undo()
    if report.refused and not keep_going:
        report.imported = 0


@contextmanager
def _collecting_no_cycles() -> Iterator[None]:
    """A large import makes millions of objects and no cycles: looking for some costs a quarter of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

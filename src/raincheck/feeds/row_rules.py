"""What must hold between the cells of one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The field that is wrong, and why.
Fault = tuple[str, str]


def _product(row: Mapping[str, Any]) -> Fault | None:
    kit = row.get("kit") or ()
    if any(sku == row["sku"] for sku, _ in kit):
        return "kit", "a kit cannot be a part of itself"
    if row.get("alternative_supplier") and row["alternative_supplier"] == row.get("supplier"):
        return "alternative_supplier", "is the supplier itself; name another or leave it empty"
    return None


def _cancellation(row: Mapping[str, Any]) -> Fault | None:
    if row.get("quantity") is not None and row.get("sku") is None:
        return "quantity", "says units without saying of what; name the sku, or leave both empty for the whole order"
    return None


def _purchase_order(row: Mapping[str, Any]) -> Fault | None:
    ordered_on, due_on = row.get("ordered_on"), row.get("due_on")
    if ordered_on is not None and due_on is not None and due_on < ordered_on:
        return "due_on", f"lies before ordered_on, {ordered_on.isoformat()}"
    return None


def _receipt(row: Mapping[str, Any]) -> Fault | None:
    if row["quantity"] == 0 and not row.get("damaged"):
        return "quantity", "nothing arrived: give good units, or damaged ones"
    return None


ROW_RULES: dict[str, Callable[[Mapping[str, Any]], Fault | None]] = {
    "products": _product,
    "cancellations": _cancellation,
    "purchase-orders": _purchase_order,
    "receipts": _receipt,
}

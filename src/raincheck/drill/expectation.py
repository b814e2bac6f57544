"""What a drill's author expects, as a part of the printed document: only what is named is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

#: Dates and instants are texts as printed; an amount is a Decimal.
Expected: TypeAlias = "str | int | Decimal | Mapping[str, Expected] | Sequence[Expected] | None"


@dataclass(frozen=True, slots=True)
class Expectation:
    """Each part is None where the author says nothing. A list is the whole list, in the printed order."""

    orders: Mapping[str, Expected] | None = None
    quotes: Mapping[str, Expected] | None = None
    shipments: Sequence[Mapping[str, Expected]] | None = None
    notices: Sequence[Mapping[str, Expected]] | None = None
    purchase_orders: Mapping[str, Expected] | None = None
    stock: Mapping[str, Expected] | None = None
    payments: Sequence[Mapping[str, Expected]] | None = None
    refused_events: Sequence[Mapping[str, Expected]] | None = None
    audit_ok: bool = False

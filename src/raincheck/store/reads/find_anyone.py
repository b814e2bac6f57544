"""Finds customers and orders by anything that a person on the telephone may say.

Each reading of the text (`store.reads.clues`) is one statement on an index of its own, so that it is quick among
hundreds of thousands of orders; what was found first, by the surest reading, stands first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from raincheck.core.money import with_currency
from raincheck.store.db import rows, run
from raincheck.store.reads.alike import most_alike
from raincheck.store.reads.clues import LEAST_LETTERS, Clues, read_clues
from raincheck.words.moments import day_text

SHARED_LETTERS: Final = "0.3"
"""How many of its groups of three letters a name must share with what was typed to be looked at closely."""
LOOKED_AT: Final = 200
UTC: Final = ZoneInfo("UTC")
RECENT_ORDERS: Final = 100_000
"""Of how many of the latest orders the middle of the reference is looked through."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody's order, a customer, or a product. `because` says which reading found it; `code` is what names it."""

    kind: str
    code: str
    title: str
    note: str
    state: str
    because: str


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Days as whoever asks counts them."""

    today: date
    zone: ZoneInfo

    def day(self, at: datetime) -> str:
        return day_text(at.astimezone(self.zone).date(), self.today)


def find_anyone(text: str, today: date, zone: ZoneInfo = UTC, limit: int = 8) -> list[Found]:
    """What the text may mean, the surest first: at most `limit` customers, orders, products each. [] for blank text.

    Days are said as they are in `zone`.
    """
    clues = read_clues(text, today)
    if not clues.text:
        return []
    orders = _merged(_orders(clues, limit, _Calendar(today, zone)), limit)
    customers = _merged(_customers(clues, limit), limit)
    if clues.is_name and len(customers) < limit:
        customers = _merged([*customers, *_alike(clues, limit)], limit)
    return _exact_first(clues, [*orders, *customers, *_products(clues, limit)])


def _merged(found: Iterable[Found], limit: int) -> list[Found]:
    """One entry for each, as its surest reading found it."""
    by_code: dict[str, Found] = {}
    for one in found:
        by_code.setdefault(one.code, one)
    return list(by_code.values())[:limit]


def _exact_first(clues: Clues, found: list[Found]) -> list[Found]:
    return sorted(found, key=lambda one: one.code.upper() != clues.ref)


LEAST_TRACKING: Final = 6
"""A carrier's number has at least so many signs; only a whole one finds its parcel."""

_ORDER: Final = """SELECT o.ref, coalesce(nullif(o.ship_to_name, ''), nullif(u.name, ''), u.code, 'no customer given'),
                          o.placed_at, o.state
                   FROM sales_order o LEFT JOIN customer u ON u.id = o.customer_id"""


def _orders(clues: Clues, limit: int, calendar: _Calendar) -> list[Found]:
    found: list[Found] = []

    def matching(where: str, params: list[Any], because: str) -> list[Found]:
        return _order_rows(where, params, limit, because, calendar)

    ref = _pattern(clues.ref)
    found += matching("upper(o.ref) LIKE %s ORDER BY upper(o.ref)", [f"{ref}%"], "reference")
    if len(clues.ref) >= LEAST_LETTERS and len(found) < limit:
        backwards = _pattern(clues.ref[::-1])
        ends = "reverse(upper(o.ref)) LIKE %s ORDER BY o.placed_at DESC, o.id DESC"
        found += matching(ends, [f"{backwards}%"], "end of the reference")
    if clues.number is not None:
        found += matching(
            """o.id IN (SELECT l.order_id FROM shipment_line s JOIN order_line l ON l.id = s.line_id
                        WHERE s.shipment_id = %s) ORDER BY o.id""",
            [clues.number], f"parcel {clues.number}",
        )  # fmt: skip
    tracking = clues.ref.replace(" ", "")
    if len(tracking) >= LEAST_TRACKING and any(char.isdigit() for char in tracking):
        found += matching(
            """o.id IN (SELECT l.order_id FROM shipment h JOIN shipment_line s ON s.shipment_id = h.id
                        JOIN order_line l ON l.id = s.line_id
                        WHERE h.tracking_number = %s AND h.tracking_number <> '') ORDER BY o.id""",
            [tracking], "tracking number",
        )  # fmt: skip
    if clues.amount is not None:
        found += _charged(clues, limit, calendar)
    if clues.postcodes:
        found += matching(
            "o.postcode = ANY(%s) AND o.postcode <> '' ORDER BY o.placed_at DESC, o.id DESC",
            [list(clues.postcodes)], "postcode",
        )  # fmt: skip
    if (
        not found
        and " " not in clues.ref
        and len(clues.ref) >= LEAST_LETTERS
        and any(char.isdigit() for char in clues.ref)
    ):
        found += matching(
            f"""o.id IN (SELECT id FROM (SELECT id, ref FROM sales_order ORDER BY placed_at DESC LIMIT {RECENT_ORDERS})
                         recent WHERE upper(ref) LIKE %s) ORDER BY o.placed_at DESC, o.id DESC""",
            [f"%{ref}%"], "part of the reference",
        )  # fmt: skip
    return found


def _order_rows(where: str, params: list[Any], limit: int, because: str, calendar: _Calendar) -> list[Found]:
    found = rows(f"{_ORDER} WHERE o.state <> 'basket' AND {where} LIMIT %s", [*params, limit])
    return [_order(ref, who, calendar.day(placed_at), state, because) for ref, who, placed_at, state in found]


def _order(ref: str, who: str, placed: str, state: str, because: str) -> Found:
    return Found("order", ref, ref, f"{who}, placed {placed}", state, because)


def _charged(clues: Clues, limit: int, calendar: _Calendar) -> list[Found]:
    """Orders of which such a sum was charged, held on the card, or given back."""
    amount = clues.amount
    if amount is None:
        return []
    found = rows(
        """SELECT o.ref, coalesce(nullif(o.ship_to_name, ''), nullif(u.name, ''), u.code, 'no customer given'),
                  o.placed_at, o.state, p.kind, p.amount, p.currency, p.at
           FROM payment p JOIN sales_order o ON o.id = p.order_id LEFT JOIN customer u ON u.id = o.customer_id
           WHERE p.amount BETWEEN %s AND %s AND p.at >= %s AND p.kind <> 'void'
           ORDER BY p.at DESC, p.id DESC LIMIT %s""",
        [amount.least, amount.most, amount.since, limit],
    )
    words = {"capture": "charged", "refund": "given back", "authorise": "held on the card"}
    return [
        _order(
            ref,
            who,
            calendar.day(placed_at),
            state,
            f"{with_currency(paid, currency)} {words[kind]} on {calendar.day(at)}",
        )
        for ref, who, placed_at, state, kind, paid, currency, at in found
    ]


_CUSTOMER: Final = """SELECT u.code, coalesce(nullif(u.name, ''), u.code), u.email, u.phone,
                             (SELECT count(*) FROM sales_order o
                              WHERE o.customer_id = u.id AND o.state IN ('open', 'held', 'cancel_requested'))
                      FROM customer u"""


def _customers(clues: Clues, limit: int) -> list[Found]:
    found: list[Found] = []
    letters = _pattern(clues.letters)
    anywhere = f"%{letters}%" if len(clues.letters) >= LEAST_LETTERS else f"{letters}%"
    found += _customer_rows(
        """lower(u.code) LIKE %s OR lower(u.name) LIKE %s OR lower(u.email) LIKE %s
           ORDER BY lower(u.code) <> %s, strpos(lower(u.name), %s) <> 1, lower(u.name), u.id""",
        [anywhere, anywhere, anywhere, clues.letters, clues.letters], limit, "name, code or e-mail",
    )  # fmt: skip
    if clues.phone_end:
        found += _customer_rows(
            "u.phone <> '' AND reverse(regexp_replace(u.phone, '[^0-9]', '', 'g')) LIKE %s ORDER BY u.name, u.id",
            [f"{clues.phone_end}%"], limit, "telephone",
        )  # fmt: skip
    if clues.postcodes:
        found += _customer_rows(
            "u.postcode = ANY(%s) AND u.postcode <> '' ORDER BY u.name, u.id",
            [list(clues.postcodes)], limit, "postcode",
        )  # fmt: skip
    return found


def _alike(clues: Clues, limit: int) -> list[Found]:
    """Customers whose name is nearly what was typed: those that share letters, then word by word."""
    with transaction.atomic():
        run(f"SET LOCAL pg_trgm.word_similarity_threshold = {SHARED_LETTERS}")
        near = _customer_rows(
            "%s <%% lower(u.name) ORDER BY word_similarity(%s, lower(u.name)) DESC, u.name, u.id",
            [clues.letters, clues.letters], LOOKED_AT, "sounds like it",
        )  # fmt: skip
    return [near[place] for place in most_alike(clues.letters, [one.title for one in near])][:limit]


def _customer_rows(where: str, params: list[Any], limit: int, because: str) -> list[Found]:
    found = rows(f"{_CUSTOMER} WHERE {where} LIMIT %s", [*params, limit])
    return [
        Found("customer", code, name, " · ".join(filter(None, (email, phone))), _open(count), because)
        for code, name, email, phone, count in found
    ]


def _open(orders: int) -> str:
    return f"{orders} open" if orders else ""


def _products(clues: Clues, limit: int) -> list[Found]:
    letters = _pattern(clues.letters)
    anywhere = f"%{letters}%" if len(clues.letters) >= LEAST_LETTERS else f"{letters}%"
    found = rows(
        """SELECT sku, coalesce(nullif(name, ''), sku) FROM product
           WHERE lower(sku) LIKE %s OR lower(name) LIKE %s ORDER BY lower(sku) <> %s, sku LIMIT %s""",
        [anywhere, anywhere, clues.letters, min(limit, 3)],
    )
    return [Found("product", sku, name, sku, "", "product: who waits for it") for sku, name in found]


def _pattern(text: str) -> str:
    """The text as itself in a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

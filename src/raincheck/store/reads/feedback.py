"""Feedback as pages, files and analyses read it: what stands, by product, supplier and cause, beside promises kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.store.company import read_settings
from raincheck.store.feedback import WITHDRAWN
from raincheck.store.reads.named import first_named, named_rows

PAGE: Final = 50
MOST_FIGURES: Final = 20


@dataclass(frozen=True, slots=True)
class FeedbackFilter:
    """What is looked for; empty is everything. `promise`: kept or broken; `source`: customer or staff."""

    sku: str = ""
    supplier: str = ""
    cause: str = ""
    promise: str = ""
    source: str = ""
    order_ref: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """Something that was said and still stands.

    `days_late` is how many days after the first promise the last unit that it is about arrived (0 or less: the promise
    was kept; None: nothing was promised, or nothing has arrived). `changed` counts what it replaces.
    """

    id: int
    at: datetime
    source: str
    order_ref: str
    customer: str
    sku: str
    product: str
    supplier: str
    supplier_name: str
    purchase_ref: str
    score: int | None
    cause: str
    text: str
    language: str
    actor: str
    days_late: int | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """Scores of what belongs together: how many said something, how many scored, their mean, how many complained."""

    key: str
    label: str
    said: int
    scored: int
    mean: Decimal | None
    complaints: int


@dataclass(frozen=True, slots=True)
class FeedbackFigures:
    """The figures of a filter: all together, by product, supplier, cause, promise, and days late."""

    together: Figure
    by_product: list[Figure] = field(default_factory=list)
    by_supplier: list[Figure] = field(default_factory=list)
    by_cause: list[Figure] = field(default_factory=list)
    by_days_late: list[Figure] = field(default_factory=list)
    asked: int = 0
    answered: int = 0


# Days late count to the last arrival, in the company's days. A product that was not named counts its order's lines.
_SAID: Final = """
    WITH said AS (
        SELECT f.id, f.at, f.source, coalesce(o.ref, '') AS order_ref,
               coalesce(nullif(u.name, ''), u.code, '') AS customer, coalesce(p.sku, '') AS sku,
               coalesce(nullif(p.name, ''), p.sku, '') AS product, coalesce(s.code, '') AS supplier,
               coalesce(nullif(s.name, ''), s.code, '') AS supplier_name, coalesce(i.ref, '') AS purchase_ref,
               f.score, f.cause, f.text, f.language, f.actor, f.replaces_id IS NOT NULL AS changed,
               (SELECT max(v.late) FROM (
                    SELECT max((h.delivered_at AT TIME ZONE %(zone)s)::date) - l.first_promise_on AS late
                    FROM order_line l JOIN shipment_line sl ON sl.line_id = l.id AND sl.units > 0
                    JOIN shipment h ON h.id = sl.shipment_id
                    WHERE l.order_id = f.order_id AND (f.line_id IS NULL OR l.id = f.line_id)
                      AND h.delivered_at IS NOT NULL AND l.first_promise_on IS NOT NULL GROUP BY l.id) v) AS days_late
        FROM feedback f LEFT JOIN sales_order o ON o.id = f.order_id LEFT JOIN customer u ON u.id = o.customer_id
        LEFT JOIN product p ON p.id = f.product_id LEFT JOIN supplier s ON s.id = f.supplier_id
        LEFT JOIN inbound i ON i.id = f.purchase_id
        WHERE NOT EXISTS (SELECT 1 FROM feedback n WHERE n.replaces_id = f.id)),
    found AS (
        SELECT * FROM said WHERE (%(sku)s = '' OR sku = %(sku)s) AND (%(supplier)s = '' OR supplier = %(supplier)s)
          AND (%(cause)s = '' OR cause = %(cause)s) AND (%(source)s = '' OR source = %(source)s)
          AND (%(order_ref)s = '' OR order_ref = %(order_ref)s)
          AND (%(promise)s = '' OR (%(promise)s = 'kept' AND days_late <= 0)
               OR (%(promise)s = 'broken' AND days_late > 0)))"""

_COLUMNS: Final = """id, at, source, order_ref, customer, sku, product, supplier, supplier_name, purchase_ref, score,
    cause, text, language, actor, days_late, changed"""

_COUNTED: Final = """count(*)::int AS said, count(score)::int AS scored, round(avg(score), 2) AS mean,
    (count(*) FILTER (WHERE source = 'customer' AND (score <= 2 OR cause <> '')))::int AS complaints"""

_DAYS_LATE: Final = """CASE WHEN days_late <= 0 THEN '0' WHEN days_late <= 2 THEN '1' WHEN days_late <= 7 THEN '3'
    WHEN days_late <= 30 THEN '8' WHEN days_late > 30 THEN '31' ELSE '' END"""

DAYS_LATE_WORDS: Final = {
    "0": "promise kept",
    "1": "1 to 2 days late",
    "3": "3 to 7 days late",
    "8": "8 to 30 days late",
    "31": "more than 30 days late",
    "": "nothing was promised",
}


def feedback_rows(wanted: FeedbackFilter, before: int | None = None, limit: int = PAGE) -> list[FeedbackRow]:
    """What stands, the newest first; one more than `limit` where there are more."""
    return named_rows(
        FeedbackRow,
        f"""{_SAID} SELECT {_COLUMNS} FROM found WHERE %(before)s::bigint IS NULL OR id < %(before)s
            ORDER BY id DESC LIMIT %(limit)s""",
        {**_params(wanted), "before": before, "limit": limit + 1},
    )


def every_feedback(wanted: FeedbackFilter) -> Iterator[FeedbackRow]:
    """All that stands, the newest first, page by page in bounded memory."""
    before: int | None = None
    while True:
        found = feedback_rows(wanted, before, 1_000)
        yield from found[:1_000]
        if len(found) <= 1_000:
            return
        before = found[999].id


def feedback_figures(wanted: FeedbackFilter) -> FeedbackFigures:
    """The figures of what stands. A small mean over few scores says little: `scored` stands beside it."""
    params = _params(wanted)
    together = first_named(Figure, f"{_SAID} SELECT '' AS key, '' AS label, {_COUNTED} FROM found", params)
    asked = first_named(
        _Asked,
        """SELECT count(*)::int AS asked, (count(*) FILTER (WHERE EXISTS (
               SELECT 1 FROM feedback f WHERE f.order_id = n.order_id AND f.source = 'customer')))::int AS answered
           FROM notice n WHERE n.event = 'feedback_asked' AND n.failure <> %(withdrawn)s""",
        {"withdrawn": WITHDRAWN},
    )
    return FeedbackFigures(
        together or Figure("", "", 0, 0, None, 0),
        _by("sku", "product", "sku <> ''", params),
        _by("supplier", "supplier_name", "supplier <> ''", params),
        _by("cause", "cause", "cause <> ''", params),
        _by(_DAYS_LATE, "''", "order_ref <> '' AND source = 'customer'", params, ordered="min(days_late)"),
        asked.asked if asked else 0,
        asked.answered if asked else 0,
    )


def feedback_about(order_ref: str = "", sku: str = "", purchase_ref: str = "", limit: int = 5) -> list[FeedbackRow]:
    """What was last said of one order, product or purchase order: for its page."""
    return named_rows(
        FeedbackRow,
        f"""{_SAID} SELECT {_COLUMNS} FROM found
            WHERE (%(about_sku)s = '' OR sku = %(about_sku)s) AND (%(po)s = '' OR purchase_ref = %(po)s)
            ORDER BY id DESC LIMIT %(limit)s""",
        {**_params(FeedbackFilter(order_ref=order_ref)), "about_sku": sku, "po": purchase_ref, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A line that a customer can say something of."""

    sku: str
    name: str
    shipped: int


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """An order as its customer is asked about it, with what they said last."""

    ref: str
    score: int | None
    cause: str
    sku: str
    text: str
    said_at: datetime | None
    first_at: datetime | None


def asked_order(order: int) -> AskedOrder | None:
    """What the customer of an order said so far, for the form on their page."""
    return first_named(
        AskedOrder,
        """SELECT o.ref, f.score, coalesce(f.cause, '') AS cause, coalesce(p.sku, '') AS sku,
                  coalesce(f.text, '') AS text, f.at AS said_at, (SELECT min(e.at) FROM feedback e
                                    WHERE e.order_id = o.id AND e.source = 'customer') AS first_at
           FROM sales_order o LEFT JOIN feedback f ON f.order_id = o.id AND f.source = 'customer'
                AND NOT EXISTS (SELECT 1 FROM feedback n WHERE n.replaces_id = f.id)
           LEFT JOIN product p ON p.id = f.product_id WHERE o.id = %(order)s""",
        {"order": order},
    )


def asked_lines(order: int) -> list[AskedLine]:
    """The lines of an order of which something has shipped, by name."""
    return named_rows(
        AskedLine,
        """SELECT p.sku, coalesce(nullif(p.name, ''), p.sku) AS name, l.shipped FROM order_line l
           JOIN product p ON p.id = l.product_id WHERE l.order_id = %(order)s AND l.shipped > 0 ORDER BY 2, 1""",
        {"order": order},
    )


def _by(key: str, label: str, where: str, params: dict[str, Any], ordered: str = "") -> list[Figure]:
    """Figures by a key: by how much was said, or in an order of their own."""
    return named_rows(
        Figure,
        f"""{_SAID} SELECT {key} AS key, max({label}) AS label, {_COUNTED} FROM found WHERE {where}
            GROUP BY 1 ORDER BY {ordered or "count(*) DESC"}, 1 LIMIT {MOST_FIGURES}""",
        params,
    )


def _params(wanted: FeedbackFilter) -> dict[str, Any]:
    return {
        "sku": wanted.sku,
        "supplier": wanted.supplier,
        "cause": wanted.cause,
        "promise": wanted.promise,
        "source": wanted.source,
        "order_ref": wanted.order_ref,
        "zone": read_settings().timezone,
    }

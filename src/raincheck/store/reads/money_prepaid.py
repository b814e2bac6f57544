"""What customers have paid for and do not have: the prepaid liability, by the age of their orders."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.core.money import decimals_of
from raincheck.store.reads.company import CompanyFace
from raincheck.store.reads.named import named_rows

AGES: Final = {"0": "up to a week", "8": "8 to 30 days", "31": "31 to 60 days", "61": "61 to 90 days", "91": "older"}
"""How old an order is, by the first day of its class."""

# Earned is what was shipped and kept, its share of the tax, and the shipping fee once anything is kept.
_OWED: Final = """
    SELECT o.id, o.ref AS order_ref, coalesce(nullif(c.name, ''), c.code, '') AS customer,
           coalesce(c.code, '') AS customer_code, o.placed_at, o.state,
           v.paid, v.paid - v.owed AS earned, v.owed, v.days_old,
           CASE WHEN v.days_old <= 7 THEN '0' WHEN v.days_old <= 30 THEN '8' WHEN v.days_old <= 60 THEN '31'
                WHEN v.days_old <= 90 THEN '61' ELSE '91' END AS age
    FROM (SELECT p.order_id, p.paid, %(today)s - (s.placed_at AT TIME ZONE %(zone)s)::date AS days_old,
                 round(p.paid - g.goods
                       - CASE WHEN coalesce(y.taxed_value, 0) > 0 THEN y.tax * g.goods / y.taxed_value
                              WHEN g.keeps THEN coalesce(y.tax, 0) ELSE 0 END
                       - CASE WHEN g.keeps THEN coalesce(y.shipping_fee, 0) ELSE 0 END, %(decimals)s) AS owed
          FROM (SELECT order_id, sum(CASE kind WHEN 'capture' THEN amount WHEN 'refund' THEN -amount ELSE 0 END) AS paid
                FROM payment WHERE currency = %(currency)s GROUP BY order_id) p
          JOIN (SELECT order_id, sum((shipped - returned) * unit_price - price_cut) AS goods,
                       bool_or(shipped > returned) AS keeps
                FROM order_line GROUP BY order_id) g ON g.order_id = p.order_id
          JOIN sales_order s ON s.id = p.order_id
          LEFT JOIN order_payment y ON y.order_id = p.order_id
          WHERE p.paid > 0) v
    JOIN sales_order o ON o.id = v.order_id LEFT JOIN customer c ON c.id = o.customer_id
    WHERE v.owed > 0"""


@dataclass(frozen=True, slots=True)
class PrepaidOfAge:
    """Orders of an age (a key of AGES): what their customers paid for and do not have."""

    age: str
    orders: int
    owed: Decimal


@dataclass(frozen=True, slots=True)
class PrepaidRow:
    """An order: `paid` is captured less refunded, `earned` what of it was shipped and kept, `owed` the rest."""

    id: int
    order_ref: str
    customer: str
    customer_code: str
    placed_at: datetime
    state: str
    paid: Decimal
    earned: Decimal
    owed: Decimal
    days_old: int
    age: str


def prepaid_by_age(company: CompanyFace, today: date) -> list[PrepaidOfAge]:
    """The liability by age, the youngest first."""
    return named_rows(
        PrepaidOfAge,
        f"""SELECT age, count(*)::int AS orders, sum(owed) AS owed FROM ({_OWED}) w
            GROUP BY age ORDER BY age::int""",
        _params(company, today),
    )


def prepaid_rows(
    company: CompanyFace, today: date, age: str, limit: int | None, after: int | None = None
) -> list[PrepaidRow]:
    """The orders of an age ("": all), the oldest first; at most `limit`.

    With `after` by their ids, those behind that one alone: a list to go through page by page.
    """
    return named_rows(
        PrepaidRow,
        f"""SELECT * FROM ({_OWED}) w
            WHERE (%(age)s = '' OR age = %(age)s) AND (%(after)s::bigint IS NULL OR id > %(after)s)
            ORDER BY {"placed_at, id" if after is None else "id"} LIMIT %(limit)s""",
        {**_params(company, today), "age": age, "limit": limit, "after": after},
    )


def _params(company: CompanyFace, today: date) -> dict[str, Any]:
    return {
        "zone": company.timezone,
        "currency": company.currency,
        "decimals": decimals_of(company.currency),
        "today": today,
    }

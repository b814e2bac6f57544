"""Who waits to hear that a product is back: rows that also record demand which found no stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from raincheck.store.db import one, row, rows, run
from raincheck.store.interest_messages import BACK, CONFIRM, confirm_again, keep_what_waits, queue

UNCONFIRMED, WAITING, TOLD, ENDED = "unconfirmed", "waiting", "told", "ended"


@dataclass(frozen=True, slots=True)
class Interest:
    """Somebody's interest in a product."""

    id: int
    sku: str
    name: str
    email: str
    units: int
    language: str
    token: str
    state: str


_FIELDS: Final = """i.id, p.sku, coalesce(nullif(p.name, ''), p.sku), i.email, i.units, i.language, i.token,
                    i.state"""


def note(product: int, email: str, units: int, language: str, token: str, state: str, at: datetime) -> bool:
    """Notes an interest; False if this address waits for the product already: then its units are the new ones.

    Where nothing is confirmed any more, one that was to be waits from now on. Who asks again and has not confirmed may
    never have had the mail that asks for it: it goes again, as often as `confirm_again` lets it.
    """
    id_, kept, is_state = one(
        """INSERT INTO product_interest (product_id, email, units, language, token, state, asked_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (product_id, email) WHERE state IN ('unconfirmed', 'waiting')
           DO UPDATE SET units = excluded.units, language = excluded.language,
               state = CASE excluded.state WHEN 'waiting' THEN 'waiting' ELSE product_interest.state END
           RETURNING id, token, state""",
        [product, email, units, language, token, state, at],
    )
    is_new = bool(kept == token)
    if is_new and is_state == UNCONFIRMED:
        queue([id_], CONFIRM, at)
    elif is_state == UNCONFIRMED:
        confirm_again(id_, at)
    return is_new


def by_token(token: str, *, lock: bool = False) -> Interest | None:
    """The interest that a link is about."""
    found = row(
        f"""SELECT {_FIELDS} FROM product_interest i JOIN product p ON p.id = i.product_id
            WHERE i.token = %s{" FOR NO KEY UPDATE OF i" if lock else ""}""",  # noqa: S608 - our own columns
        [token],
    )
    return Interest(*found) if found else None


def of_address(product: int, email: str) -> Interest | None:
    """What an address waits for, of a product."""
    found = row(
        f"""SELECT {_FIELDS} FROM product_interest i JOIN product p ON p.id = i.product_id
            WHERE i.product_id = %s AND i.email = %s AND i.state IN ('unconfirmed', 'waiting')""",  # noqa: S608 - our own columns
        [product, email],
    )
    return Interest(*found) if found else None


def set_state(interest: int, state: str, at: datetime) -> None:
    """Confirms an interest or ends it; a mail that has not left stays here."""
    run(
        """UPDATE product_interest SET state = %s, ended_at = CASE WHEN %s = 'ended' THEN %s::timestamptz END
           WHERE id = %s""",
        [state, state, at, interest],
    )
    keep_what_waits(interest, "they said so themselves before it left")


def end_all(email: str, at: datetime) -> None:
    """An address waits for nothing any more."""
    for (interest,) in rows(
        "SELECT id FROM product_interest WHERE email = lower(%s) AND state IN ('unconfirmed', 'waiting') ORDER BY id",
        [email],
    ):
        set_state(interest, ENDED, at)


def lock_waiting(product: int) -> list[tuple[int, int]]:
    """Those who wait for a product, under lock: (row, units), the first who asked first."""
    found = rows(
        """SELECT id, units FROM product_interest WHERE product_id = %s AND state = 'waiting'
           ORDER BY id FOR NO KEY UPDATE""",
        [product],
    )
    return [(id_, units) for id_, units in found]


def units_told_since(product: int, since: datetime) -> int:
    """Units for which somebody was told since an instant: they may be about to buy."""
    found = one(
        """SELECT coalesce(sum(units), 0)::bigint FROM product_interest
           WHERE product_id = %s AND state = 'told' AND told_at > %s""",
        [product, since],
    )
    return int(found[0])


def tell(interests: Sequence[int], at: datetime) -> None:
    """These are told now: their mail is queued, once."""
    run("UPDATE product_interest SET state = 'told', told_at = %s WHERE id = ANY(%s)", [at, list(interests)])
    queue(interests, BACK, at)


def products_waited_for(products: Sequence[int]) -> list[int]:
    """Those of some products for which somebody waits."""
    found = rows(
        "SELECT DISTINCT product_id FROM product_interest WHERE product_id = ANY(%s) AND state = 'waiting'",
        [list(products)],
    )
    return sorted(product for (product,) in found)


def next_waited_for(after: int, most: int) -> list[int]:
    """The next products for which somebody waits, by id."""
    found = rows(
        """SELECT DISTINCT product_id FROM product_interest WHERE state = 'waiting' AND product_id > %s
           ORDER BY 1 LIMIT %s""",
        [after, most],
    )
    return [product for (product,) in found]

"""Which queued messages may leave next: an order's in their order, those that go together at once, locked."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from raincheck.core.quiet import OPTIONS
from raincheck.core.settings import Settings
from raincheck.store.db import row, rows
from raincheck.store.ship_to_zone import ship_to_zone


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queued notice, locked until the transaction ends. `phone` empty: none is known."""

    id: int
    at: datetime
    event: str
    order: int
    order_ref: str
    customer: int | None
    channel: str
    address: str
    attempts: int
    is_held: bool
    phone: str
    country: str
    postcode: str

    def zone(self, settings: Settings) -> ZoneInfo:
        """Where the order goes, as far as that is known."""
        return ship_to_zone(self.country, self.postcode, settings.timezone)

    def day_of(self, at: datetime, settings: Settings) -> date:
        """The date of an instant where the order goes."""
        return at.astimezone(self.zone(settings)).date()


_COLUMNS = """n.id, n.at, n.event, o.id, o.ref, n.customer_id, n.channel, n.address, n.attempts,
              n.held_until IS NOT NULL, coalesce(c.phone, ''), coalesce(nullif(o.country, ''), c.country, ''),
              coalesce(nullif(o.postcode, ''), c.postcode, '')"""
_FROM = "FROM notice n JOIN sales_order o ON o.id = n.order_id LEFT JOIN customer c ON c.id = n.customer_id"

# The first of its order that is not held, so that nobody reads "shipped" before "confirmed" however many workers there
# are. What is held goes with it, if it goes together at all. An option does not wait for what is to be tried again: it
# counts from the day on which it leaves.
_NEXT = f"""
    SELECT n.fact_id, {_COLUMNS} {_FROM}
    WHERE n.state = 'queued' AND n.channel = %s
      AND (n.try_again_at IS NULL OR n.try_again_at <= %s) AND (n.held_until IS NULL OR n.held_until <= %s)
      AND NOT EXISTS (
          SELECT 1 FROM notice e
          WHERE e.order_id = n.order_id AND e.id < n.id AND e.state = 'queued' AND e.channel = n.channel
            AND (e.held_until IS NULL OR e.held_until <= %s)
            AND (n.event <> ALL(%s) OR e.try_again_at IS NULL OR e.try_again_at <= %s))
    ORDER BY n.id LIMIT 1 FOR NO KEY UPDATE OF n SKIP LOCKED"""  # noqa: S608 - made of constants of ours

_TOGETHER = f"""
    SELECT {_COLUMNS} {_FROM}
    WHERE n.order_id = %s AND n.id <> %s AND n.state = 'queued' AND n.channel = %s AND n.address = %s
      AND (n.fact_id = %s OR n.held_until IS NOT NULL)
      AND (n.try_again_at IS NULL OR n.try_again_at <= %s)
    ORDER BY n.id FOR NO KEY UPDATE OF n SKIP LOCKED"""


def lock_next(channel: str, now: datetime) -> tuple[Waiting, list[Waiting]] | None:
    """The first message of a channel that may leave, and those of its order that may leave with it; None if none may.

    With it may go what the same fact made true, and what its customer's quiet hours held. Messages that another worker
    holds are passed over, and so are later ones of the same orders.
    """
    found = row(_NEXT, [channel, now, now, now, sorted(OPTIONS), now])
    if found is None:
        return None
    fact, *columns = found
    first = Waiting(*columns)
    others = rows(_TOGETHER, [first.order, first.id, channel, first.address, fact, now])
    return first, [Waiting(*other) for other in others]


def waiting_options(channel: str) -> list[Waiting]:
    """The options of a channel that wait to leave, whether they may yet or not; none of them is locked."""
    which = "WHERE n.state = 'queued' AND n.channel = %s AND n.event = ANY(%s) ORDER BY n.id"
    return [Waiting(*found) for found in rows(f"SELECT {_COLUMNS} {_FROM} {which}", [channel, sorted(OPTIONS)])]


def lock_waiting(notice: int) -> Waiting | None:
    """A message that waits to leave, locked; None where it does not any more, or another worker has it in hand."""
    which = "WHERE n.id = %s AND n.state = 'queued' FOR NO KEY UPDATE OF n SKIP LOCKED"
    found = row(f"SELECT {_COLUMNS} {_FROM} {which}", [notice])
    return Waiting(*found) if found else None


def why_bad(address: str) -> str | None:
    """Why mail to an address is known not to arrive; None where nothing is known."""
    found = row("SELECT reason FROM bad_address WHERE address = %s", [address.lower()])
    return str(found[0]) if found else None

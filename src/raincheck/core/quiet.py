"""What a customer has to be told whatever they wish, and until when a message waits for their night to end."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from raincheck.core.consent import OptionNotice

OPTIONS: Final = frozenset(notice.value for notice in OptionNotice)
AT_ONCE: Final = frozenset({"link_sent"})
"""What the customer asked for in this moment: no quiet hours hold it."""
ALWAYS_TOLD: Final = (
    OPTIONS
    | AT_ONCE
    | {"order_confirmed", "cancelled", "refunded", "payment_failed", "address_changed"}
    | {"answer_received", "withdrawal_received"}
)
"""What the law, the contract of sale or safety asks to be said: it goes also to those who want no messages."""

LAST_MOMENT: Final = timedelta(hours=1)
"""How long before the end of the customer's day an option leaves at the latest: mail needs time as well."""


def is_wanted(event: str, *, wants_mail: bool) -> bool:
    """Whether a message goes to a customer with this wish."""
    return wants_mail or event in ALWAYS_TOLD


def quiet_until(at: datetime, zone: ZoneInfo, begins: time | None, ends: time | None) -> datetime | None:
    """When the quiet hours end in which an instant lies; None if it lies in none.

    `begins` and `ends` are times of day in `zone`; hours that end before they begin run over midnight.
    """
    if begins is None or ends is None or begins == ends:
        return None
    local = at.astimezone(zone)
    now = local.time()
    if begins < ends:
        if not begins <= now < ends:
            return None
        last_day = local.date()
    elif now >= begins:
        last_day = local.date() + timedelta(days=1)
    elif now < ends:
        last_day = local.date()
    else:
        return None
    # A time that the clock shows twice ends them the second time, one that it skips as soon as it is past.
    end = max(datetime.combine(last_day, ends.replace(fold=fold), zone).astimezone(at.tzinfo) for fold in (0, 1))
    return end if end > at else None


def held_until(event: str, queued_at: datetime, zone: ZoneInfo, quiet_ends_at: datetime) -> datetime:
    """Until when a message that meets quiet hours is held, at most.

    An option to wait or cancel counts from the day on which it is given, so it leaves on the day that it was queued,
    where the customer is (semantics 3, rule 6).
    """
    if event in AT_ONCE:
        return queued_at
    if event not in OPTIONS:
        return quiet_ends_at
    return min(quiet_ends_at, last_moment(queued_at, zone))


def last_moment(at: datetime, zone: ZoneInfo) -> datetime:
    """When an option leaves at the latest on the day of an instant, where the customer is."""
    next_day = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(next_day, time(0), zone).astimezone(at.tzinfo) - LAST_MOMENT

"""Messages to customers: the list, and one as the customer sees it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from raincheck.store.order_links import without_secrets
from raincheck.store.reads.named import first_named, named_row, named_rows

PAGE: Final = 50
RETURNED_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in the list."""

    id: int
    at: datetime
    event: str
    order_ref: str
    customer: str
    channel: str
    state: str
    address: str
    subject: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message, whole. `subject` and `body` are empty until the worker has written it."""

    id: int
    at: datetime
    event: str
    order_ref: str
    customer: str
    channel: str
    state: str
    address: str
    subject: str
    body: str
    html: str
    detail: dict[str, Any]
    attempts: int
    try_again_at: datetime | None
    sent_at: datetime | None
    failure: str
    held_until: datetime | None
    language: str
    template_version: int

    def without_links(self) -> "MessageView":
        """For somebody who may not act for the customer."""
        return replace(self, body=without_secrets(self.body), html=without_secrets(self.html))


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A message by one channel to one address. `together`: how many notices left in the same message."""

    message: int
    channel: str
    address: str
    state: str
    attempts: int
    queued_at: datetime
    try_again_at: datetime | None
    sent_at: datetime | None
    message_id: str
    text: str
    proof: str
    failure: str
    together: int

    def without_links(self) -> "ChannelView":
        """For somebody who may not act for the customer."""
        return replace(self, text=without_secrets(self.text))


@dataclass(frozen=True, slots=True)
class ReturnedLately:
    """Reports of the last `RETURNED_DAYS` days, and addresses that mail is known not to reach."""

    hard: int
    soft: int
    complaints: int
    unknown: int
    bad_addresses: int


_FROM: Final = """
    FROM notice n JOIN sales_order o ON o.id = n.order_id LEFT JOIN customer u ON u.id = n.customer_id
"""


def message_rows(state: str, order_ref: str, before: int | None, limit: int = PAGE) -> list[MessageRow]:
    """Messages, the newest first; one more than `limit` when there are more. One query."""
    conditions = ["true"]
    params: dict[str, Any] = {"limit": limit + 1}
    for name, value, column in (("state", state, "n.state"), ("ref", order_ref, "o.ref")):
        if value:
            conditions.append(f"{column} = %({name})s")
            params[name] = value
    if before is not None:
        conditions.append("n.id < %(before)s")
        params["before"] = before
    return named_rows(
        MessageRow,
        f"""SELECT n.id, n.at, n.event, o.ref AS order_ref, coalesce(nullif(u.name, ''), u.code, '') AS customer,
                   n.channel, n.state, n.address, n.subject
            {_FROM} WHERE {" AND ".join(conditions)} ORDER BY n.id DESC LIMIT %(limit)s""",
        params,
    )


_WHOLE: Final = f"""
    SELECT n.id, n.at, n.event, o.ref AS order_ref, coalesce(nullif(u.name, ''), u.code, '') AS customer,
           n.channel, n.state, n.address, n.subject, n.body, n.html, n.detail, n.attempts,
           n.try_again_at, n.sent_at, n.failure, n.held_until, n.language, n.template_version
    {_FROM}"""


def message_view(message: int) -> MessageView | None:
    """The message with this id, or None. One query."""
    return first_named(MessageView, f"{_WHOLE} WHERE n.id = %(id)s", {"id": message})


def messages_of(order: int, after: int, limit: int) -> list[MessageView]:
    """What was told about an order, the oldest first: behind an id, at most so many. One query."""
    return named_rows(
        MessageView,
        f"{_WHOLE} WHERE n.order_id = %(order)s AND n.id > %(after)s ORDER BY n.id LIMIT %(limit)s",
        {"order": order, "after": after, "limit": limit},
    )


def channel_views(*messages: int) -> list[ChannelView]:
    """How messages went, by each channel. One query."""
    return named_rows(
        ChannelView,
        """SELECT d.notice_id AS message, d.channel, d.address, d.state, d.attempts, d.queued_at, d.try_again_at,
                  d.sent_at, d.message_id,
                  CASE WHEN d.channel = 'sms' THEN d.text ELSE '' END AS text, d.proof, d.failure,
                  CASE WHEN d.message_id = '' THEN 1
                       ELSE (SELECT count(*) FROM notice_delivery o WHERE o.message_id = d.message_id) END AS together
           FROM notice_delivery d WHERE d.notice_id = ANY(%(messages)s) ORDER BY d.id""",
        {"messages": list(messages)},
    )


def returned_lately() -> ReturnedLately:
    """What came back of late, as reported. One query."""
    return named_row(
        ReturnedLately,
        """SELECT count(*) FILTER (WHERE kind = 'hard' AND result = 'matched') AS hard,
                  count(*) FILTER (WHERE kind = 'soft' AND result = 'matched') AS soft,
                  count(*) FILTER (WHERE kind = 'complaint' AND result = 'matched') AS complaints,
                  count(*) FILTER (WHERE result = 'unknown') AS unknown,
                  (SELECT count(*) FROM bad_address) AS bad_addresses
           FROM bounce WHERE at > now() - make_interval(days => %(days)s)""",
        {"days": RETURNED_DAYS},
    )

"""What an order's customer was told: when, by which channel, in which words, and how it went."""

from collections.abc import Iterable
from typing import Any

from ninja import Query, Router

from raincheck.api.answers import Answer, reads
from raincheck.api.cursor import cut, number_in
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import RefInPath, known_order
from raincheck.api.shapes.messages import MessagesAnswer, MessagesQuery
from raincheck.store.reads.mailbox import ChannelView, MessageView, channel_views, messages_of

router = Router(tags=["Messages"], by_alias=True)
ACTS = "order.change"
"""The scope of those who may act for a customer, as the links in a message do."""


@router.get(
    "/orders/{path:ref}/messages",
    auth=ApiKey("mailbox.view"),
    response=MessagesAnswer,
    operation_id="listMessages",
    summary="What an order's customer was told",
)
@reads
def show(request: ApiRequest, ref: RefInPath, asked: Query[MessagesQuery]) -> Answer:
    """Each message with its words and how it went by each channel, the oldest first. Pages by cursor."""
    found = messages_of(known_order(ref).id, number_in(asked.cursor, "messages") or 0, asked.limit + 1)
    rows, cursor = cut("messages", found, asked.limit, lambda row: (row.id,))
    channels = channel_views(*(row.id for row in rows))
    if ACTS not in request.auth.permissions:
        rows, channels = [row.without_links() for row in rows], [way.without_links() for way in channels]
    content = {
        "messages": [_shown(row, [way for way in channels if way.message == row.id]) for row in rows],
        "next_cursor": cursor,
    }
    return Answer(content)


def _shown(row: MessageView, channels: Iterable[ChannelView]) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "event": row.event,
        "state": row.state,
        "channel": row.channel,
        "address": row.address or None,
        "language": row.language or None,
        "subject": row.subject or None,
        "text": row.body or None,
        "attempts": row.attempts,
        "sent_at": row.sent_at,
        "held_until": row.held_until,
        "try_again_at": row.try_again_at,
        "failure": row.failure or None,
        "channels": [
            {
                "channel": way.channel,
                "address": way.address,
                "state": way.state,
                "attempts": way.attempts,
                "queued_at": way.queued_at,
                "try_again_at": way.try_again_at,
                "sent_at": way.sent_at,
                "message_id": way.message_id or None,
                "together": way.together,
                "text": way.text or None,
                "proof": way.proof or None,
                "failure": way.failure or None,
            }
            for way in channels
        ],
    }

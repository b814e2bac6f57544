"""What customers were told, in and out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from raincheck.api.shapes.fields import Shape
from raincheck.api.shapes.lists import Cursor, Limit, NextCursor


class MessagesQuery(Shape):
    """Which page."""

    limit: Limit = 100
    cursor: Cursor = ""


class MessageByChannel(BaseModel):
    """A message by one channel to one address."""

    channel: Literal["email", "sms"]
    address: str
    state: Annotated[
        Literal["queued", "sent", "kept", "failed", "bounced", "unwanted"],
        Field(
            description="sent: a server took it. kept: nothing is set up that sends. failed: given up. bounced: taken "
            "first, then returned. unwanted: the customer wants no such messages."
        ),
    ]
    attempts: int
    queued_at: datetime
    try_again_at: datetime | None
    sent_at: datetime | None
    message_id: Annotated[
        str | None, Field(description="The Message-ID of a mail; messages that left as one share it.")
    ]
    together: Annotated[int, Field(description="How many messages of the order left as one.")]
    text: Annotated[str | None, Field(description="What a text message said.")]
    proof: Annotated[str | None, Field(description="What the server said when it took it.")]
    failure: Annotated[str | None, Field(description="What went wrong.")]


class Message(BaseModel):
    """Something that an order's customer was told, or is to be told."""

    id: int
    at: Annotated[datetime, Field(description="When it became true.")]
    event: Annotated[str, Field(description="What it tells of.", examples=["delayed"])]
    state: Annotated[
        Literal["queued", "sent", "kept", "failed"],
        Field(description="kept: nothing was sent, for want of a mail server, an address or a wish for it."),
    ]
    channel: Annotated[Literal["email", "sms", "none"], Field(description="none: there is no address.")]
    address: str | None
    language: str | None
    subject: Annotated[str | None, Field(description="null: the worker has not written it yet.")]
    text: Annotated[
        str | None,
        Field(
            description="What it says. Its links let whoever has them act for the customer: to a key without the scope "
            "order.change their secret part is [link]."
        ),
    ]
    attempts: int
    sent_at: datetime | None
    held_until: Annotated[datetime | None, Field(description="It is quiet time where the customer is, until then.")]
    try_again_at: datetime | None
    failure: Annotated[str | None, Field(description="What went wrong.")]
    channels: list[MessageByChannel]


class MessagesAnswer(BaseModel):
    """A page of messages."""

    messages: list[Message]
    next_cursor: NextCursor

"""What the audit checks of messages: name, what must hold, the statement that finds what breaks it."""

from typing import Final

_NOTICE: Final = "'message ' || n.id || ' (' || n.event || ')'"

MESSAGE_INVARIANTS: Final = (
    (
        "messages sent are on record",
        "a message counts as sent by the channel and to the address at which it was taken",
        f"""SELECT {_NOTICE}, 'to ' || n.address FROM notice n
            WHERE n.state = 'sent' AND NOT EXISTS (
                SELECT 1 FROM notice_delivery d WHERE d.notice_id = n.id AND d.state = 'sent')""",
    ),
)

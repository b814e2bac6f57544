"""How it went with a message: what it said, and whether it left."""

from collections.abc import Sequence
from datetime import datetime

from raincheck.store.bounces import forget_bad
from raincheck.store.db import row, run

TASK_KIND = "message"
FAILURE_LENGTH = 500


def mark_carried(notices: Sequence[int], at: datetime, subject: str, body: str, html: str, *, has_left: bool) -> None:
    """Keeps what a message said, for each notice in it. One that has left is sent; another stays in the mailbox."""
    run(
        """UPDATE notice SET state = %s, sent_at = %s, subject = %s, body = %s, html = %s, failure = '',
                  try_again_at = NULL, attempts = attempts + 1 WHERE id = ANY(%s)""",
        ["sent" if has_left else "kept", at if has_left else None, subject, body, html, list(notices)],
    )


def mark_words(notice: int, language: str, template_version: int) -> None:
    """Keeps which words a message was written with: version 0 is the shipped ones of that language."""
    run("UPDATE notice SET language = %s, template_version = %s WHERE id = %s", [language, template_version, notice])


def mark_unwanted(notices: Sequence[int], why: str) -> None:
    """Keeps messages that their customer does not want; nothing is said."""
    run(
        "UPDATE notice SET state = 'kept', try_again_at = NULL, failure = %s WHERE id = ANY(%s)",
        [why[:FAILURE_LENGTH], list(notices)],
    )


def mark_held(notice: int, until: datetime) -> None:
    """Holds a message until its customer's quiet hours end."""
    run("UPDATE notice SET held_until = %s WHERE id = %s", [until, notice])


def mark_postponed(notices: Sequence[int], try_again_at: datetime, failure: str) -> None:
    """Notes a failed attempt and when the next one is."""
    run(
        "UPDATE notice SET attempts = attempts + 1, try_again_at = %s, failure = %s WHERE id = ANY(%s)",
        [try_again_at, failure[:FAILURE_LENGTH], list(notices)],
    )


def mark_failed(notices: Sequence[int], failure: str) -> None:
    """Gives messages up."""
    run(
        """UPDATE notice SET state = 'failed', attempts = attempts + 1, try_again_at = NULL, failure = %s
           WHERE id = ANY(%s)""",
        [failure[:FAILURE_LENGTH], list(notices)],
    )


def mark_arrived(notice: int, at: datetime) -> None:
    """A message that was given up, or not wanted as mail, reached its customer by another channel."""
    run(
        """UPDATE notice SET state = 'sent', sent_at = %s
           WHERE id = %s AND (state = 'failed' OR state = 'kept' AND EXISTS (
               SELECT 1 FROM notice_delivery d WHERE d.notice_id = notice.id AND d.state = 'unwanted'))""",
        [at, notice],
    )


def ask_a_person(notice: int, at: datetime, instead: tuple[str, str] | None = None) -> None:
    """Hands the order of a message that was given up to a person, once however many of its messages fail.

    `instead`: the number that a text went to and why that failed, where the message was not wanted as mail.
    """
    phone, failure = instead or (None, None)
    run(
        """INSERT INTO task (kind, text, order_id, opened_at, closed_by)
           SELECT %s, left('Messages to ' || v.address || ' do not arrive: ' || v.failure, 500), v.order_id, %s, ''
           FROM (SELECT order_id, CASE WHEN state = 'failed' THEN address ELSE coalesce(%s, address) END AS address,
                        CASE WHEN state = 'failed' THEN failure ELSE coalesce(%s, failure) END AS failure
                 FROM notice WHERE id = %s) v
           WHERE NOT EXISTS (
               SELECT 1 FROM task t WHERE t.order_id = v.order_id AND t.kind = %s AND t.closed_at IS NULL)""",
        [TASK_KIND, at, phone, failure, notice, TASK_KIND],
    )


def queue_again(notice: int, at: datetime, actor: str) -> bool:
    """Queues a failed message anew, to the address that its customer has now; False if it has not failed.

    Closes the task that it opened.
    """
    queued = row(
        """UPDATE notice n SET state = 'queued', attempts = 0, failure = '',
                  address = coalesce((SELECT CASE n.channel WHEN 'sms' THEN nullif(phone, '') ELSE nullif(email, '') END
                                      FROM customer WHERE id = n.customer_id), n.address)
           WHERE n.id = %s AND n.state = 'failed' RETURNING n.order_id, n.address""",
        [notice],
    )
    if queued is None:
        return False
    # Whoever sends it again to an address that mail came back from has seen to it that it works.
    forget_bad(queued[1])
    run(
        """UPDATE task SET closed_at = %s, closed_by = %s
           WHERE kind = %s AND order_id = %s AND closed_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM notice WHERE order_id = %s AND state = 'failed')""",
        [at, actor, TASK_KIND, queued[0], queued[0]],
    )
    return True

"""Messages about our messages: delivery status notifications (RFC 3464) and spam reports (RFC 5965).

A mailbox file (mbox) or one message. Only the standard forms are read: what a person wrote, what says that it arrived
or still tries, and anything else is left alone.
"""

import email
import hashlib
import mailbox
import tempfile
from collections.abc import Iterator
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from typing import BinaryIO, Final

from raincheck.actions.take_bounce import BounceKind, BounceReport
from raincheck.core.errors import Malformed

MOST_BYTES: Final = 200_000_000
MAILBOX_FULL: Final = "5.2.2"  # Said to be for good, but people tidy up.


def read_reports(file: BinaryIO) -> Iterator[BounceReport | None]:
    """The report in each message of a file, None for a message that is none.

    Raises Malformed for a file that is too large, before anything of it is read.
    """
    beginning = file.read(5)
    with tempfile.NamedTemporaryFile(suffix=".mbox") as copy:
        copy.write(beginning)
        left = MOST_BYTES - len(beginning)
        while left > 0 and (block := file.read(min(left, 1_048_576))):
            copy.write(block)
            left -= len(block)
        if file.read(1):
            raise Malformed(f"a file of reports has at most {MOST_BYTES // 1_000_000} MB: split the mailbox")
        copy.flush()
        if beginning == b"From ":
            box = mailbox.mbox(copy.name, create=False)
            for key in box.keys():  # noqa: SIM118 - a mailbox is no mapping: iterating it reads all messages
                yield report_of(box.get_bytes(key))
        else:
            yield report_of(Path(copy.name).read_bytes())


def report_of(content: bytes) -> BounceReport | None:
    """What a message reports; None if nothing that counts."""
    message = email.message_from_bytes(content)
    if message.get_content_type() != "multipart/report":
        return None
    digest = hashlib.sha256(content).hexdigest()
    parts = [part for part in message.walk() if part is not message]
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            return _status(part, parts, digest)
        if part.get_content_type() == "message/feedback-report":
            return _complaint(part, parts, digest)
    return None


def _status(part: Message, parts: list[Message], digest: str) -> BounceReport | None:
    """The first recipient that failed: our messages have one."""
    for fields in _blocks(part):
        if str(fields.get("Action", "")).strip().lower() != "failed":
            continue
        status = str(fields.get("Status", "")).strip().split(" ")[0]
        is_final = status.startswith("5") and status != MAILBOX_FULL
        said = str(fields.get("Diagnostic-Code", "")).partition(";")[2].strip()
        return BounceReport(
            BounceKind.HARD if is_final else BounceKind.SOFT,
            _message_id(parts),
            _address(str(fields.get("Original-Recipient") or fields.get("Final-Recipient") or "")),
            said if status in said.split() else f"{status} {said}".strip(),
            digest,
        )
    return None


def _complaint(part: Message, parts: list[Message], digest: str) -> BounceReport | None:
    for fields in _blocks(part):
        kind = str(fields.get("Feedback-Type", "")).strip().lower()
        if kind in ("abuse", "fraud", "other"):
            address = _address(str(fields.get("Original-Rcpt-To", "")))
            return BounceReport(BounceKind.COMPLAINT, _message_id(parts), address, f"reported as {kind}", digest)
    return None


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report's machine-readable part."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [block for block in payload if isinstance(block, Message)]
    return [email.message_from_string(str(payload))]


def _message_id(parts: list[Message]) -> str:
    """The id of the message that it is about, from its copy or the copy of its headers."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            found = email.message_from_string(str(part.get_payload())).get("Message-ID")
        elif part.get_content_type() == "message/rfc822":
            found = next((inner.get("Message-ID") for inner in _blocks(part)), None)
        else:
            found = None
        if found:
            return str(found).strip()
    return ""


def _address(field: str) -> str:
    """`rfc822; ann@example.com` as an address."""
    return parseaddr(field.rpartition(";")[2].strip())[1]

"""An order's record as one file to hand over: a ZIP with everything in plain text, and the checksum of each part."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from raincheck.store.reads.law_evidence import evidence

README: Final = """Record of order {ref}, sold by {company}. Put together {at}.

chronology.txt   everything in the order of time: what happened, who did it, how it came
messages/        each message to the customer: its whole text, where it went, how, and what proves it
record.json      the same and more, for programs
rules.txt        the rules of the law that the software keeps, with their sources, and how it keeps them
MANIFEST.sha256  the checksum of each of these files: sha256sum -c MANIFEST.sha256

Links to the customer's page are written without their secret part.
Instants are UTC. Days of the law are days at the place to which the order goes.
"""

PROCEDURE: Final = """How the rules are kept
A clock starts for each line when the order is received, and is never set back. The time told is written once.
A later date is told by itself when it has settled, at the latest on the last day that the law allows.
A line whose last day has passed is cancelled at the first instant of the next day, before anything else happens, and
nothing of it ships after that. A message that does not arrive counts as never sent, and a person is asked to call.
Every entry of this record was written in the transaction that it tells of; the database refuses to change or delete it.
"""


def evidence_pack(ref: str, at: datetime) -> bytes | None:
    """The ZIP of an order's record as of an instant; None for no such order. The same record gives the same bytes."""
    record = evidence(ref)
    if record is None:
        return None
    record["printed_at"] = at.astimezone(UTC).isoformat()
    files = {"record.json": orjson.dumps(record, option=orjson.OPT_INDENT_2), **_texts(ref, record)}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["MANIFEST.sha256"] = sums.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=at.astimezone(UTC).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _texts(ref: str, record: Mapping[str, Any]) -> dict[str, bytes]:
    texts = {
        "README.txt": README.format(ref=ref, company=record["company"], at=record["printed_at"]),
        "chronology.txt": _chronology(ref, record),
        "rules.txt": _rules(record),
    }
    for message in record["messages"]:
        texts[f"messages/{message['id']:08d}-{message['event']}.txt"] = _message(message)
    return {name: text.encode() for name, text in texts.items()}


def _chronology(ref: str, record: Mapping[str, Any]) -> str:
    lines = [f"Order {ref} in the order of time. Instants are UTC.", ""]
    for entry in record["chronology"]:
        who = f" [{entry['by']}, {entry['came_by']}]" if entry["by"] else ""
        lines.append(f"{entry['at']}  {entry['what']}{who}")
    return "\n".join([*lines, ""])


def _rules(record: Mapping[str, Any]) -> str:
    parts: list[str] = []
    for law in record["laws"].values():
        parts += [law["title"], *(f"- {rule['says']} ({rule['source']}; {rule['name']})" for rule in law["rules"]), ""]
    for exemption in record["exemptions"]:
        parts += [f"Exempt: {exemption['reason']} ({exemption['by']}, {exemption['at']})", ""]
    return "\n".join([*parts, PROCEDURE])


def _message(message: Mapping[str, Any]) -> str:
    version = message["template_version"]
    words = f"version {version} of the company's own" if version else "as shipped"
    head = [
        f"Event: {message['event']}",
        f"Written: {message['at']}",
        f"State: {message['state']}",
        f"Words: {words}, language {message['language'] or 'en'}",
    ]
    for sent in message["deliveries"] or [message]:
        head.append(f"Channel: {sent['channel']}, to {sent['address'] or 'no address'}: {sent['state']}")
        head.append(f"  attempts {sent['attempts']}, sent {sent['sent_at'] or 'never'}")
        head += [f"  {name}: {sent[name]}" for name in ("message_id", "proof", "failure") if sent.get(name)]
        if sent.get("text"):
            head += ["  text message:", f"  {sent['text']}"]
    return "\n".join([*head, f"Subject: {message['subject']}", "", message["text"] or "(not written yet)", ""])

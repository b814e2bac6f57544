"""An order's record as one list in the order of time: what happened, who did it and how it came."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from raincheck.words.law import event_sentence

_ON_CLOCKS: Final = frozenset({"law_vested", "law_option_due"})
"""Facts that say nothing which their clocks' own entries do not say."""


def chronology(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """`at` (UTC), `what`, `by` and `came_by` of everything in a record (`law_evidence`), the earliest first."""
    entries = [
        {"at": record["order"]["placed_at"], "what": "The order was received.", "by": "", "came_by": _channel(record)},
        *_facts(record),
        *_clocks(record),
        *_messages(record),
        *_goods(record),
        *_money(record),
    ]
    return sorted(entries, key=lambda entry: entry["at"])


def came_by(actor: str) -> str:
    """How something came, by whoever the record names as having done it."""
    if not actor:
        return "by itself"
    if actor == "customer":
        return "the customer's page"
    return "API" if actor.startswith("api:") else "a person in the console"


def _channel(record: Mapping[str, Any]) -> str:
    return str(record["order"]["channel"]) or "no channel named"


def _facts(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for fact in record["facts"]:
        if fact["what"] in _ON_CLOCKS:
            continue
        said = "; ".join(f"{name} {value}" for name, value in fact["detail"].items() if value not in ("", None, {}, []))
        what = fact["what"].replace("_", " ").capitalize()
        yield _entry(fact["at"], f"{what}{f' ({said})' if said else ''}.", fact["by"])


def _clocks(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for line in record["lines"]:
        for clock in line["clocks"]:
            for event in clock["record"]:
                supply = _supply(event["detail"].get("supply"))
                sentence = f"{line['sku']}, {clock['law']}: {event_sentence(event['what'], event['detail'])}{supply}"
                yield _entry(event["at"], sentence, event["by"])


def _supply(pegs: Any) -> str:
    """What a day told was based on."""
    if not pegs:
        return ""
    parts = [f"{units} from {ref or kind.replace('_', ' ')}{f', due {due}' if due else ''}" for units, kind, ref, due
             in pegs]  # fmt: skip
    return f" Based on: {'; '.join(parts)}."


def _messages(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for message in record["messages"]:
        name = f"message {message['id']}, {message['event']}"
        yield _entry(message["at"], f"Written: {name}.", "")
        for sent in message["deliveries"] or [message]:
            how = f"{sent['channel']} to {sent['address']}"
            proof = f", the server answered: {sent['proof']}" if sent.get("proof") else ""
            if sent["sent_at"]:
                yield _entry(sent["sent_at"], f"Sent by {how}: {name}, attempt {sent['attempts']}{proof}.", "")
            if sent["failure"]:
                yield _entry(
                    sent["sent_at"] or message["at"], f"Not delivered by {how}: {name}; {sent['failure']}.", ""
                )


def _goods(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for parcel in record["shipments"]:
        what = ", ".join(f"{units} {sku}" for sku, units in (parcel["lines"] or {}).items())
        if parcel["shipped_at"]:
            yield _entry(parcel["shipped_at"], f"Parcel {parcel['id']} handed to the carrier: {what}.", "")
        if parcel["delivered_at"]:
            yield _entry(parcel["delivered_at"], f"Parcel {parcel['id']} delivered.", "")


def _money(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for payment in record["payments"]:
        proof = f", reference {payment['proof']}" if payment["proof"] else ""
        yield _entry(payment["at"], f"Money: {payment['kind']} {payment['amount']} {payment['currency']}{proof}.", "")
    for request in record["card_requests"]:
        if request["state"] == "declined" and request["answered_at"]:
            what = f"The card processor declined: {request['kind']} {request['amount']} {request['currency']}"
            yield _entry(request["answered_at"], f"{what}; {request['reason']}.", "")
    for one in (record["withdrawal"] or {}).get("declared", ()):
        at = one["at"].isoformat() if not isinstance(one["at"], str) else one["at"]
        what = f"The customer withdrew from {one['units']} {one['sku']} ({one['how']}); due back {one['refund_due_on']}"
        yield _entry(at, f"{what}.", "")


def _entry(at: str, what: str, by: str) -> dict[str, str]:
    return {"at": at, "what": what, "by": by, "came_by": came_by(by)}

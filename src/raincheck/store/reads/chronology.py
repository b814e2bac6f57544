"""An order's record as one list in the order of time: what happened, who did it and how it came."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from raincheck.core.money import decimals_of, rounded
from raincheck.words.law import REGIMES, event_sentence, supply_sentence

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
    # An order's money is of one currency, which its facts need not name.
    currency = next((money["currency"] for money in (*record["payments"], *record["card_requests"])), "")
    for fact in record["facts"]:
        if fact["what"] in _ON_CLOCKS:
            continue
        said = "; ".join(
            f"{name.replace('_', ' ')} "
            + (_amount({"amount": value, "currency": currency}) if name == "amount" and currency else _said(value))
            for name, value in fact["detail"].items()
            if value not in ("", None, {}, [])
        )
        what = fact["what"].replace("_", " ").capitalize()
        yield _entry(fact["at"], f"{what}{f' ({said})' if said else ''}.", fact["by"])


def _clocks(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for line in record["lines"]:
        for clock in line["clocks"]:
            title = REGIMES[clock["law"]]
            for event in clock["record"]:
                said = event_sentence(event["what"], event["detail"])
                supply = supply_sentence(event["detail"].get("supply") or ())
                yield _entry(event["at"], f"{line['sku']}, {title}: {f'{said} {supply}'.strip()}", event["by"])


def _said(value: Any) -> str:
    """A detail of a fact as people write it: units by product, names one after the other."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_said(one)}" for name, one in value.items())
    return ", ".join(_said(one) for one in value) if isinstance(value, list) else str(value)


def _amount(of: Mapping[str, Any]) -> str:
    return f"{rounded(Decimal(of['amount']), decimals_of(of['currency']))} {of['currency']}"


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
            by = " ".join(filter(None, (parcel["carrier"], parcel["tracking_number"])))
            carrier = f"the carrier ({by})" if by else "the carrier"
            yield _entry(parcel["shipped_at"], f"Parcel {parcel['id']} handed to {carrier}: {what}.", "")
        if parcel["delivered_at"]:
            yield _entry(parcel["delivered_at"], f"Parcel {parcel['id']} delivered.", "")


def _money(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for payment in record["payments"]:
        proof = f", reference {payment['proof']}" if payment["proof"] else ""
        yield _entry(payment["at"], f"Money: {payment['kind']} {_amount(payment)}{proof}.", "")
    for request in record["card_requests"]:
        if request["state"] == "declined" and request["answered_at"]:
            what = f"The card processor declined: {request['kind']} {_amount(request)}"
            yield _entry(request["answered_at"], f"{what}; {request['reason']}.", "")
    for one in (record["withdrawal"] or {}).get("declared", ()):
        at = one["at"].isoformat() if not isinstance(one["at"], str) else one["at"]
        what = f"The customer withdrew from {one['units']} {one['sku']} ({one['how']}); due back {one['refund_due_on']}"
        yield _entry(at, f"{what}.", "")


def _entry(at: str, what: str, by: str) -> dict[str, str]:
    return {"at": at, "what": what, "by": by, "came_by": came_by(by)}

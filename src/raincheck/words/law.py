"""The law's clocks in sentences: what holds, what falls due, what was on record."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

REGIMES: Final = {"us-ftc-435": "16 CFR 435 (US)", "eu-2011-83": "Directive 2011/83 (EU)"}
WHY: Final = {
    "no_notice": "it was not shipped in time and the customer had not been asked",
    "long_delay": "the customer was asked and did not agree to wait",
    "renewed_option": "the new date passed and the customer had not been asked again",
    "renewed_silence": "the customer was asked again and did not agree to wait",
    "cancel": "the customer cancelled",
    "refusal": "the seller cancelled",
}


def holds_sentence(stage: str, due_on: str, by_on: str, *, delivery: bool) -> str:
    """How a clock stands. Days are written out already; `by_on` is empty where there is no last day."""
    if stage == "passed":
        return f"The agreed day, {due_on}, has passed. The customer can end the contract at once."
    if delivery:
        return f"Agreed to be delivered by {due_on}."
    if stage == "running":
        return f"Must ship by {due_on}, the time told when it was ordered."
    if stage == "silence_consents":
        return f"May ship until {by_on}: the customer was told, and silence is consent."
    if stage == "answer_needed":
        return f"Ends after {by_on} unless the customer agrees to wait."
    return f"The customer agreed to wait until {by_on}." if by_on else "The customer agreed to wait until it ships."


def due_sentence(*, asks: bool, delivery: bool, passed: bool = False) -> str:
    """What happens next by itself. `passed`: the customer was told already, and a further period of theirs runs."""
    if delivery and passed:
        return "The customer is told that the further period is over."
    if delivery:
        return "The customer is told that the agreed day has passed."
    if asks:
        return "The customer is asked to wait or cancel."
    return "If it has not shipped, it is cancelled and paid back."


def to_do_sentence(
    *, asks: bool, delivery: bool, reserved: int, open_units: int, in_time: bool, needs_yes: bool, reason: str = ""
) -> str:
    """The one thing that a person can do before it happens. `in_time`: it is expected to go by its last day.

    `reason` is why the line is where it is.
    """
    if reason == "payment_failed":
        return "Call the customer: the payment did not go through."
    if reason == "held":
        return "Release the order, or call the customer."
    if reserved:
        rest = " Find supply for the rest." if reserved < open_units else ""
        return f"Ship the {'one that lies' if reserved == 1 else f'{reserved} that lie'} here.{rest}"
    if delivery:
        return "Deliver it, or call the customer."
    if asks:
        return "Nothing: the message goes by itself."
    if in_time and reason == "lead_time":
        return "Order it from the supplier: nothing bought covers it."
    if in_time:
        return "Nothing: it is expected in time."
    return "Call the customer for a yes." if needs_yes else "Find supply, or call the customer."


def event_sentence(kind: str, detail: Mapping[str, Any]) -> str:
    """Something on the record of a clock."""
    goes_on, by_on = _day(detail.get("goes_on")), _day(detail.get("by_on"))
    sentences = {
        "started": f"Clock started: due {_day(detail.get('due_on'))}, {_due_from(detail)}.",
        "option": f"Asked to wait or cancel: {goes_on or 'no date'}. May ship until {by_on or 'any day'}.",
        "told": f"Told {goes_on or 'no date'}; no delay.",
        "consent": f"The customer agreed to wait{f' until {by_on}' if by_on else ' until it ships'}.",
        "told_in_person": f"A person told the customer: {detail.get('how')}.",
        "passed": "The agreed day has passed; told.",
        "too_late": "A delay came too late to be an option.",
        "void": "The message never arrived: it does not count as a notice.",
        "vested": f"Time ran out: {WHY.get(str(detail.get('rule')), 'its last day passed')}.",
        "cancelled": f"{detail.get('units')} cancelled. Money is due back by {_day(detail.get('refund_due_on'))}.",
        "refunded": f"Refunded {_amount(detail)}.",
        "refund_asked": f"The card processor was asked to pay back {_amount(detail)}.",
        "not_charged": "Nothing had been charged.",
        "substituted": f"{detail.get('to')} taken instead of {detail.get('from')}.",
        "moved": f"It goes to another address: its days end at midnight in {detail.get('to')}.",
        "no_way_back": f"Cannot go back as it was paid ({detail.get('reason')}): it goes as "
        f"{_plain(detail.get('method'))} by {_day(detail.get('refund_due_on'))}.",
        "refund_sent": f"Money sent back as {_plain(detail.get('method'))}: {detail.get('proof')}.",
        "fitting_period": f"The customer set a further period, until {_day(detail.get('until_on'))}."
        + (" The day was essential to them." if detail.get("is_essential") else ""),
        "fitting_over": f"The further period until {_day(detail.get('until_on'))} is over; told.",
        "exempted": f"Exempt: {detail.get('reason')}.",
    }
    told_by = f" By a person: {detail['told_by']}." if detail.get("told_by") else ""
    return sentences.get(kind, kind.replace("_", " ").capitalize() + ".") + told_by


def supply_sentence(pegs: Iterable[tuple[int, str, str | None, str | None]]) -> str:
    """What a day told was based on: units, the kind of supply, and of an inbound its reference and day."""
    bases = {"stock": "in stock", "lead_time": "by the supplier's lead time", "none": "without any supply"}
    parts = []
    for units, kind, ref, due in pegs:
        basis = f"from {ref}" if ref else bases.get(kind, _plain(kind))
        parts.append(f"{units} {basis}{f', due {_day(due)}' if due else ''}")
    return f"Based on: {'; '.join(parts)}." if parts else ""


def _due_from(detail: Mapping[str, Any]) -> str:
    """Where the time of a clock came from."""
    return (
        "by the day told when the order was placed" if detail.get("told_on") else "as the law has it: no day was told"
    )


def _amount(detail: Mapping[str, Any]) -> str:
    """As it was written down, in the currency's decimals; what was kept with four has two."""
    said = str(detail.get("amount") or 0)
    whole = Decimal(said).quantize(Decimal("0.01"))
    return f"{whole if whole == Decimal(said) and len(said.partition('.')[2]) > 3 else said} {detail.get('currency')}"


def _plain(text: Any) -> str:
    return str(text).replace("_", " ")


def _day(text: Any) -> str:
    if not text:
        return ""
    day = date.fromisoformat(str(text))
    return f"{day:%a} {day.day} {day:%b %Y}"

"""Money: charged, given back."""

from decimal import Decimal

from raincheck.notices.letter import Letter
from raincheck.notices.voice import Voice, joined
from raincheck.store.outbox_read import NoticeFacts


def charged(facts: NoticeFacts, voice: Voice) -> Letter:
    """How much, and for what."""
    amounts = _amounts(facts, voice)
    is_for_parcel = facts.charge == "shipment"
    for_what = "for what has just left for you" if is_for_parcel else "for your order"
    lead = [f"We have charged {_total(facts, voice)} {for_what}."]
    if len(amounts) > 1:
        lead.append(f"You will see {len(amounts)} payments: {joined(amounts)}.")
    if is_for_parcel and any(line.open_units for line in facts.order):
        lead.append("What is still to come you pay for when it leaves.")
    return Letter(
        subject=f"Your payment of {_total(facts, voice)} for order {facts.order_ref}",
        heading="Thank you for your payment",
        lead=(" ".join(lead),),
    )


def payment_failed(facts: NoticeFacts, voice: Voice) -> Letter:  # noqa: ARG001 - every letter is written so
    """The card was declined: what is kept, and what to do."""
    return Letter(
        subject=f"Your payment for order {facts.order_ref} did not go through",
        heading="Your payment did not go through",
        lead=(
            "Your bank declined the payment for what is ready to leave for you. Nothing was charged.",
            "We keep it for you for a few days and try again every day. To use another card, answer this message.",
        ),
    )


def refunded(facts: NoticeFacts, voice: Voice) -> Letter:
    """How much comes back."""
    return Letter(
        subject=f"You get {_total(facts, voice)} back for order {facts.order_ref}",
        heading="Your money is on its way back",
        lead=(f"We have sent {_total(facts, voice)} back to you. Your bank may take a few days to show it.",),
    )


def _amounts(facts: NoticeFacts, voice: Voice) -> list[str]:
    return [voice.money(line.amount, line.currency) for line in facts.said if line.amount is not None]


def _total(facts: NoticeFacts, voice: Voice) -> str:
    """The sum; amounts in different currencies side by side."""
    sums: dict[str, Decimal] = {}
    for line in facts.said:
        sums[line.currency] = sums.get(line.currency, Decimal(0)) + (line.amount or Decimal(0))
    return joined([voice.money(amount, currency) for currency, amount in sums.items()])

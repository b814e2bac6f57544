"""The laws that a company can sell under, as data: what each asks, and where it says so. Data, not advice.

Sources: 16 CFR Part 435 (Mail, Internet, or Telephone Order Merchandise), Directive 2011/83/EU. Paragraphs that were
not read in their own words but in the regulators' guides are marked `guide`. Have counsel check before you rely on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LawRule:
    """One thing that a law asks, in our words, and the paragraph that asks it."""

    name: str
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Regime:
    """A law's figures, in calendar days at the ship-to place, except `refund_working_days` (the seller's).

    `counts` is what has to happen by the day: shipment (the carrier has it) or delivery (the customer has it).
    `default_days` is the time allowed where no day was told at placing. `extension_days` is how far beyond it silence
    can be consent; None where silence never changes anything and nothing is cancelled by it. `credit_days` take the
    place of `default_days` where the buyer applied to the seller for credit with the order. `withdrawal_days` are
    those in which a buyer may send everything back without a reason, from the day on which the last part arrived;
    `withdrawal_refund_days` those within which the money then comes back.
    """

    name: str
    title: str
    counts: str
    default_days: int
    extension_days: int | None
    refund_working_days: int
    withdrawal_days: int | None
    withdrawal_refund_days: int
    credit_days: int | None
    rules: tuple[LawRule, ...]

    @property
    def cancels_by_silence(self) -> bool:
        """Whether a line that nobody consented to wait for is cancelled by itself."""
        return self.extension_days is not None


US_FTC_435: Final = Regime(
    name="us-ftc-435",
    title="16 CFR Part 435",
    counts="shipment",
    default_days=30,
    extension_days=30,
    refund_working_days=7,
    withdrawal_days=None,
    withdrawal_refund_days=0,
    credit_days=50,
    rules=(
        LawRule("scope", "Goods ordered by mail, internet or telephone; exemptions need a reason on record.", "§435.3"),
        LawRule("start", "The clock starts with a properly completed order, whenever it is charged.", "§435.1(c), (e)"),
        LawRule("shipping_time", "The time stated when the order was taken, else 30 days.", "§435.2(a)(1)"),
        LawRule(
            "seller_credit",
            "50 days instead of 30 where no time was stated and the buyer applied to the seller for credit.",
            "§435.2(a)(1); guide",
        ),
        LawRule(
            "basis", "A date may be shown only with a reasonable basis: its supply is on record.", "§435.2(a)(1)-(3)"
        ),
        LawRule("shipment", "Shipped means that the carrier has it, not that a label was printed.", "§435.1(f)"),
        LawRule(
            "first_option",
            "If the time cannot be met, the buyer is offered unasked to consent or to cancel, never after that time.",
            "§435.2(b)(1)",
        ),
        LawRule(
            "content",
            "The offer names the right to cancel and be refunded, a definite revised date or why there is none, and a "
            "way to answer at the seller's expense.",
            "§435.2(b)(1)(i), (b)(3)",
        ),
        LawRule(
            "short_delay",
            "A revised date at most 30 days after the time: silence is consent, and the offer says so.",
            "§435.2(b)(1)(ii)",
        ),
        LawRule(
            "long_delay",
            "A later revised date, or none: without shipment or express consent the order is cancelled 30 days after "
            "the time, and the offer says so.",
            "§435.2(b)(1)(iii)",
        ),
        LawRule(
            "indefinite",
            "Consent without a date can be taken back at any time until shipment.",
            "§435.2(b)(1)(iii); guide",
        ),
        LawRule(
            "advance_consent",
            "An offer with a definite revised date may also ask for express consent to an unforeseen further delay; "
            "the day agreed to takes the place of the revised date, and silence agrees to nothing.",
            "§435.2(b)(1)(iv), (b)(2); guide",
        ),
        LawRule(
            "renewed_option",
            "A revised date that cannot be met needs a new offer, not later than that date.",
            "§435.2(b)(2)",
        ),
        LawRule(
            "renewed_silence",
            "Silence to a renewed offer is rejection: cancel at the old date.",
            "§435.2(b)(2)(ii)",
        ),
        LawRule("cancel", "A cancel that comes before shipment: cancel and refund, do not ship.", "§435.2(c)(1)"),
        LawRule("tie", "A cancel at the very instant of the shipment: a person decides.", "§435.2(c)(1); our rule"),
        LawRule("no_notice", "No valid offer and not shipped in time: cancel and refund.", "§435.2(c)"),
        LawRule("refusal", "A seller who decides not to ship says so, cancels and refunds.", "§435.2(c)(4); guide"),
        LawRule("refund", "The refund is sent within 7 working days, by the method that was paid with.", "§435.1(d)"),
        LawRule(
            "same_method",
            "Where that method is impossible: cash, cheque or money order within 7 working days of finding out. Store "
            "credit is no refund.",
            "§435.1(d); guide",
        ),
        LawRule("never_charged", "Who was never charged is told that nothing was or will be.", "§435.1(d); guide"),
        LawRule("vesting", "The right vests with the cancel, or on the day after the last day.", "§435.1(g); guide"),
        LawRule("records", "Without records the law presumes against the seller.", "§435.2(d)"),
        LawRule("per_line", "Each line of each seller has its own clock, in that seller's working days.", "guide"),
    ),
)

EU_2011_83: Final = Regime(
    name="eu-2011-83",
    title="Directive 2011/83/EU",
    counts="delivery",
    default_days=30,
    extension_days=None,
    refund_working_days=0,
    withdrawal_days=14,
    withdrawal_refund_days=14,
    credit_days=None,
    rules=(
        LawRule("delivery_time", "Delivered on the day agreed, else within 30 days.", "Art. 18(1)"),
        LawRule(
            "end",
            "Once that day has passed the buyer can end the contract after a further fitting period, or at once.",
            "Art. 18(2)",
        ),
        LawRule(
            "fitting_period",
            "The buyer may set a further fitting period; where the day was essential, or delivery is refused, none is "
            "needed.",
            "Art. 18(2)",
        ),
        LawRule("refund", "What was paid comes back without undue delay.", "Art. 18(3)"),
        LawRule(
            "withdrawal",
            "The time to withdraw starts when the last part of an order in several parcels arrives.",
            "Art. 9(2)(b)(i)",
        ),
        LawRule(
            "withdrawal_refund",
            "After a withdrawal the money comes back within 14 days; the seller may wait for the goods or for proof "
            "that they were sent.",
            "Art. 13(1), (3); guide",
        ),
    ),
)

REGIMES: Final[Mapping[str, Regime]] = {regime.name: regime for regime in (US_FTC_435, EU_2011_83)}
"""By the name that the company's setting `law` has; `none` has no regime."""


def rule(regime: str, name: str) -> LawRule:
    """A rule by name. Raises LookupError for one that the regime does not have."""
    for found in REGIMES[regime].rules:
        if found.name == name:
            return found
    raise LookupError(f"{regime} has no rule {name!r}")

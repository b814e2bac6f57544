"""The figures by which policies are compared, in words: what each is called, counts, and means. One list for all.

`docs/reference/comparing.md` and the pages that show figures take them from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `key` names it in documents; `better` says which end of the scale a planner wants."""

    key: str
    title: str
    unit: Literal["share", "days", "parcels", "money x days", "lines", "times", "units"]
    better: Literal["more", "less"]
    meaning: str


FIGURES: Final = (
    Figure(
        "fill_units", "Fill, units", "share", "more", "Units that had stock when the order was placed, of all asked."
    ),
    Figure("fill_lines", "Fill, lines", "share", "more", "Order lines that had stock for all their units when placed."),
    Figure(
        "on_time",
        "On time",
        "share",
        "more",
        "Lines delivered by the first day promised, of those delivered or due. The end of transit is the delivery.",
    ),
    Figure(
        "late_days_mean",
        "Days late, mean",
        "days",
        "less",
        "Days after the first promise, over the lines that came due.",
    ),
    Figure(
        "late_days_p90", "Days late, 9 in 10", "days", "less", "Nine of ten lines that came due were at most so late."
    ),
    Figure(
        "late_days_worst",
        "Days late, worst",
        "days",
        "less",
        "The latest line. One that still waits counts to the end.",
    ),
    Figure(
        "parcels_per_order", "Parcels per order", "parcels", "less", "Parcels with the carrier, by orders that got one."
    ),
    Figure(
        "money_waiting",
        "Money waiting",
        "money x days",
        "less",
        "Price of each unit times its days from placing to the carrier, or to the end where it still waits.",
    ),
    Figure("promises_broken", "Promises broken", "lines", "less", "Lines not delivered by the first day promised."),
    Figure("dates_moved", "Dates moved", "times", "less", "How often a day that was told was moved later or lost."),
    Figure("units_refused", "Refused", "units", "less", "Units that the company did not take on."),
    Figure(
        "oldest_waiting_days",
        "Oldest waiter",
        "days",
        "less",
        "Days since placing of the oldest order still waiting; 0 where nobody waits.",
    ),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One variant's value of a figure: in words, as a share (percent) of the largest, and whether none is better."""

    title: str
    text: str
    width: float
    is_best: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure over all variants."""

    figure: Figure
    bars: list[Bar]

    @property
    def spoken(self) -> str:
        """The picture in words."""
        return "; ".join(f"{bar.title}: {bar.text}" for bar in self.bars)


def charts(variants: Sequence[Mapping[str, Any]]) -> list[Chart]:
    """A chart for each figure; of the variants of a comparison's document."""
    return [_chart(figure, variants) for figure in FIGURES]


def value_text(figure: Figure, value: Any) -> str:
    """A value as a person reads it; a dash where there was nothing to count."""
    if value is None:
        return "–"
    if figure.unit == "share":
        return f"{value:.1%}"
    if figure.unit == "money x days":
        return f"{Decimal(value):,.0f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _chart(figure: Figure, variants: Sequence[Mapping[str, Any]]) -> Chart:
    values = [variant["measures"][figure.key] for variant in variants]
    known = [float(value) for value in values if value is not None]
    largest = 1.0 if figure.unit == "share" else max(known, default=0.0)
    best = (max if figure.better == "more" else min)(known, default=None)
    differs = len(set(known)) > 1
    bars = [
        Bar(
            variant["title"],
            value_text(figure, value),
            round(100 * float(value) / largest, 2) if value is not None and largest else 0.0,
            differs and value is not None and float(value) == best,
        )
        for variant, value in zip(variants, values, strict=True)
    ]
    return Chart(figure, bars)

"""What a benchmark prints: its figures, and the ratio to its bound beside the goal."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio to reach. `at_most` turns it around: the ratio may not be larger."""

    ratio: float
    at_most: bool = False

    def met_by(self, ratio: float) -> bool:
        """Whether a measured ratio meets it."""
        return ratio <= self.ratio if self.at_most else ratio >= self.ratio

    def __str__(self) -> str:
        return f"at {'most' if self.at_most else 'least'} {self.ratio:g}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One benchmark's figures, each with its name, in the order to print them. `ratio` is to the bound."""

    figures: dict[str, str] = field(default_factory=dict)
    ratio: float | None = None
    goal: Goal | None = None
    skipped: str | None = None


def show(name: str, outcome: Outcome) -> None:
    """Prints an outcome as a block of plain lines."""
    print(f"\n{name}", flush=True)
    if outcome.skipped:
        print(f"  skipped: {outcome.skipped}", flush=True)
    width = max((len(figure) for figure in outcome.figures), default=0)
    for figure, value in outcome.figures.items():
        print(f"  {figure:<{width}}  {value}", flush=True)
    if outcome.ratio is not None:
        said = (
            f" (goal: {outcome.goal}{'' if outcome.goal.met_by(outcome.ratio) else ', MISSED'})" if outcome.goal else ""
        )
        print(f"  {'ratio to the bound':<{width}}  {outcome.ratio:.2f}{said}", flush=True)

"""Who gains and who loses by a change: a line's figures before and after it, compared."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LineState:
    """A line's open units: how many lie reserved, and when the last of them is expected; None: no date."""

    reserved: int
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change does to a line that was told a day (None: none was told)."""

    before: LineState
    after: LineState
    told_on: date | None

    @property
    def days(self) -> int | None:
        """By how many days the last unit comes later (negative: sooner); None where either has no date."""
        if self.before.expected_on is None or self.after.expected_on is None:
            return None
        return (self.after.expected_on - self.before.expected_on).days

    @property
    def gain(self) -> int:
        """1: comes sooner, or as soon with more of it here now; -1: the other way round; 0: nothing that matters."""
        before, after = self.before.expected_on or date.max, self.after.expected_on or date.max
        if before != after:
            return 1 if after < before else -1
        return (self.after.reserved > self.before.reserved) - (self.after.reserved < self.before.reserved)

    @property
    def breaks_promise(self) -> bool:
        """Whether the day that was told could be met before and cannot be met after."""
        return self._meets(self.before) and not self._meets(self.after)

    @property
    def mends_promise(self) -> bool:
        """Whether the day that was told can be met after and could not before."""
        return self.told_on is not None and self._meets(self.after) and not self._meets(self.before)

    def _meets(self, state: LineState) -> bool:
        return self.told_on is not None and state.expected_on is not None and state.expected_on <= self.told_on

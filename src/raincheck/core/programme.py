"""A mixed-integer linear programme as plain lists, and its solution by HiGHS. No trade in here.

optimise  sum of cost(j) x value(j)
with      lower(i) <= sum over j of entry(i, j) x value(j) <= upper(i)      for every row i
          0 <= value(j) <= most(j), whole                                  for every column j
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy


@dataclass(frozen=True, slots=True)
class Solution:
    """The values found, what they come to, and the best that is not ruled out (equal to it when `is_proved`)."""

    values: list[int]
    objective: int
    bound: float
    is_proved: bool


@dataclass(slots=True)
class Programme:
    """Columns are named by the numbers in which they were added."""

    most: list[int] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    entries: list[float] = field(default_factory=list)

    def column(self, most: int) -> int:
        """Adds a whole number between 0 and `most`; its number."""
        self.most.append(most)
        return len(self.most) - 1

    def row(self, entries: Mapping[int, int], lower: float = -inf, upper: float = inf) -> None:
        """Adds a condition."""
        self.columns += entries
        self.entries += entries.values()
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)

    def solve(
        self, costs: Mapping[int, int], start: Sequence[int], time_limit_seconds: float, *, most_wins: bool = False
    ) -> Solution:
        """The best values found within the time, at least as good as `start`, which must meet every condition."""
        began = sum(cost * start[column] for column, cost in costs.items())
        if not self.most:
            return Solution([], 0, 0.0, is_proved=True)
        highs = self._highs(costs, start, time_limit_seconds, most_wins=most_wins)
        highs.run()
        found = [round(value) for value in highs.getSolution().col_value]
        reached = sum(cost * found[column] for column, cost in costs.items()) if found else began
        bound = float(highs.getInfo().mip_dual_bound)
        is_proved = highs.modelStatusToString(highs.getModelStatus()) == "Optimal"
        if not found or (reached < began if most_wins else reached > began):
            found, reached = list(start), began
        return Solution(found, reached, float(reached) if is_proved else bound, is_proved)

    def _highs(
        self, costs: Mapping[int, int], start: Sequence[int], seconds: float, *, most_wins: bool
    ) -> "highspy.Highs":
        import highspy
        import numpy as np

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.most), len(self.lower)
        lp.col_cost_ = np.array([costs.get(column, 0) for column in range(len(self.most))], dtype=float)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.most)), np.array(self.most, dtype=float)
        lp.row_lower_, lp.row_upper_ = np.array(self.lower), np.array(self.upper)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.most)
        lp.sense_ = highspy.ObjSense.kMaximize if most_wins else highspy.ObjSense.kMinimize
        matrix = lp.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_, matrix.index_ = np.array(self.starts), np.array(self.columns)
        matrix.value_ = np.array(self.entries, dtype=float)
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        # One thread and a fixed seed: the same book gives the same answer, unless time runs out.
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "time_limit": seconds,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.5,
        }.items():
            highs.setOptionValue(option, value)
        highs.passModel(lp)
        solution = highspy.HighsSolution()
        solution.col_value = [float(value) for value in start]
        highs.setSolution(solution)
        return highs

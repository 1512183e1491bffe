"""What is said of one table of predictions, which goals are there, and which does it miss?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from scoring.irt.types import BoolArray, FloatArray, IntArray
from tests.bench.readiness.bank import cuts
from tests.bench.readiness.measures import (
    Murphy,
    brier_score,
    chance_calibration_error,
    expected_calibration_error,
    ks_distance,
    ks_limit,
    log_score,
    murphy,
    randomised_pit,
    share_inside,
    shortest_intervals,
    tail,
)

MASSES = (0.7, 0.9)
COVERAGE_SHORT_OF_NOMINAL = 0.01
WIDTH_OF_ORACLE = 1.1
CALIBRATION_ERROR = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What came true, (N,) each: half-points, the pupil's group and target, and a number even in [0, 1)."""

    half_points: IntArray
    group: IntArray
    target: IntArray
    uniform: FloatArray

    def only(self, rows: BoolArray) -> Truth:
        return Truth(self.half_points[rows], self.group[rows], self.target[rows], self.uniform[rows])


@dataclass(frozen=True, eq=False)
class Judged:
    """Predictions pmf (N, S) beside the truth; each figure is worked out when it is asked for."""

    pmf: FloatArray
    truth: Truth

    def only(self, rows: BoolArray) -> Judged:
        return Judged(self.pmf[rows], self.truth.only(rows))

    @property
    def n(self) -> int:
        return self.truth.half_points.size

    @cached_property
    def ks(self) -> float:
        return ks_distance(randomised_pit(self.pmf, self.truth.half_points, self.truth.uniform))

    @cached_property
    def _intervals(self) -> list[tuple[IntArray, IntArray]]:
        return [shortest_intervals(self.pmf, mass) for mass in MASSES]

    @cached_property
    def coverage(self) -> tuple[float, ...]:
        return tuple(share_inside(low, high, self.truth.half_points) for low, high in self._intervals)

    @cached_property
    def said(self) -> tuple[float, ...]:
        """What the intervals hold by their own word: the number a pupil reads beside them."""
        upto = np.concatenate((np.zeros((self.n, 1)), np.cumsum(self.pmf, axis=1)), axis=1)
        rows = np.arange(self.n)
        return tuple(float((upto[rows, high + 1] - upto[rows, low]).mean()) for low, high in self._intervals)

    @cached_property
    def width(self) -> tuple[float, ...]:
        """Mean width in points."""
        return tuple(float((high - low).mean()) / 2 for low, high in self._intervals)

    @cached_property
    def bias(self) -> float:
        """Points by which more is expected than came."""
        expected = self.pmf @ np.arange(self.pmf.shape[1])
        return float((expected - self.truth.half_points).mean()) / 2

    @cached_property
    def rms_error(self) -> float:
        """Of the expected points, in points."""
        expected = self.pmf @ np.arange(self.pmf.shape[1])
        return float(np.sqrt(((expected - self.truth.half_points) ** 2).mean())) / 2

    @cached_property
    def log_score(self) -> float:
        return log_score(self.pmf, self.truth.half_points)

    @cached_property
    def brier(self) -> float:
        """Mean over the cuts of the Brier score of "at least this level"."""
        return float(np.mean([brier_score(*self._reaching(cut)) for cut in cuts()]))

    @cached_property
    def level_error(self) -> float:
        """Calibration error of the level whose probability is calibrated worst."""
        return max(expected_calibration_error(*pair) for pair in self._levels())

    @cached_property
    def level_error_by_chance(self) -> float:
        """What that would be by chance for one level, the one most open to it."""
        return max(chance_calibration_error(said) for said, _ in self._levels())

    @cached_property
    def target_error(self) -> float:
        """Calibration error of the probability of reaching the pupil's own target."""
        return expected_calibration_error(*self._reaching(self.truth.target))

    def parts(self, cut: int) -> Murphy:
        return murphy(*self._reaching(cut))

    def _reaching(self, cut: IntArray | int) -> tuple[FloatArray, BoolArray]:
        return tail(self.pmf, cut), self.truth.half_points >= cut

    def _levels(self) -> list[tuple[FloatArray, BoolArray]]:
        ends = (0, *cuts(), self.pmf.shape[1])
        earned = self.truth.half_points
        return [
            (tail(self.pmf, low) - tail(self.pmf, high), (low <= earned) & (earned < high))
            for low, high in pairwise(ends)
        ]


def missed(found: Judged, oracle: Judged | None, *, rows: int = 1) -> list[str]:
    """The goals that `found` misses, in words; the width only where there is an oracle to measure it by.

    `rows`: how many of the same kind are judged in one go, for the limit of the KS distance.
    """
    misses = []
    limit = ks_limit(found.n, rows)
    if found.ks > limit:
        misses.append(f"KS {found.ks:.4f} > {limit:.4f}")
    for mass, coverage in zip(MASSES, found.coverage, strict=True):
        if coverage < mass - COVERAGE_SHORT_OF_NOMINAL:
            misses.append(f"coverage of {mass:.0%} is {coverage:.3f}")
    if oracle is not None:
        for mass, own, best in zip(MASSES, found.width, oracle.width, strict=True):
            if own > WIDTH_OF_ORACLE * best:
                misses.append(f"width of {mass:.0%} is {own / best:.3f} of the oracle's")
    for name, error in (("levels", found.level_error), ("target", found.target_error)):
        if error > CALIBRATION_ERROR:
            misses.append(f"calibration error of {name} {error:.4f}")
    return misses

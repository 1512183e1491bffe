"""How much more would a pupil earn on the exam now than at an earlier moment, going by responses alone?

Readiness assumes a little gain with every item practised. Whoever asks whether practice helped must not be
told what was assumed: here practice and time move nothing by themselves. What was known at the start is set
free by a change of which nothing is believed beforehand but that it is hardly larger than the differences
between pupils (`OPEN_SD`), and only the responses since then say how large it was. That draws a change a
little towards none, by a seventh at a standard error of 0.4. It is not quite free of error in either
direction: points do not rise evenly with ability, and after little practice on easy items, which hardly tell
one able pupil from another, the expected change can be off by a few tenths of a half-point where nothing
changed. Its standard deviation is then large, so that nobody's change is called clear for it.

Both abilities are kept together, as one table of probabilities: what is unsure about the start is then not
counted twice when the two are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from scoring.growth import Dynamics, Observation, carry
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import FloatArray

OPEN_SD = 1.0
SURE = 0.99
"""Of one pupil's change one speaks only when chance alone would bring it in 1 case of 100. In a class of 30
one in twenty would mean a child or two called better or worse by chance on every page."""


@dataclass(frozen=True, slots=True)
class Change:
    """Expected half-points on the reference form now, less those at the earlier moment, with its sd."""

    value: float
    sd: float

    @property
    def is_clear(self) -> bool:
        """Is it more than noise?"""
        return abs(self.value) > NormalDist().inv_cdf(0.5 + SURE / 2) * self.sd


@dataclass(frozen=True, slots=True)
class MeanChange:
    """Over n pupils, with its 95 % interval: what responses leave open about these very pupils."""

    n: int
    value: float
    low: float
    high: float


def unassuming(dynamics: Dynamics) -> Dynamics:
    """The same spread of changes, and none of them expected."""
    return replace(dynamics, version=f"{dynamics.version} unassuming", drift_per_week=0.0, gain_per_item=0.0)


def change_since(
    before: ArrayLike,
    since: Sequence[Observation],
    dynamics: Dynamics,
    score_by_theta: FloatArray,
    *,
    grid: Grid = DEFAULT_GRID,
) -> Change:
    """`before` (Q,): what was believed at the earlier moment; `since`: the sittings after it, at least one.

    score_by_theta (Q,): expected half-points on the reference form.
    """
    if not since:
        raise ValueError("without responses from after the earlier moment nothing is known of a change")
    still = unassuming(dynamics)
    # Rows are the ability then, columns the ability now; mass spreads along rows only.
    open_change = Dynamics("open", 0.0, 0.0, OPEN_SD, 0.0)
    shape = np.ones(grid.size)
    joint = carry(np.diag(np.asarray(before, dtype=np.float64)), open_change, weeks=shape, grid=grid)
    weeks = since[0].weeks
    for sitting in since:
        passed = sitting.weeks - weeks
        joint = carry(joint, still, weeks=passed * shape, practised=sitting.practised * shape, grid=grid)
        joint *= np.exp(sitting.log_likelihood - sitting.log_likelihood.max())
        joint /= joint.sum()
        weeks = sitting.weeks
    gain = score_by_theta[None, :] - score_by_theta[:, None]
    value = float((joint * gain).sum())
    return Change(value, float(np.sqrt(max(0.0, (joint * (gain - value) ** 2).sum()))))


def mean_change(changes: Sequence[Change]) -> MeanChange:
    """ValueError for none."""
    if not changes:
        raise ValueError("the mean of no changes")
    n = len(changes)
    value = sum(one.value for one in changes) / n
    half = NormalDist().inv_cdf(0.975) * float(np.sqrt(sum(one.sd**2 for one in changes))) / n
    return MeanChange(n, value, value - half, value + half)

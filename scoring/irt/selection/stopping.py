"""Has a candidate of an adaptive session responded to enough items, and why?

A rule is called with the progress of N candidates and returns N texts: the reason to stop, or "" to go on.
`AnyOf`, `AllOf` and `AtLeast` make one rule of several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scoring.irt.posterior import mean_and_sd
from scoring.irt.probabilities import category_log_probabilities, category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import FloatArray, IntArray, ItemParameters, ResponseArray

ReasonArray = NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far N candidates are.

    parameters  the bank of J items
    grid        where the posteriors lie
    posterior   (N, Q)  weights, each row summing to 1
    theta, se   (N,)    its mean and standard deviation
    given       (N, L)  positions of the items so far, -1 where none
    responses   (N, L)  their categories, -1 where none
    next_items  (N,)    position of the item that would come next, -1 where there is none
    """

    parameters: ItemParameters
    grid: Grid
    posterior: FloatArray
    theta: FloatArray
    se: FloatArray
    given: IntArray
    responses: ResponseArray
    next_items: IntArray

    @classmethod
    def of(
        cls,
        parameters: ItemParameters,
        posterior: FloatArray,
        given: IntArray,
        responses: ResponseArray,
        next_items: IntArray,
        *,
        grid: Grid = DEFAULT_GRID,
    ) -> Progress:
        """The same with theta and se taken from the posterior."""
        theta, se = mean_and_sd(posterior, grid)
        return cls(parameters, grid, posterior, theta, se, given, responses, next_items)

    @property
    def n_items(self) -> IntArray:
        """How many items each candidate has met: (N,)."""
        return np.asarray((self.given >= 0).sum(axis=1), dtype=np.int64)


class StoppingRule(Protocol):
    """What every rule is: progress of N candidates in, reasons (N,) out, "" for going on."""

    def __call__(self, progress: Progress) -> ReasonArray: ...


@dataclass(frozen=True, slots=True)
class StandardError:
    """Enough when the standard error is at most `limit`."""

    limit: float = 0.3

    def __post_init__(self) -> None:
        if not self.limit > 0:
            raise ValueError(f"the limit of the standard error must be above 0, not {self.limit}")

    def __call__(self, progress: Progress) -> ReasonArray:
        return np.where(progress.se <= self.limit, "standard error", "")


@dataclass(frozen=True, slots=True)
class Length:
    """Enough after `items` items."""

    items: int

    def __post_init__(self) -> None:
        if self.items < 0:
            raise ValueError(f"a session cannot have {self.items} items; give 0 or more")

    def __call__(self, progress: Progress) -> ReasonArray:
        return np.where(progress.n_items >= self.items, "length", "")


@dataclass(frozen=True, slots=True)
class Classification:
    """Enough when one class, between neighbouring `cuts` on theta, holds at least `probability`.

    The reason names the class, "class 0" lying below the first cut. Rudner (2001, 2005), on the grid; the
    mass of a grid point counts as spread evenly over its cell.
    """

    cuts: tuple[float, ...]
    probability: float = 0.95

    def __post_init__(self) -> None:
        if not self.cuts or any(low >= high for low, high in zip(self.cuts, self.cuts[1:], strict=False)):
            raise ValueError(f"cuts must be one or more ascending values of theta, not {self.cuts}")
        if not 0 < self.probability < 1:
            raise ValueError(f"the probability of a class must lie between 0 and 1, not {self.probability}")

    def __call__(self, progress: Progress) -> ReasonArray:
        start = progress.grid.edges[:-1, None]
        below = np.clip((np.asarray(self.cuts) - start) / progress.grid.spacing, 0, 1)
        cumulative = progress.posterior @ below
        share = np.diff(cumulative, axis=1, prepend=0.0, append=progress.posterior.sum(axis=1, keepdims=True))
        names = np.array([f"class {number}" for number in range(len(self.cuts) + 1)])
        return np.where(share.max(axis=1) >= self.probability, names[share.argmax(axis=1)], "")


@dataclass(frozen=True, slots=True)
class ExpectedGain:
    """Enough when the next item is expected to lower the standard error by less than `least`.

    Expected over its categories by the posterior predictive distribution; the standard error is the posterior
    standard deviation. Where there is no next item, this rule is silent.
    """

    least: float = 0.01

    def __post_init__(self) -> None:
        if not self.least > 0:
            raise ValueError(f"the least gain must be above 0, not {self.least}")

    def __call__(self, progress: Progress) -> ReasonArray:
        gain = progress.se - expected_se(progress)
        return np.where(gain < self.least, "little to gain", "")  # False where the gain is NaN


@dataclass(frozen=True, slots=True)
class Sprt:
    """Enough when the responses tell an ability at cut + half_width from one at cut - half_width.

    Sequential probability ratio test (Wald 1947; for adaptive forms Reckase 1983, Eggen 1999). alpha: about
    the share of candidates at the lower of the two who are told "above the cut"; beta: about that at the
    upper who are told "below the cut". Wald's bounds: at most alpha / (1 - beta) and beta / (1 - alpha).
    """

    cut: float
    half_width: float
    alpha: float = 0.05
    beta: float = 0.05

    def __post_init__(self) -> None:
        if not self.half_width > 0:
            raise ValueError(f"half_width must be above 0, not {self.half_width}")
        if not (0 < self.alpha < 0.5 and 0 < self.beta < 0.5):
            raise ValueError(f"alpha and beta must lie between 0 and 0.5, not {self.alpha} and {self.beta}")

    def __call__(self, progress: Progress) -> ReasonArray:
        ratio = self.log_ratio(progress)
        upper, lower = np.log((1 - self.beta) / self.alpha), np.log(self.beta / (1 - self.alpha))
        return np.where(ratio >= upper, "above the cut", np.where(ratio <= lower, "below the cut", ""))

    def log_ratio(self, progress: Progress) -> FloatArray:
        """Log-likelihood (N,) at cut + half_width minus that at cut - half_width; 0 without responses."""
        met = progress.responses >= 0
        items, place = np.unique(progress.given[met], return_inverse=True)
        hypotheses = [self.cut - self.half_width, self.cut + self.half_width]
        log_p = category_log_probabilities(hypotheses, progress.parameters.select(items))
        share = np.zeros(met.shape)
        category = progress.responses[met]
        share[met] = log_p[1, place, category] - log_p[0, place, category]
        return np.asarray(share.sum(axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Enough when one of the rules says so; the reason is that of the first that does."""

    rules: tuple[StoppingRule, ...]

    def __post_init__(self) -> None:
        _require_rules(self.rules)

    def __call__(self, progress: Progress) -> ReasonArray:
        reasons = [rule(progress) for rule in self.rules]
        return np.select([reason != "" for reason in reasons], reasons, default="")


@dataclass(frozen=True, slots=True)
class AllOf:
    """Enough when all of the rules say so; the reasons are joined by "and"."""

    rules: tuple[StoppingRule, ...]

    def __post_init__(self) -> None:
        _require_rules(self.rules)

    def __call__(self, progress: Progress) -> ReasonArray:
        reasons = [rule(progress) for rule in self.rules]
        everyone = np.all([reason != "" for reason in reasons], axis=0)
        joined = reasons[0]
        for reason in reasons[1:]:
            joined = np.char.add(np.char.add(joined, " and "), reason)
        return np.where(everyone, joined, "")


@dataclass(frozen=True, slots=True)
class AtLeast:
    """What the rule says, but not before `items` items."""

    items: int
    rule: StoppingRule

    def __call__(self, progress: Progress) -> ReasonArray:
        return np.where(progress.n_items >= self.items, self.rule(progress), "")


def expected_se(progress: Progress) -> FloatArray:
    """Standard error (N,) to be expected after the next item; NaN where there is none."""
    rows = np.flatnonzero(progress.next_items >= 0)
    items, place = np.unique(progress.next_items[rows], return_inverse=True)
    p = category_probabilities(progress.grid.points, progress.parameters.select(items))
    expected = np.full(progress.posterior.shape[0], np.nan)
    expected[rows] = 0.0
    for category in range(p.shape[2]):
        joint = progress.posterior[rows] * p[:, :, category].T[place]
        chance = joint.sum(axis=1)
        after = joint / np.where(chance > 0, chance, 1.0)[:, None]
        expected[rows] += chance * mean_and_sd(after, progress.grid)[1]
    return expected


def _require_rules(rules: tuple[StoppingRule, ...]) -> None:
    if not rules:
        raise ValueError("give at least one rule to join")

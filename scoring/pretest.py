"""What do the first responses to a new item say about it, when the abilities behind them are known already?

Fixed-parameter calibration (Stocking 1988; Kim 2006): whoever met the item has a posterior of ability from
other, established items, so the item comes to the bank's scale by itself and moves nothing else. Maximum a
posteriori, because some fifty responses cannot hold a slope without a prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.calibration import Priors
from scoring.irt.posterior import posterior_weights
from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import FloatArray, IntArray, ItemParameters

LEAST_RESPONSES = 50
"""Below, assumptions are closer to the truth than what so few responses say."""
RELEASE_SE = 0.25
"""Standard error of b under which an item is known well enough to measure with."""

_PRIORS = Priors.weak()
_STEPS, _HALVINGS, _TOLERANCE, _SPACING = 100, 30, 1e-8, 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class PretestItem:
    """One item from n responses; `steps` (K - 1,) are the difficulties of its steps, b their mean."""

    a: float
    b: float
    steps: FloatArray
    c: float
    se_a: float
    se_b: float
    n: int


def is_precise(se_b: float) -> bool:
    """Is a difficulty known well enough to measure with? Never where its standard error is unknown."""
    return bool(se_b < RELEASE_SE)


def pretest_item(
    codes: ArrayLike,
    posteriors: ArrayLike,
    *,
    start_steps: ArrayLike,
    start_a: float = 1.0,
    c: float = 0.0,
    grid: Grid = DEFAULT_GRID,
    priors: Priors = _PRIORS,
) -> PretestItem:
    """MAP of one item's slope and steps; partial credit, or two categories with guessing `c` held.

    codes       (N,)    categories from 0
    posteriors  (N, Q)  of ability over the grid, from responses to other items only
    start_steps (K - 1,)  where the search begins; says how many categories there are

    A slope and difficulties that the responses leave open are drawn to the priors, so the result is finite
    also where everybody or nobody earned the points. Raises ValueError for codes the item does not have.
    """
    task = _Task.of(codes, posteriors, np.asarray(start_steps, dtype=np.float64), c, grid, priors)
    at = np.concatenate(([np.log(start_a)], np.asarray(start_steps, dtype=np.float64)))
    for _ in range(_STEPS):
        gradient, curvature = task.gradient(at), task.curvature(at)
        move = _towards(gradient, curvature)
        taken = _shortened(task, at, move)
        at = at + taken
        if float(np.abs(taken).max()) < _TOLERANCE:
            break
    covariance = np.linalg.inv(task.curvature(at))
    n_steps = at.size - 1
    weights = np.concatenate(([0.0], np.full(n_steps, 1 / n_steps)))
    a = float(np.exp(at[0]))
    return PretestItem(
        a=a,
        b=float(at[1:].mean()),
        steps=at[1:],
        c=c,
        se_a=a * float(np.sqrt(covariance[0, 0])),
        se_b=float(np.sqrt(weights @ covariance @ weights)),
        n=task.n,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """The log posterior of (log a, step difficulties), summed over candidates by category."""

    codes: IntArray
    log_weights: FloatArray
    weights: FloatArray
    c: float
    grid: Grid
    priors: Priors

    @classmethod
    def of(
        cls, codes: ArrayLike, posteriors: ArrayLike, steps: FloatArray, c: float, grid: Grid, priors: Priors
    ) -> _Task:
        categories = np.asarray(codes, dtype=np.int64)
        weights = np.asarray(posteriors, dtype=np.float64)
        if categories.ndim != 1 or weights.shape != (categories.size, grid.size):
            raise ValueError(f"posteriors have shape {weights.shape}, expected (N, {grid.size}), one a code")
        if ((categories < 0) | (categories > steps.size)).any():
            raise ValueError(f"codes must lie between 0 and {steps.size}")
        return cls(categories, np.log(np.maximum(weights, 1e-300)), weights, c, grid, priors)

    @property
    def n(self) -> int:
        return int(self.codes.size)

    def value(self, at: FloatArray) -> float:
        p = self._categories(at)
        marginal = (self.weights * p[:, self.codes].T).sum(axis=1)
        return float(np.log(np.maximum(marginal, 1e-300)).sum()) + self._log_prior(at)

    def gradient(self, at: FloatArray) -> FloatArray:
        """(K,): by log a, then by each step's difficulty."""
        p = self._categories(at)
        log_p = np.log(np.maximum(p, 1e-300))
        share = posterior_weights(self.log_weights + log_p[:, self.codes].T, np.ones(self.grid.size))
        counts = np.stack([share[self.codes == k].sum(axis=0) for k in range(at.size)], axis=1)
        return np.asarray(
            np.einsum("qk,qkm->m", counts, self._scores(at, p)) + self._prior_slope(at), dtype=np.float64
        )

    def curvature(self, at: FloatArray) -> FloatArray:
        """(K, K): minus the second derivatives, by differences of the gradient."""
        moves = _SPACING * np.eye(at.size)
        rows = [(self.gradient(at - move) - self.gradient(at + move)) / (2 * _SPACING) for move in moves]
        table = np.array(rows)
        return np.asarray((table + table.T) / 2, dtype=np.float64)

    def _categories(self, at: FloatArray) -> FloatArray:
        """P(category) (Q, K)."""
        item = ItemParameters.partial_credit([float(np.exp(at[0]))], [at[1:].tolist()])
        p = category_probabilities(self.grid.points, item)[:, 0, :]
        return _guessed(p, self.c) if self.c > 0 else p

    def _scores(self, at: FloatArray, p: FloatArray) -> FloatArray:
        """Derivatives (Q, K, K) of log P(category) by log a and the steps' difficulties."""
        a, steps = float(np.exp(at[0])), at[1:]
        solved = (p - np.array([0.0, self.c])) / (1 - self.c) if self.c > 0 else p
        solved[:, 0] = 1 - solved[:, 1:].sum(axis=1)
        n_steps = steps.size
        reached = np.arange(n_steps + 1)[:, None] > np.arange(n_steps)  # (K, steps): category beyond step
        distance = np.concatenate(
            (np.zeros((self.grid.size, 1)), np.cumsum(self.grid.points[:, None] - steps, axis=1)), axis=1
        )
        mean = (solved * distance).sum(axis=1, keepdims=True)
        by_slope = a * (distance - mean)
        by_steps = -a * (reached[None, :, :] - (solved @ reached)[:, None, :])
        scores = np.concatenate((by_slope[:, :, None], by_steps), axis=2)
        if self.c > 0:
            # P = c + (1 - c) P*: of a right response only the part that was not guessed speaks of the item.
            own = (1 - self.c) * solved[:, 1] / np.maximum(p[:, 1], 1e-300)
            scores[:, 1, :] *= own[:, None]
        return np.asarray(scores, dtype=np.float64)

    def _log_prior(self, at: FloatArray) -> float:
        return float(-0.5 * sum(((x - mean) / sd) ** 2 for x, (mean, sd) in self._with_priors(at)))

    def _prior_slope(self, at: FloatArray) -> FloatArray:
        return np.array([-(x - mean) / sd**2 for x, (mean, sd) in self._with_priors(at)])

    def _with_priors(self, at: FloatArray) -> list[tuple[float, tuple[float, float]]]:
        flat = (0.0, float("inf"))
        kinds = [self.priors.log_a or flat, *[self.priors.difficulty or flat] * (at.size - 1)]
        return list(zip(at.tolist(), kinds, strict=True))


def _guessed(p: FloatArray, c: float) -> FloatArray:
    return np.stack(((1 - c) * p[:, 0], c + (1 - c) * p[:, 1]), axis=1)


def _towards(gradient: FloatArray, curvature: FloatArray) -> FloatArray:
    """Newton's step, uphill also where the surface is not concave."""
    values, vectors = np.linalg.eigh(curvature)
    steep = np.maximum(np.abs(values), 1e-6)
    return np.asarray(vectors @ ((vectors.T @ gradient) / steep), dtype=np.float64)


def _shortened(task: _Task, at: FloatArray, move: FloatArray) -> FloatArray:
    """The step, halved until it gains; nothing where nothing gains any more."""
    here = task.value(at)
    move = move / max(1.0, float(np.abs(move).max()))  # cut as a whole: it has to stay uphill
    for _ in range(_HALVINGS):
        if task.value(at + move) >= here:
            return move
        move = move / 2
    return np.zeros_like(move)

"""Which score on the old form is worth as much as a score on the new one?

Both forms' items must lie on one scale (see linking). Scores are whole points; half-points work the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.probabilities import expected_points
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.score_distribution import check_category_points, score_distribution_at
from scoring.irt.types import FloatArray, IntArray, ItemParameters

_HALVINGS = 100  # enough to bring any bracket below down to neighbouring floats
_FAR = 2.0**30  # beyond this ability no curve moves any more


@dataclass(frozen=True, slots=True, eq=False)
class EquatingTable:
    """The old form's worth of S scores on the new form.

    new_score  (S,)  as asked for; every whole score from 0 to the maximum if nothing was
    old_score  (S,)  not rounded; by observed scores up to half a point outside the old form's range
    theta      (S,)  ability with that true score, NaN where there is none, and for observed scores
    """

    new_score: FloatArray
    old_score: FloatArray
    theta: FloatArray


def true_score_equating(
    new: ItemParameters,
    new_points: ArrayLike,
    old: ItemParameters,
    old_points: ArrayLike,
    *,
    scores: ArrayLike | None = None,
) -> EquatingTable:
    """Equal are the scores that one ability expects on both forms (Kolen & Brennan 2004, section 6.5.1).

    new_points, old_points: whole points (J, K_max) of each category. scores (S,): which new-form scores, from
    0 to the maximum. Up to what guessing alone brings there is no ability: there, as in Kolen (1981), 0 is
    worth 0, the one form's guessing score the other's, and between lies a straight line. Maxima are equal.
    """
    new_table, old_table = check_category_points(new, new_points), check_category_points(old, old_points)
    chosen = _scores(scores, int(new_table.max(axis=1, initial=0).sum()))
    (new_low, new_high), (old_low, old_high) = _range(new, new_table), _range(old, old_table)
    within = (chosen > new_low) & (chosen < new_high)
    theta = np.full(chosen.size, np.nan)
    theta[within] = _ability_of(chosen[within], new, new_table)
    old_score = np.full(chosen.size, float(old_high))
    old_score[within] = _true_score(theta[within], old, old_table)
    low = chosen <= new_low
    old_score[low] = chosen[low] / new_low * old_low if new_low > 0 else 0.0
    return EquatingTable(new_score=chosen, old_score=old_score, theta=theta)


def observed_score_equating(
    new: ItemParameters,
    new_points: ArrayLike,
    old: ItemParameters,
    old_points: ArrayLike,
    *,
    grid: Grid = DEFAULT_GRID,
    population: ArrayLike | None = None,
    scores: ArrayLike | None = None,
) -> EquatingTable:
    """Equal are the scores of the same percentile rank in one population (Kolen & Brennan 2004, section 6.6).

    population: weights (Q,) over the grid; N(0, 1) if not given, which then has to lie within the grid. The
    rest is as for `true_score_equating`.
    """
    if population is None:
        NormalPrior.of(0.0, 1.0, n_candidates=1).require_within(grid)
    weights = normal_weights(grid) if population is None else np.asarray(population, dtype=np.float64)
    if weights.shape != (grid.size,) or not ((weights >= 0).all() and weights.any()):
        raise ValueError(
            f"population must be {grid.size} weights of at least 0, one per grid point, not all 0"
        )
    share = weights / weights.sum()
    new_distribution = share @ score_distribution_at(grid.points, new, new_points)
    old_distribution = share @ score_distribution_at(grid.points, old, old_points)
    chosen = _scores(scores, new_distribution.size - 1)
    return EquatingTable(
        new_score=chosen,
        old_score=equipercentile(new_distribution, old_distribution, scores=chosen),
        theta=np.full(chosen.size, np.nan),
    )


def equipercentile(
    new_distribution: ArrayLike, old_distribution: ArrayLike, *, scores: ArrayLike | None = None
) -> FloatArray:
    """Old-form scores (S,) of the percentile ranks of new-form ones (Kolen & Brennan 2004, eq. 2.14-2.19).

    The distributions give the probability of each whole score from 0 on, and are spread evenly half a point
    to either side. Where several scores of the old form have the rank because some are impossible, the
    middle one is taken. scores: every whole one if not given; up to half a point outside the range.
    """
    new, old = _distribution(new_distribution, "new"), _distribution(old_distribution, "old")
    chosen = _scores(scores, new.size - 1, margin=0.5)
    below, above = _rank(chosen, new), _rank(new.size - 1 - chosen, new[::-1])
    from_below = _score_of(below, old)
    from_above = old.size - 1 - _score_of(above, old[::-1])
    # Near 1 a sum has no digits left to tell scores apart; the sum from the other end has all of them.
    return np.where(below <= above, from_below, from_above)


def _rank(score: FloatArray, distribution: FloatArray) -> FloatArray:
    """Share of candidates below each score."""
    cell = np.minimum(np.floor(score + 0.5).astype(np.int64), distribution.size - 1)
    return np.asarray(_edges(distribution)[cell] + (score - (cell - 0.5)) * distribution[cell])


def _score_of(rank: FloatArray, distribution: FloatArray) -> FloatArray:
    """Score below which there is this share of candidates, the middle one where several have it."""
    edge = _edges(distribution)
    rank = np.clip(rank, 0.0, edge[-1])
    upper = _inverse(rank, edge, np.searchsorted(edge[1:], rank, side="right"))
    lower = _inverse(rank, edge, np.searchsorted(edge[1:], rank, side="left"))
    return np.asarray((upper + lower) / 2, dtype=np.float64)


def _edges(distribution: FloatArray) -> FloatArray:
    return np.concatenate(([0.0], np.cumsum(distribution)))


def _inverse(rank: FloatArray, edge: FloatArray, cell: IntArray) -> FloatArray:
    """Scores at which a distribution spread over cells between edges (S + 1,) reaches the ranks."""
    cell = np.minimum(cell, edge.size - 2)
    mass = edge[cell + 1] - edge[cell]
    within = np.divide(rank - edge[cell], mass, out=np.zeros(rank.shape), where=mass > 0)
    return np.asarray(cell - 0.5 + within, dtype=np.float64)


def _distribution(probabilities: ArrayLike, which: str) -> FloatArray:
    values = np.asarray(probabilities, dtype=np.float64)
    if values.ndim != 1 or not ((values >= 0).all() and values.any()):
        raise ValueError(f"the {which} distribution must be probabilities of the scores 0, 1, …")
    return np.asarray(values / values.sum(), dtype=np.float64)


def _scores(scores: ArrayLike | None, maximum: int, *, margin: float = 0.0) -> FloatArray:
    if scores is None:
        return np.arange(maximum + 1, dtype=np.float64)
    chosen = np.atleast_1d(np.asarray(scores, dtype=np.float64))
    outside = ~((chosen >= -margin) & (chosen <= maximum + margin))
    if outside.any():
        raise ValueError(f"score {chosen[outside][0]:g} is not between 0 and the new form's {maximum}")
    return chosen


def _range(items: ItemParameters, points: IntArray) -> tuple[float, int]:
    """The least and the greatest true score: what guessing alone brings, and the maximum."""
    return float(items.c @ points[:, 1]), int(points.max(axis=1, initial=0).sum())


def _true_score(theta: FloatArray, items: ItemParameters, points: IntArray) -> FloatArray:
    return np.asarray(expected_points(theta, items, points).sum(axis=1), dtype=np.float64)


def _ability_of(score: FloatArray, items: ItemParameters, points: IntArray) -> FloatArray:
    """Where the form's curve, which rises everywhere, passes each score: by bisection for all at once."""
    low, high = np.full(score.size, -1.0), np.full(score.size, 1.0)
    while (short := (_true_score(low, items, points) > score) & (low > -_FAR)).any():
        low[short] *= 2
    while (short := (_true_score(high, items, points) < score) & (high < _FAR)).any():
        high[short] *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if ((middle == low) | (middle == high)).all():
            break
        under = _true_score(middle, items, points) < score
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2, dtype=np.float64)

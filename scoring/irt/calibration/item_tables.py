"""What do items of each family say along the grid, and how does that change with their parameters?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scoring.irt.calibration.layout import FIRST, SLOPE, Layout
from scoring.irt.types import BoolArray, FloatArray


class Linear(NamedTuple):
    """log_total (J, Q): logarithm of the sum over categories; p (J, M, Q): categories above 0."""

    log_total: FloatArray
    p: FloatArray


def linear(items: FloatArray, steps: BoolArray, theta: FloatArray) -> Linear:
    """Divide-by-total items: p_k is proportional to exp(k slope theta + intercept[k - 1])."""
    category = np.arange(1, steps.shape[1] + 1)
    rise = category[:, None] * theta
    logits = items[:, SLOPE, None, None] * rise + items[:, FIRST:-1, None]
    if not steps.all():
        logits = np.where(steps[:, :, None], logits, -np.inf)
    if steps.shape[1] == 1:
        log_total = np.logaddexp(0.0, logits[:, 0])
    else:
        top = np.maximum(logits.max(axis=1), 0.0)
        log_total = top + np.log(np.exp(-top) + np.exp(logits - top[:, None]).sum(axis=1))
    return Linear(log_total, np.exp(logits - log_total[:, None]))


class Tabled(NamedTuple):
    """log_p (J, K, Q), -inf beyond own categories; slopes (J, M + 2, K, Q): its derivatives, 0 beyond."""

    log_p: FloatArray
    slopes: FloatArray


def tabled(items: FloatArray, layout: Layout, theta: FloatArray, *, slopes: bool = True) -> Tabled:
    """Items with guessing or graded categories: the rows of the table from `layout.n_linear` on.

    -inf also where graded intercepts do not fall, so that no search goes there.
    """
    graded = layout.graded[layout.n_linear :]
    steps = layout.steps[layout.n_linear :]
    log_p = np.full((items.shape[0], steps.shape[1] + 1, theta.size), -np.inf)
    by = np.zeros((items.shape[0], items.shape[1], *log_p.shape[1:]) if slopes else (0, 0, 0, 0))
    for rows, probabilities, derivatives in (
        (np.flatnonzero(~graded), _guessing, _guessing_slopes),
        (np.flatnonzero(graded), _graded, _graded_slopes),
    ):
        if rows.size:
            log_p[rows] = probabilities(items[rows], steps[rows], theta)
            if slopes:
                by[rows] = derivatives(items[rows], steps[rows], theta, log_p[rows])
    return Tabled(log_p, by)


def _guessing(items: FloatArray, steps: BoolArray, theta: FloatArray) -> FloatArray:
    knows, not_so = _two_sides(items[:, SLOPE, None] * theta + items[:, FIRST, None])
    c, rest = _two_sides(items[:, -1, None])
    log_p = np.full((items.shape[0], steps.shape[1] + 1, theta.size), -np.inf)
    log_p[:, 0] = np.log(rest * not_so)
    log_p[:, 1] = np.log(c + rest * knows)
    return log_p


def _guessing_slopes(items: FloatArray, steps: BoolArray, theta: FloatArray, log_p: FloatArray) -> FloatArray:
    knows, _ = _two_sides(items[:, SLOPE, None] * theta + items[:, FIRST, None])
    c, _ = _two_sides(items[:, -1, None])
    odds_against = np.exp(log_p[:, 0] - log_p[:, 1])
    by = np.zeros((items.shape[0], items.shape[1], *log_p.shape[1:]))
    by[:, FIRST, 0], by[:, FIRST, 1] = -knows, knows * odds_against
    by[:, SLOPE] = by[:, FIRST] * theta
    by[:, -1, 0], by[:, -1, 1] = -c, c * odds_against
    return by


def _graded(items: FloatArray, steps: BoolArray, theta: FloatArray) -> FloatArray:
    """Category k is to reach it and not the next one: s(u) - s(v) = s(u) s(-v) (1 - exp(v - u))."""
    reach, fall_short = _boundaries(items, steps, theta)
    p = np.zeros((items.shape[0], steps.shape[1] + 1, theta.size))
    p[:, 0] = 1.0
    p[:, 1:] = np.where(steps[:, :, None], reach, 0.0)
    # Where there is a next category. What u and v differ by does not depend on theta.
    p[:, :-1] *= np.where(steps[:, :, None], fall_short, 1.0)
    inner = np.where(steps[:, 1:], 1 - np.exp(np.minimum(np.diff(items[:, FIRST:-1], axis=1), 0.0)), 1.0)
    p[:, 1:-1] *= inner[:, :, None]
    p[(inner <= 0).any(axis=1)] = 0.0  # out of order: what is left would be no distribution
    with np.errstate(divide="ignore"):
        return np.log(p)


def _graded_slopes(items: FloatArray, steps: BoolArray, theta: FloatArray, log_p: FloatArray) -> FloatArray:
    """P(reach k) changes with its own intercept only, and a category is the difference of two of them."""
    n_items, n_steps = steps.shape
    reach, fall_short = _boundaries(items, steps, theta)
    w = np.where(steps[:, :, None], reach * fall_short, 0.0)
    each = np.where(np.isfinite(log_p), np.exp(-np.maximum(log_p, -700.0)), 0.0)
    into, out_of = w * each[:, 1:], w * each[:, :-1]
    by = np.zeros((n_items, n_steps + 2, n_steps + 1, theta.size))
    for step in range(n_steps):
        by[:, FIRST + step, step + 1] = into[:, step]
        by[:, FIRST + step, step] = -out_of[:, step]
    by[:, SLOPE] = by[:, FIRST:-1].sum(axis=1) * theta
    return by


def _boundaries(items: FloatArray, steps: BoolArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Probabilities (J, M, Q) of reaching each category and of not doing so."""
    return _two_sides(items[:, SLOPE, None, None] * theta + items[:, FIRST:-1, None])


def _two_sides(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """1 / (1 + exp(-z)) and 1 / (1 + exp(z)), each with all its digits."""
    small = np.exp(-np.abs(z))
    large = 1 / (1 + small)
    small *= large
    above = z >= 0
    return np.where(above, large, small), np.where(above, small, large)

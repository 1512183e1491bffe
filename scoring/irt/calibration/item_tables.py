"""What do items of each family say along the grid, and how does that change with their parameters?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scoring.irt.calibration.layout import FIRST, SLOPE, Layout
from scoring.irt.logistic import log_logistic
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
    z = items[:, SLOPE, None] * theta + items[:, FIRST, None]
    guess = items[:, -1, None]
    log_rest = log_logistic(-guess)
    log_p = np.full((items.shape[0], steps.shape[1] + 1, theta.size), -np.inf)
    log_p[:, 0] = log_rest + log_logistic(-z)
    log_p[:, 1] = np.logaddexp(log_logistic(guess), log_rest + log_logistic(z))
    return log_p


def _guessing_slopes(items: FloatArray, steps: BoolArray, theta: FloatArray, log_p: FloatArray) -> FloatArray:
    z = items[:, SLOPE, None] * theta + items[:, FIRST, None]
    guess = items[:, -1, None]
    log_c, log_knows = log_logistic(guess), log_logistic(z)
    by = np.zeros((items.shape[0], items.shape[1], *log_p.shape[1:]))
    by[:, FIRST, 0] = -np.exp(log_knows)
    by[:, FIRST, 1] = np.exp(log_knows + log_p[:, 0] - log_p[:, 1])
    by[:, SLOPE] = by[:, FIRST] * theta
    by[:, -1, 0] = -np.exp(log_c)
    by[:, -1, 1] = np.exp(log_c + log_p[:, 0] - log_p[:, 1])
    return by


def _graded(items: FloatArray, steps: BoolArray, theta: FloatArray) -> FloatArray:
    z = _boundaries(items, steps, theta)
    edge = np.full((items.shape[0], 1, theta.size), np.inf)
    reach, passed = np.concatenate((edge, z), axis=1), np.concatenate((z, -edge), axis=1)
    own = np.concatenate((np.ones((items.shape[0], 1), dtype=np.bool_), steps), axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(np.isinf(reach) | np.isinf(passed), -np.inf, passed - reach)
        log_p = log_logistic(reach) + log_logistic(-passed) + np.log1p(-np.exp(np.minimum(gap, 0.0)))
    return np.where(own[:, :, None], log_p, -np.inf)


def _graded_slopes(items: FloatArray, steps: BoolArray, theta: FloatArray, log_p: FloatArray) -> FloatArray:
    """P(reach k) changes with its own intercept only, and a category is the difference of two of them."""
    n_items, n_steps = steps.shape
    z = _boundaries(items, steps, theta)
    log_w = np.where(steps[:, :, None], log_logistic(z) + log_logistic(-z), -np.inf)
    safe = np.where(np.isfinite(log_p), log_p, 0.0)
    into, out_of = np.exp(log_w - safe[:, 1:]), np.exp(log_w - safe[:, :-1])
    by = np.zeros((n_items, n_steps + 2, n_steps + 1, theta.size))
    for step in range(n_steps):
        by[:, FIRST + step, step + 1] = into[:, step]
        by[:, FIRST + step, step] = -out_of[:, step]
    by[:, SLOPE] = by[:, FIRST:-1].sum(axis=1) * theta
    return by


def _boundaries(items: FloatArray, steps: BoolArray, theta: FloatArray) -> FloatArray:
    """Log-odds (J, M, Q) of reaching each category, -inf beyond an item's own."""
    z = items[:, SLOPE, None, None] * theta + items[:, FIRST:-1, None]
    return np.where(steps[:, :, None], z, -np.inf)

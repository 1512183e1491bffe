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
    by = np.zeros((items.shape[0], items.shape[1], *log_p.shape[1:])) if slopes else np.zeros((0, 0, 0, 0))
    for rows, family in ((np.flatnonzero(~graded), _guessing), (np.flatnonzero(graded), _graded)):
        if rows.size:
            log_p[rows], of_rows = family(items[rows], steps[rows], theta)
            if slopes:
                by[rows] = of_rows
    return Tabled(log_p, by)


def _guessing(items: FloatArray, steps: BoolArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    z = items[:, SLOPE, None] * theta + items[:, FIRST, None]
    guess = items[:, -1, None]
    log_c, log_rest = log_logistic(guess), log_logistic(-guess)
    log_knows, log_not = log_logistic(z), log_logistic(-z)
    log_p = np.full((items.shape[0], steps.shape[1] + 1, theta.size), -np.inf)
    log_p[:, 0] = log_rest + log_not
    log_p[:, 1] = np.logaddexp(log_c, log_rest + log_knows)
    by = np.zeros((items.shape[0], items.shape[1], *log_p.shape[1:]))
    by[:, FIRST, 0] = -np.exp(log_knows)
    by[:, FIRST, 1] = np.exp(log_rest + log_knows + log_not - log_p[:, 1])
    by[:, SLOPE] = by[:, FIRST] * theta
    by[:, -1, 0] = -np.exp(log_c)
    by[:, -1, 1] = np.exp(log_c + log_rest + log_not - log_p[:, 1])
    return log_p, by


def _graded(items: FloatArray, steps: BoolArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    n_items, n_steps = steps.shape
    z = items[:, SLOPE, None, None] * theta + items[:, FIRST:-1, None]
    edge = np.full((n_items, 1, theta.size), np.inf)
    z = np.where(steps[:, :, None], z, -np.inf)
    reach, passed = np.concatenate((edge, z), axis=1), np.concatenate((z, -edge), axis=1)
    own = np.concatenate((np.ones((n_items, 1), dtype=np.bool_), steps), axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(np.isinf(reach) | np.isinf(passed), -np.inf, passed - reach)
        log_p = log_logistic(reach) + log_logistic(-passed) + np.log1p(-np.exp(np.minimum(gap, 0.0)))
    log_p = np.where(own[:, :, None], log_p, -np.inf)
    # P(reach k) changes with its own intercept only; a category is the difference of two of them.
    log_w = log_logistic(z) + log_logistic(-z)
    log_w = np.where(steps[:, :, None], log_w, -np.inf)
    safe = np.where(np.isfinite(log_p), log_p, 0.0)
    into, out_of = np.exp(log_w - safe[:, 1:]), np.exp(log_w - safe[:, :-1])
    by = np.zeros((n_items, n_steps + 2, n_steps + 1, theta.size))
    for step in range(n_steps):
        by[:, FIRST + step, step + 1] = into[:, step]
        by[:, FIRST + step, step] = -out_of[:, step]
    by[:, SLOPE] = by[:, FIRST:-1].sum(axis=1) * theta
    return log_p, by

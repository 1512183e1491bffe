"""Which items and populations are free, what holds the scale, and where does the search start?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from scoring.irt.calibration.layout import FIRST, SLOPE, Estimates, Layout, number_free
from scoring.irt.calibration.penalty import Penalty
from scoring.irt.calibration.result import Anchors, Model, Population, Priors
from scoring.irt.calibration.screening import Screened
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters

_GUESSING_START = -1.39  # the logit of 0.2


class Problem(NamedTuple):
    """order (J',): columns of the responses that take part, linear items first, as in `layout`."""

    order: IntArray
    layout: Layout
    penalty: Penalty
    start: Estimates
    equal_slopes: bool


class _Active(NamedTuple):
    """Of the items that take part, in order: their models and whether they are anchors."""

    order: IntArray
    models: list[Model]
    anchored: BoolArray
    n_linear: int


def set_up(
    screened: Screened,
    models: Sequence[Model],
    anchors: Anchors | None,
    population: Population | None,
    priors: Priors,
    *,
    labels: tuple[Hashable, ...],
    n_coefficients: int,
) -> Problem:
    """Raises ValueError where too few items are left to tell ability from the items themselves."""
    active = _active(screened, models, anchors)
    n_categories = screened.n_categories[active.order]
    counts = screened.counts[active.order]
    width = int(n_categories.max(initial=2)) + 1
    steps = np.arange(width - 2) < n_categories[:, None] - 1
    block = _blocks(active)
    items = _start_items(counts, steps, active, width, priors)
    if anchors is not None:
        _put_anchors(items, anchors, active)
    free_items = _free_items(items, steps, active)
    mean, sd = _free_population(active, population, labels)
    _check_identified(free_items, block, active, priors, free_sd=bool(sd[0]))
    index, n_free = number_free(free_items, block, mean=mean, sd=sd, n_coefficients=n_coefficients)
    layout = Layout(
        n_linear=active.n_linear,
        steps=steps,
        counts=counts[: active.n_linear, 1 : width - 1],
        graded=np.array([model is Model.GRM for model in active.models], dtype=np.bool_),
        block=block,
        index=index,
        n_free=n_free,
    )
    shared = np.bincount(block)[block]
    applies = ~active.anchored
    share = np.where(free_items[:, SLOPE], 1.0 / shared, 0.0)
    given_mean, given_sd = _given(population, labels, n_coefficients)
    start = Estimates(
        items=items,
        mean=given_mean,
        log_sd=np.log(given_sd),
        coefficients=np.zeros(n_coefficients),
    )
    slopes = items[:, SLOPE]
    one_free_block = bool(np.unique(block[free_items[:, SLOPE]]).size == 1 and free_items[:, SLOPE].all())
    fixed_alike = bool(not free_items[:, SLOPE].any() and np.ptp(slopes) == 0)
    return Problem(
        active.order, layout, Penalty(priors, applies, share), start, one_free_block or fixed_alike
    )


def _active(screened: Screened, models: Sequence[Model], anchors: Anchors | None) -> _Active:
    anchored = np.zeros(len(models), dtype=np.bool_)
    if anchors is not None:
        anchored[anchors.index] = True
    tabled = np.array([model in (Model.THREE, Model.GRM) for model in models], dtype=np.bool_)
    takes_part = np.array([item not in screened.left_out for item in range(len(models))])
    linear, others = np.flatnonzero(takes_part & ~tabled), np.flatnonzero(takes_part & tabled)
    order = np.concatenate((linear, others))
    if order.size == 0:
        raise ValueError(
            "no item is left to calibrate: " + "; ".join(flag.message for flag in screened.flags)
        )
    return _Active(order, [models[item] for item in order], anchored[order], int(linear.size))


def _blocks(active: _Active) -> IntArray:
    block = np.arange(active.order.size)
    shared = np.array([model is Model.ONE for model in active.models], dtype=np.bool_) & ~active.anchored
    if shared.any():
        block[shared] = np.flatnonzero(shared)[0]
    return np.asarray(np.unique(block, return_inverse=True)[1], dtype=np.int64)


def _start_items(
    counts: FloatArray, steps: BoolArray, active: _Active, width: int, priors: Priors
) -> FloatArray:
    """Slopes of 1 and the intercepts that give the observed shares to the average candidate."""
    items = np.zeros((counts.shape[0], width))
    items[:, SLOPE] = 1.0
    smoothed = counts[:, : width - 1] + 0.5
    own = np.concatenate((np.ones((steps.shape[0], 1), dtype=np.bool_), steps), axis=1)
    smoothed = np.where(own, smoothed, 0.0)
    at_least = smoothed[:, ::-1].cumsum(axis=1)[:, ::-1]
    for row, model in enumerate(active.models):
        n_steps = int(steps[row].sum())
        if model is Model.GRM:
            reached = at_least[row, 1 : n_steps + 1]
            items[row, FIRST : FIRST + n_steps] = np.log(reached / (at_least[row, 0] - reached))
        else:
            items[row, FIRST : FIRST + n_steps] = np.log(smoothed[row, 1 : n_steps + 1] / smoothed[row, 0])
        if model is Model.THREE:
            items[row, -1] = _GUESSING_START if priors.logit_c is None else priors.logit_c[0]
    items[:, FIRST:-1] *= 1.2  # a population spread over the scale flattens what it shows
    return items


def _put_anchors(items: FloatArray, anchors: Anchors, active: _Active) -> None:
    place = {int(item): at for at, item in enumerate(anchors.index)}
    for row in np.flatnonzero(active.anchored):
        at = place[int(active.order[row])]
        items[row] = table_row(anchors.parameters, at, items.shape[1])


def table_row(parameters: ItemParameters, item: int, width: int) -> FloatArray:
    """Slope, intercepts and logit of c of one item, as in `layout`."""
    row = np.zeros(width)
    n_steps = int(parameters.n_categories[item]) - 1
    row[SLOPE] = parameters.a[item]
    difficulty = parameters.b[item] + parameters.steps[item, :n_steps]
    each = -parameters.a[item] * difficulty
    row[FIRST : FIRST + n_steps] = each if parameters.graded[item] and n_steps > 1 else each.cumsum()
    if parameters.c[item] > 0:
        row[-1] = np.log(parameters.c[item]) - np.log1p(-parameters.c[item])
    return row


def _free_items(items: FloatArray, steps: BoolArray, active: _Active) -> BoolArray:
    free = np.zeros(items.shape, dtype=np.bool_)
    free[:, SLOPE] = [not model.slope_is_fixed for model in active.models]
    free[:, FIRST:-1] = steps
    free[:, -1] = [model is Model.THREE for model in active.models]
    return free & ~active.anchored[:, None]


def _check_identified(
    free_items: BoolArray, block: IntArray, active: _Active, priors: Priors, *, free_sd: bool
) -> None:
    """Slopes and spread are told from how pairs of items go together: no more unknowns than pairs."""
    n_items = active.order.size
    unknown = np.unique(block[free_items[:, SLOPE]]).size + (free_sd and not active.anchored.any())
    if unknown > n_items * (n_items - 1) // 2 and priors.log_a is None:
        raise ValueError(
            f"{n_items} item{'s' if n_items > 1 else ''} cannot tell how items discriminate: "
            "take at least 3, priors on the slopes, or fixed slopes with a given population"
        )


def _given(
    population: Population | None, labels: tuple[Hashable, ...], n_coefficients: int
) -> tuple[FloatArray, FloatArray]:
    """Means and sds (G,) in the order of the labels; 0 and 1 where none are given."""
    if population is None:
        return np.zeros(len(labels)), np.ones(len(labels))
    if n_coefficients or population.coefficients.size:
        raise ValueError("covariates and a given population exclude each other: leave one out")
    if population.mean.size != len(labels):
        raise ValueError(f"population has {population.mean.size} groups, the responses have {len(labels)}")
    if not (np.isfinite(population.mean).all() and np.isfinite(population.sd).all()):
        raise ValueError("population: mean and standard deviation must be finite")
    if not (population.sd > 0).all():
        raise ValueError("population: a standard deviation must be positive")
    if len(labels) == 1:
        return population.mean, population.sd
    place = {label: at for at, label in enumerate(population.groups)}
    strange = [label for label in labels if label not in place]
    if strange:
        raise ValueError(f"group {strange[0]!r}: the given population has no such group")
    at = [place[label] for label in labels]
    return population.mean[at], population.sd[at]


def _free_population(
    active: _Active, population: Population | None, labels: tuple[Hashable, ...]
) -> tuple[BoolArray, BoolArray]:
    n_groups = len(labels)
    if population is not None:
        return np.zeros(n_groups, dtype=np.bool_), np.zeros(n_groups, dtype=np.bool_)
    mean, sd = np.ones(n_groups, dtype=np.bool_), np.ones(n_groups, dtype=np.bool_)
    mean[0] = bool(active.anchored.any())
    sd[0] = bool(active.anchored.any() or any(model.slope_is_fixed for model in active.models))
    return mean, sd

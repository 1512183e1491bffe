"""How does what we believe of an ability change while time passes and practice goes on?

A state-space model on the grid (Glickman 1999; Ekanadham & Karklin 2017): between two sittings theta moves by
a normal step whose mean and variance grow with the weeks gone by and with the items practised; each sitting
then multiplies by its likelihood. Pooling all responses as if nothing had happened in between would be wrong
by far and sure of it; looking at the last sitting only would throw most of the evidence away.

A step is often much smaller than the spacing of the grid (a day, three items), so it is not a table of normal
densities. The mean moves by interpolating the log-density, exactly for a normal one; the variance grows as
heat spreads, by exchange between neighbours, which adds the wanted variance whatever its size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.types import BoolArray, FloatArray

_LEAST = 1e-18
"""The smallest weight, just below the rounding of sums: nothing becomes impossible by being carried."""


_LOWEST_LOG = -600.0
"""Likelihoods smaller than its exponential, compared with their largest, are taken for that: above zero."""


@dataclass(frozen=True, slots=True)
class Dynamics:
    """How abilities change between sittings, in units of theta; variances add up.

    drift_per_week   mean change in a week without practice, negative for forgetting
    gain_per_item    mean change with each item practised and explained
    sd_per_week      sd of the change in a week
    sd_per_item      sd of the change with each item practised
    """

    version: str
    drift_per_week: float
    gain_per_item: float
    sd_per_week: float
    sd_per_item: float

    def __post_init__(self) -> None:
        if self.sd_per_week < 0 or self.sd_per_item < 0:
            raise ValueError("a standard deviation cannot be negative")

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Dynamics:
        """What `as_table` gave; an empty table stands for the assumed dynamics."""
        if not table:
            return ASSUMED
        return cls(**{field.name: table[field.name] for field in fields(cls)})

    def as_table(self) -> dict[str, Any]:
        return asdict(self)


ASSUMED = Dynamics(
    version="assumed-1", drift_per_week=-0.005, gain_per_item=0.004, sd_per_week=0.06, sd_per_item=0.04
)
"""Until enough pupils have come back to estimate them.

A summer without school costs about 0.1 sd (Cooper et al. 1996), half of which is taken for weeks with school.
Results a year apart correlate about 0.9 when freed of error: 0.43 sd of change in 52 weeks. Learning from
items with explanations is worth about half an sd on what was practised (van der Kleij et al. 2015), less on
the rest of an exam: after 100 items +0.4, give or take 0.4. All of it modest on purpose, so that responses
outweigh it soon.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One sitting.

    weeks           since the first sitting of the learner, never falling
    practised       items practised since the sitting before, this one's own included if it is practice
    log_likelihood  (Q,) of its responses
    """

    weeks: float
    practised: int
    log_likelihood: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """Beliefs around each of T sittings: `before` and `after` it (T, Q), and the log-probability that the
    belief before gave to its responses, (T,).
    """

    before: FloatArray
    after: FloatArray
    log_predictive: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class EstimatedDynamics:
    """se: by name of the figures. log_predictive: of all responses after each learner's first sitting."""

    dynamics: Dynamics
    se: Mapping[str, float]
    log_predictive: float
    n_learners: int


def carry(
    posterior: ArrayLike,
    dynamics: Dynamics,
    *,
    weeks: ArrayLike,
    practised: ArrayLike = 0,
    grid: Grid = DEFAULT_GRID,
) -> FloatArray:
    """The posterior (Q,) after `weeks` in which `practised` items were practised; or (N, Q) with (N,) each.

    Mass that would leave the grid stays at its ends. ValueError when time or practice is negative.
    """
    before = np.asarray(posterior, dtype=np.float64)
    time, items = np.asarray(weeks, dtype=np.float64), np.asarray(practised, dtype=np.float64)
    if (time < 0).any() or (items < 0).any():
        raise ValueError("neither time nor practice can be negative")
    if not (time.any() or items.any()):
        return before.copy()
    rows = np.atleast_2d(before)
    mean = np.broadcast_to(dynamics.drift_per_week * time + dynamics.gain_per_item * items, rows.shape[:1])
    variance = dynamics.sd_per_week**2 * time + dynamics.sd_per_item**2 * items
    moved = _spread(
        _shifted(rows, mean / grid.spacing), np.broadcast_to(variance, rows.shape[:1]) / grid.spacing**2
    )
    return moved.reshape(before.shape)


def filtered(
    observations: Sequence[Observation],
    dynamics: Dynamics,
    *,
    prior: FloatArray | None = None,
    grid: Grid = DEFAULT_GRID,
) -> Filtered:
    """What was believed around each sitting of one learner; `prior` (Q,) is N(0, 1) where none is given.

    The prior is for the time of the first sitting: nothing is carried to it.
    """
    table = _Learners.of([observations], grid)
    start = normal_weights(grid) if prior is None else prior
    return _filter(table, dynamics, start, grid)[0]


def estimate_dynamics(
    learners: Sequence[Sequence[Observation]],
    start: Dynamics = ASSUMED,
    *,
    version: str | None = None,
    prior: FloatArray | None = None,
    grid: Grid = DEFAULT_GRID,
) -> EstimatedDynamics:
    """The dynamics under which each sitting was predicted best from those before it.

    Maximises the sum of one-step log predictive likelihoods, with weak normal priors around `start`
    (`_PRIOR_SD`; sds on the log scale), so that figures on which the learners say nothing, such as the gain
    where nobody practised, stay where they were. Standard errors from the curvature at the maximum.
    Learners with one sitting say nothing and are left out; ValueError when no other is there. A form that
    is harder than its parameters say looks like forgetting: the items must be on one scale.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  loads SciPy, which no web process may

    telling = [learner for learner in learners if len(learner) > 1]
    if not telling:
        raise ValueError("no learner has two sittings")
    table = _Learners.of(telling, grid)
    first = normal_weights(grid) if prior is None else prior

    def loss(place: FloatArray) -> float:
        found = _filter_log_predictive(table, _dynamics_at(place, start, ""), first, grid)
        return 0.5 * float(place @ place) - float(found)

    best = minimize(
        loss,
        np.zeros(4),
        jac=lambda place: _gradient(loss, place),
        method="L-BFGS-B",
        bounds=[(-_FARTHEST, _FARTHEST)] * 4,
    )
    dynamics = _dynamics_at(best.x, start, version or f"estimated-{len(telling)}")
    variance = np.diag(np.linalg.pinv(_curvature(loss, best.x)))
    se = np.sqrt(np.maximum(variance, 0.0)) * _PRIOR_SD
    return EstimatedDynamics(
        dynamics=dynamics,
        se={
            "drift_per_week": float(se[0]),
            "gain_per_item": float(se[1]),
            "sd_per_week": float(se[2]) * dynamics.sd_per_week,
            "sd_per_item": float(se[3]) * dynamics.sd_per_item,
        },
        log_predictive=_filter_log_predictive(table, dynamics, first, grid),
        n_learners=len(telling),
    )


# ---- Moving and spreading ----------------------------------------------------------------------------


def _shifted(rows: FloatArray, cells: FloatArray) -> FloatArray:
    """Each row (N, Q) moved up by so many cells (N,), not only whole ones.

    The log-density is read off a parabola through the three points nearest to where each came from: exact
    for a normal posterior, and never negative. Beyond the ends it is what it is at the ends.
    """
    if not cells.any():
        return rows
    size = rows.shape[1]
    source = np.clip(np.arange(size) - cells[:, None], 0, size - 1)
    centre = np.clip(np.rint(source).astype(np.int64), 1, size - 2)
    part = source - centre
    log_rows = np.log(np.maximum(rows, 1e-300))
    lower, middle, upper = (
        np.take_along_axis(log_rows, centre + neighbour, axis=1) for neighbour in (-1, 0, 1)
    )
    moved = middle + part * (upper - lower) / 2 + part**2 * (upper - 2 * middle + lower) / 2
    weights = np.exp(moved - moved.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _spread(rows: FloatArray, variance: FloatArray) -> FloatArray:
    """Each row (N, Q) with its variance (N,), in cells squared, added.

    Every point keeps exchanging mass with its neighbours, at a rate that adds just that variance: the heat
    equation on the grid with closed ends, solved in its own modes. Two short ways are exactly one long way.
    """
    if not variance.any():
        return rows
    modes, rates = _modes(rows.shape[1])
    result = (rows @ modes * np.exp(-0.5 * variance[:, None] * rates)) @ modes.T
    return np.asarray(np.maximum(result, _LEAST))


@cache
def _modes(size: int) -> tuple[FloatArray, FloatArray]:
    """Cosines (Q, Q), orthonormal by column, and how fast each of them fades, (Q,)."""
    number = np.arange(size)
    modes = np.cos(np.pi * np.outer(number + 0.5, number) / size) * np.sqrt(2 / size)
    modes[:, 0] /= np.sqrt(2)
    return modes, 2 - 2 * np.cos(np.pi * number / size)


# ---- Filtering many learners at once ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Learners:
    """N learners with up to T sittings: weeks since the sitting before and items practised since (N, T), the
    likelihood (N, T, Q) divided by its largest value, whose log is `highest` (N, T), and which sittings there
    are (N, T).
    """

    weeks: FloatArray
    practised: FloatArray
    likelihood: FloatArray
    highest: FloatArray
    there: BoolArray

    @classmethod
    def of(cls, learners: Sequence[Sequence[Observation]], grid: Grid) -> _Learners:
        shape = (len(learners), max((len(learner) for learner in learners), default=0))
        weeks, practised = np.zeros(shape), np.zeros(shape)
        log_likelihood = np.zeros((*shape, grid.size))
        there = np.zeros(shape, dtype=np.bool_)
        for row, learner in enumerate(learners):
            number = len(learner)
            since_first = [sitting.weeks for sitting in learner]
            weeks[row, :number] = np.diff(since_first, prepend=since_first[:1])
            practised[row, :number] = [sitting.practised for sitting in learner]
            there[row, :number] = True
            for place, sitting in enumerate(learner):
                log_likelihood[row, place] = sitting.log_likelihood
        highest = log_likelihood.max(axis=2)
        relative = np.exp(np.maximum(log_likelihood - highest[:, :, None], _LOWEST_LOG))
        return cls(weeks, practised, relative, highest, there)


def _filter(table: _Learners, dynamics: Dynamics, prior: FloatArray, grid: Grid) -> list[Filtered]:
    """What was believed around each sitting of every learner."""
    number, longest, size = table.likelihood.shape
    before, after = np.empty((number, longest, size)), np.empty((number, longest, size))
    log_predictive = np.zeros((number, longest))
    belief = np.broadcast_to(prior / prior.sum(), (number, size))
    for place in range(longest):
        if place:
            belief = carry(
                belief,
                dynamics,
                weeks=table.weeks[:, place],
                practised=table.practised[:, place],
                grid=grid,
            )
        before[:, place] = belief
        product = belief * table.likelihood[:, place]
        chance = product.sum(axis=1)
        log_predictive[:, place] = np.log(chance) + table.highest[:, place]
        belief = product / chance[:, None]
        after[:, place] = belief
    lengths = table.there.sum(axis=1)
    return [
        Filtered(before[row, :length], after[row, :length], log_predictive[row, :length])
        for row, length in enumerate(lengths)
    ]


def _filter_log_predictive(table: _Learners, dynamics: Dynamics, prior: FloatArray, grid: Grid) -> float:
    """Sum over learners and all but their first sittings, on which dynamics have no bearing."""
    return float(sum(one.log_predictive[1:].sum() for one in _filter(table, dynamics, prior, grid)))


# ---- Searching ----------------------------------------------------------------------------------------

_PRIOR_SD = np.array([0.1, 0.03, 1.0, 1.0])
"""Sds of the weak priors on drift, gain and the logarithms of both sds: the unit of the search."""

_FARTHEST = 6.0
_STEP = 0.02


def _dynamics_at(place: FloatArray, start: Dynamics, version: str) -> Dynamics:
    drift, gain, log_week, log_item = place * _PRIOR_SD
    return Dynamics(
        version=version,
        drift_per_week=start.drift_per_week + float(drift),
        gain_per_item=start.gain_per_item + float(gain),
        sd_per_week=start.sd_per_week * math.exp(log_week),
        sd_per_item=start.sd_per_item * math.exp(log_item),
    )


def _gradient(loss: Any, place: FloatArray) -> FloatArray:
    steps = _STEP * np.eye(place.size)
    return np.array([(loss(place + step) - loss(place - step)) / (2 * _STEP) for step in steps])


def _curvature(loss: Any, place: FloatArray) -> FloatArray:
    """Second derivatives, wide enough apart to look past rounding."""
    steps = 5 * _STEP * np.eye(place.size)
    rows = [(_gradient(loss, place + step) - _gradient(loss, place - step)) / (10 * _STEP) for step in steps]
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)

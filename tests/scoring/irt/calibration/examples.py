"""Which items, candidates and half-way points of a search do the tests of calibration share?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt import Anchors, Grid, ItemParameters, Population, Priors, simulate_responses
from scoring.irt.calibration.data import Data, prepare
from scoring.irt.calibration.expectation import Expected, expect
from scoring.irt.calibration.layout import Estimates
from scoring.irt.calibration.result import Model
from scoring.irt.calibration.screening import screen
from scoring.irt.calibration.setup import Problem, set_up
from scoring.irt.types import BoolArray, FloatArray, ResponseArray

GRID = Grid.uniform(45, -5.5, 5.5)

# A test over all models goes through these; the mixed one has linear and tabled items out of order.
DESIGNS: dict[str, list[str]] = {
    **{name: [name] * 6 for name in ("rasch", "1pl", "2pl", "3pl", "pcm", "gpcm", "grm")},
    "mixed": ["grm", "2pl", "3pl", "gpcm", "1pl", "grm", "1pl", "2pl"],
}


def items_of(models: Sequence[str], seed: int = 1) -> ItemParameters:
    """Items such as a form has: difficulties spread over -1.5 to 1.5, two to four categories."""
    rng = np.random.default_rng(seed)
    kinds, n = np.array(models), len(models)
    a = np.exp(rng.normal(0.1, 0.25, n))
    a[np.isin(kinds, ("rasch", "pcm"))] = 1.0
    a[kinds == "1pl"] = 1.2
    b = rng.permutation(np.linspace(-1.5, 1.5, n))
    n_steps = np.where(np.isin(kinds, ("pcm", "gpcm", "grm")), 1 + (1 + np.arange(n)) % 3, 1)
    steps = np.full((n, int(n_steps.max())), np.nan)
    for item, size in enumerate(n_steps):
        spread = np.linspace(-0.6, 0.6, size) * (size - 1) + rng.normal(0, 0.1, size)
        steps[item, :size] = spread - spread.mean()
    return ItemParameters(
        a=a,
        b=b,
        steps=steps,
        c=np.where(kinds == "3pl", rng.uniform(0.1, 0.25, n), 0.0),
        n_categories=n_steps + 1,
        graded=kinds == "grm",
    )


def booklets(n: int, n_items: int) -> BoolArray:
    """Three booklets with two thirds of the items each, handed out in turn."""
    return (np.arange(n)[:, None] + np.arange(n_items)) % 3 != 0


def draw(
    items: ItemParameters,
    n: int,
    seed: int,
    *,
    mean: ArrayLike = 0.0,
    sd: ArrayLike = 1.0,
    presented: ArrayLike | None = None,
) -> ResponseArray:
    """Responses of candidates from a normal population; mean and sd may differ by candidate, (N,)."""
    theta = np.random.default_rng(seed).normal(mean, sd, n)
    return simulate_responses(theta, items, seed=seed + 1, presented=presented)


@dataclass(frozen=True, eq=False)
class Case:
    """A calibration that has been set up and may be looked into at any point."""

    data: Data
    problem: Problem
    grid: Grid

    def at(self, packed: FloatArray) -> Estimates:
        return self.problem.layout.unpack(packed, self.problem.start)

    def expected(self, packed: FloatArray) -> Expected:
        return expect(self.data, self.at(packed), self.problem.layout, self.grid)

    def objective(self, packed: FloatArray) -> float:
        """Marginal log-likelihood with priors."""
        prior = self.problem.penalty.total(self.at(packed).items, self.problem.layout)
        return self.expected(packed).log_likelihood + prior

    def packed(self, estimates: Estimates) -> FloatArray:
        return self.problem.layout.pack(estimates)

    def somewhere(self, seed: int, spread: float = 0.15) -> FloatArray:
        """A point near the start, where neither gradient nor curvature is anything special."""
        start = self.packed(self.problem.start)
        return start + np.random.default_rng(seed).normal(0, spread, start.size)


def case(
    responses: ResponseArray,
    models: Sequence[str],
    *,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    anchors: Anchors | None = None,
    population: Population | None = None,
    priors: Priors | None = None,
    weights: ArrayLike | None = None,
    grid: Grid = GRID,
    fold_sums: bool = True,
) -> Case:
    """What `fit` does before it searches; fold_sums=False keeps candidates of equal sums apart."""
    n = responses.shape[0]
    given = None if weights is None else np.asarray(weights, dtype=np.float64)
    names = [Model(name) for name in models]
    for item, of_anchor in zip(anchors.index, anchors.models, strict=True) if anchors is not None else ():
        names[int(item)] = of_anchor
    priors = Priors() if priors is None else priors
    found, group = np.unique(np.zeros(n) if groups is None else np.asarray(groups), return_inverse=True)
    design = np.zeros((n, 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
    screened = screen(responses, given, names, anchors, priors)
    problem = set_up(
        screened,
        names,
        anchors,
        population,
        priors,
        labels=tuple(found.tolist()),
        n_coefficients=design.shape[1],
    )
    data = prepare(
        responses,
        linear=problem.order[: problem.layout.n_linear],
        tabled=problem.order[problem.layout.n_linear :],
        n_categories=screened.n_categories,
        group=group.astype(np.int64),
        weights=np.ones(n) if given is None else given,
        covariates=design,
        equal_slopes=problem.equal_slopes and fold_sums,
    )
    return Case(data, problem, grid)


def slope(function, packed: FloatArray, step: float = 1e-4) -> FloatArray:
    """Central differences of a function (F,) -> (…): its derivatives, the F parameters first."""
    derivatives = []
    for place in range(packed.size):
        by = np.zeros(packed.size)
        by[place] = step
        derivatives.append((function(packed + by) - function(packed - by)) / (2 * step))
    return np.array(derivatives)


def curvature(function, packed: FloatArray, step: float = 1e-3) -> FloatArray:
    """Second derivatives (F, F) of a function (F,) -> number, by differences of differences."""
    size = packed.size
    result = np.empty((size, size))
    by = step * np.eye(size)
    for row in range(size):
        for column in range(row + 1):
            corners = [
                sign * other * function(packed + sign * by[row] + other * by[column])
                for sign in (-1, 1)
                for other in (-1, 1)
            ]
            result[row, column] = result[column, row] = sum(corners) / (4 * step**2)
    return result

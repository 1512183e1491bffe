"""scoring.irt itself, through the functions its users call."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.irt import Grid, ItemParameters, Population, Priors
from scoring.irt import fit as calibrate
from scoring.irt.ability.scores import score
from scoring.irt.calibration.data import prepare
from scoring.irt.calibration.expectation import Workspace, expect
from scoring.irt.calibration.result import Model
from scoring.irt.calibration.screening import screen
from scoring.irt.calibration.setup import set_up
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.informative import information_table, most_informative
from scoring.irt.selection.stopping import StandardError

STANDARD_NORMAL = ("pcm", "rasch")
"""Models whose population the peers hold at N(0, 1), so that we do it for once."""


def fit(
    responses: NDArray[np.int8],
    *,
    model: str,
    standard_errors: bool = False,
    guessing_prior: tuple[float, float] | None = None,
    tight: bool = False,
) -> Callable[[], dict[str, Any]]:
    """`tight`: as near to the maximum as it gets, whatever the time, for the others to be judged by."""
    settings: dict[str, Any] = {"standard_errors": standard_errors}
    if model in STANDARD_NORMAL:
        settings["population"] = Population.fixed()
    if guessing_prior:
        settings["priors"] = Priors(logit_c=guessing_prior)
    if tight:
        settings |= {"tolerance": 1e-8, "grid": Grid.uniform(121, -6.0, 6.0), "max_iterations": 2_000}

    def work() -> dict[str, Any]:
        result = calibrate(responses, model=model, **settings)
        return {
            "a": result.a,
            "steps": result.b[:, None] + result.steps,
            "c": result.c,
            "graded": model == "grm",
            "mean": result.population.mean[0],
            "sd": result.population.sd[0],
            "iterations": result.iterations,
            "converged": result.converged,
        }

    return work


def eap(
    responses: NDArray[np.int8], a: NDArray[np.float64], b: NDArray[np.float64]
) -> Callable[[], dict[str, Any]]:
    items = ItemParameters.dichotomous(a, b)

    def work() -> dict[str, Any]:
        scores = score(responses, items, method="eap")
        return {"theta": scores.theta, "se": scores.se}

    return work


def next_item(
    theta: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]
) -> Callable[[], dict[str, Any]]:
    """One candidate after another, each with ten items met already."""
    table = information_table(ItemParameters.dichotomous(a, b))
    allowed = np.ones((len(theta), a.size), dtype=np.bool_)
    met = np.random.default_rng(1).integers(a.size, size=(len(theta), 10))
    allowed[np.arange(len(theta))[:, None], met] = False

    def work() -> dict[str, Any]:
        chosen = np.empty(len(theta), dtype=np.int64)
        seconds = np.empty(len(theta))
        for candidate in range(len(theta)):
            begun = time.perf_counter()
            chosen[candidate] = most_informative(table, theta[candidate], allowed=allowed[candidate])[0]
            seconds[candidate] = time.perf_counter() - begun
        return {"chosen": chosen, "seconds": np.median(seconds)}

    return work


def adaptive(
    theta: NDArray[np.float64],
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    *,
    target_se: float,
    max_items: int,
) -> Callable[[], dict[str, Any]]:
    bank = ItemParameters.dichotomous(a, b)
    stopping = StandardError(target_se)

    def work() -> dict[str, Any]:
        sessions = simulate_adaptive(theta, bank, seed=1, stopping=stopping, max_items=max_items)
        return {"theta": sessions.final_theta, "length": sessions.n_items}

    return work


def e_step(responses: NDArray[np.int8], *, model: str, points: int) -> Callable[[], dict[str, Any]]:
    """One pass of a calibration through the responses, in float32, from where it starts."""
    models = [Model(model)] * responses.shape[1]
    priors = Priors()
    screened = screen(responses, None, models, None, priors)
    problem = set_up(screened, models, None, None, priors, labels=("",), n_coefficients=0)
    data = prepare(
        responses,
        linear=problem.order[: problem.layout.n_linear],
        tabled=problem.order[problem.layout.n_linear :],
        n_categories=screened.n_categories,
        group=np.zeros(len(responses), dtype=np.int64),
        weights=np.ones(len(responses)),
        covariates=np.zeros((len(responses), 0)),
        equal_slopes=problem.equal_slopes,
    )
    grid = Grid.uniform(points, -5.5, 5.5)
    workspace = Workspace(data, grid, np.float32)

    def work() -> dict[str, Any]:
        expect(data, problem.start, problem.layout, grid, workspace)
        return {"points": grid.size}

    return work

"""Does another implementation, PyPI's mirt, find the same items and the same standard errors?

Both maximise the same marginal likelihood, mirt on 61 Gauss-Hermite points, so they agree as closely as both
were told to search. Real data: sections 6 and 7 of the Law School Admission Test, and for models of several
categories testlets of section 7. Those have no more than five items; drawn data have more.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import mirt
import numpy as np
import pytest
from mirt.estimation.priors import CustomPrior
from scipy.special import logit

from scoring.irt import ItemParameters, fit, simulate_responses
from scoring.irt.calibration import CalibrationResult, Population, Priors
from scoring.irt.types import FloatArray, ResponseArray
from tests.scoring.irt import lsat

GUESSING = (-1.39, 0.5)
FAMILY = {
    "rasch": "1PL",
    "1pl": "2PL",
    "2pl": "2PL",
    "3pl": "3PL",
    "pcm": "PCM",
    "gpcm": "GPCM",
    "grm": "GRM",
}
EASE = np.array([-1.2, -0.6, -0.2, 0.1, 0.5, 0.9, 1.4])
SLOPES = np.array([0.7, 1.0, 1.6, 0.9, 1.3, 2.0, 0.8])


class Theirs(NamedTuple):
    log_likelihood: float
    parameters: dict[str, FloatArray]
    errors: dict[str, FloatArray]


def section_6() -> ResponseArray:
    return lsat.responses(6).astype(np.int8)


def section_7() -> ResponseArray:
    return lsat.responses(7).astype(np.int8)


def pairs_of_section_7() -> ResponseArray:
    """Items 1 and 2, and 3 and 4, of section 7 as one item each, of 0, 1 or 2 points."""
    single = section_7()
    return np.column_stack([single[:, 0] + single[:, 1], single[:, 2] + single[:, 3], single[:, 4]])


def drawn_points() -> ResponseArray:
    steps = EASE[:, None] + np.array([-0.5, 0.5])
    items = ItemParameters.partial_credit(SLOPES.tolist(), steps.tolist())
    return simulate_responses(np.random.default_rng(1).standard_normal(1_000), items, seed=2)


def drawn_grades() -> ResponseArray:
    steps = EASE[:, None] + np.array([-1.0, 0.1, 0.9])
    items = ItemParameters.graded_response(SLOPES.tolist(), steps.tolist())
    return simulate_responses(np.random.default_rng(3).standard_normal(600), items, seed=4)


def drawn_booklets() -> ResponseArray:
    """Every candidate met five of seven items, in one of three booklets."""
    items = ItemParameters.dichotomous(SLOPES, EASE)
    booklet = np.arange(1_000) % 3
    presented = np.ones((1_000, 7), dtype=bool)
    for left_out, pair in enumerate(([0, 1], [2, 3], [5, 6])):
        presented[np.ix_(booklet == left_out, pair)] = False
    theta = np.random.default_rng(5).standard_normal(1_000)
    return simulate_responses(theta, items, seed=6, presented=presented)


def theirs(responses: ResponseArray, model: str) -> Theirs:
    settings: dict[str, Any] = {"n_quadpts": 61, "tol": 1e-5, "max_iter": 5_000, "accelerate": "squarem"}
    if model == "1pl":
        every = list(range(responses.shape[1]))
        settings["constraints"] = [{"parameter": "discrimination", "items": every}]
    if model == "3pl":
        settings["priors"] = {"guessing": normal_on_the_logit()}
    result = mirt.fit_mirt(responses, model=FAMILY[model], **settings)
    assert result.converged
    return Theirs(result.log_likelihood, result.model.parameters, result.standard_errors)


def normal_on_the_logit() -> CustomPrior:
    """As ours: a density of logit c, so without the derivative of c by it."""
    mean, sd = GUESSING
    return CustomPrior(
        lambda c: -0.5 * ((logit(c) - mean) / sd) ** 2,
        lambda size, rng: np.broadcast_to(mean, size),
        grad_log_pdf_fn=lambda c: -(logit(c) - mean) / sd**2 / (c * (1 - c)),
    )


def ours(responses: ResponseArray, model: str) -> CalibrationResult:
    # Where a fixed slope sets the unit, mirt holds the population at N(0, 1) all the same.
    population = Population.fixed() if model in ("rasch", "pcm") else None
    priors = Priors(logit_c=GUESSING) if model == "3pl" else None
    return fit(responses, model=model, population=population, priors=priors, tolerance=1e-6)


CASES = [
    *((section_6, model) for model in ("rasch", "1pl", "2pl")),
    *((section_7, model) for model in ("rasch", "1pl", "2pl", "3pl")),
    *((pairs_of_section_7, model) for model in ("pcm", "gpcm", "grm")),
    *((drawn_points, model) for model in ("pcm", "gpcm")),
    (drawn_grades, "grm"),
    (drawn_booklets, "2pl"),
]


@cache
def both(data: Callable[[], ResponseArray], model: str) -> tuple[CalibrationResult, Theirs]:
    return ours(data(), model), theirs(data(), model)


def of_steps(values: dict[str, FloatArray], like: FloatArray) -> FloatArray:
    """(J, K - 1), under whichever name mirt has for them; NaN where an item has no such step."""
    name = next(name for name in ("difficulty", "steps", "thresholds") if name in values)
    return np.where(np.isnan(like), np.nan, values[name].reshape(like.shape))


@pytest.mark.parametrize(("data", "model"), CASES)
def test_the_log_likelihood_is_the_same_to_a_hundredth(data, model):
    result, peer = both(data, model)
    assert result.converged
    assert result.log_likelihood == pytest.approx(peer.log_likelihood, abs=0.01)


@pytest.mark.parametrize(("data", "model"), CASES)
def test_parameters_are_the_same_to_five_thousandths(data, model):
    result, peer = both(data, model)
    np.testing.assert_allclose(result.a, peer.parameters["discrimination"], atol=0.005)
    steps = result.b[:, None] + result.steps
    np.testing.assert_allclose(steps, of_steps(peer.parameters, steps), atol=0.005)
    np.testing.assert_allclose(result.c, peer.parameters.get("guessing", 0 * result.c), atol=0.005)


@pytest.mark.parametrize(("data", "model"), CASES)
def test_standard_errors_are_the_same_to_a_hundredth_of_their_size(data, model):
    result, peer = both(data, model)
    np.testing.assert_allclose(result.se_a, peer.errors["discrimination"], rtol=0.01)
    np.testing.assert_allclose(result.se_steps, of_steps(peer.errors, result.se_steps), rtol=0.01)
    if model == "3pl":
        np.testing.assert_allclose(result.se_c, peer.errors["guessing"], rtol=0.01)

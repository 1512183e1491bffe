"""Do intervals of 1.96 standard errors hold the truth as often as they should: 93 to 97 in a hundred?

Every claim stands on 1,000 intervals or more, counted by the test. Of 1,000 at 95 % the share that holds has
a standard error of 0.7 percent.
"""

from collections.abc import Iterable

import numpy as np
import pytest

from scoring.irt import Anchors, ItemParameters, Priors, fit
from scoring.irt.types import BoolArray, FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, draw, items_of

Z = 1.959964


def check(held: Iterable[BoolArray]) -> None:
    """held: a mask for each replication."""
    everything = np.concatenate([np.ravel(part) for part in held])
    assert everything.size >= 1000
    assert 0.93 < everything.mean() < 0.97


def holds(estimate: FloatArray, truth: FloatArray, se: FloatArray) -> BoolArray:
    """Whether each interval holds, of what there is and was estimated."""
    estimated = np.isfinite(truth) & (se != 0)
    return np.abs(estimate[estimated] - truth[estimated]) <= Z * se[estimated]


@pytest.mark.parametrize(
    ("name", "n_items", "n", "replications"),
    [
        ("rasch", 30, 400, 50),
        ("2pl", 30, 500, 40),
        ("gpcm", 20, 500, 50),
        ("grm", 20, 350, 50),
    ],
)
def test_intervals_of_item_parameters(name, n_items, n, replications):
    items = items_of((DESIGNS[name] * 5)[:n_items])
    truth = items.b[:, None] + items.steps
    slopes, places, steps = [], [], []
    for turn in range(replications):
        result = fit(draw(items, n, 1000 + 2 * turn), name)
        slopes.append(holds(result.a, items.a, result.se_a))
        places.append(holds(result.b, items.b, result.se_b))
        steps.append(holds(result.b[:, None] + result.steps, truth, result.se_steps))
    check(places)
    check(steps)
    if name in ("2pl", "gpcm", "grm"):
        check(slopes)


def test_intervals_of_guessing_and_of_slopes_drawn_from_their_priors():
    slopes, guesses = [], []
    priors = Priors(log_a=(0.2, 0.3), difficulty=(0.0, 1.0), logit_c=(-1.39, 0.5))
    for turn in range(52):
        rng = np.random.default_rng(turn)
        c = 1 / (1 + np.exp(-rng.normal(-1.39, 0.5, 20)))
        items = ItemParameters.dichotomous(np.exp(rng.normal(0.2, 0.3, 20)), rng.normal(0, 1, 20), c)
        result = fit(draw(items, 300, 5000 + 2 * turn), "3pl", priors=priors)
        slopes.append(holds(result.a, items.a, result.se_a))
        guesses.append(holds(result.c, items.c, result.se_c))
    check(slopes)
    check(guesses)


def test_intervals_of_means_and_spreads_of_groups():
    items = items_of(["rasch"] * 12)
    anchors = Anchors(np.arange(6), items.select(np.arange(6)))
    mean, sd = np.linspace(-1, 1, 20), np.linspace(0.7, 1.4, 20)
    group = np.repeat(np.arange(20), 100)
    means, spreads = [], []
    for turn in range(50):
        responses = draw(items, group.size, 9000 + 2 * turn, mean=mean[group], sd=sd[group])
        population = fit(responses, "rasch", groups=group, anchors=anchors).population
        means.append(holds(population.mean, mean, population.se_mean))
        spreads.append(holds(population.sd, sd, population.se_sd))
    check(means)
    check(spreads)


def test_intervals_of_coefficients_of_a_latent_regression():
    items = items_of(["2pl"] * 12)
    coefficients = np.linspace(-0.3, 0.3, 20)
    held = []
    for turn in range(50):
        covariates = np.random.default_rng(70_000 + turn).normal(0, 1, (600, 20))
        responses = draw(items, 600, 12_000 + 2 * turn, mean=covariates @ coefficients)
        population = fit(responses, "2pl", covariates=covariates).population
        held.append(holds(population.coefficients, coefficients, population.se_coefficients))
    check(held)

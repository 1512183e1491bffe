"""Are the quick mean and sd those of the posterior in double precision?"""

import numpy as np
import pytest

from scoring.irt.ability.likelihood import eap
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.posterior_moments import posterior_mean_and_sd
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import ItemParameters
from tests.scoring.irt.scored_items import mixed_items


def difference(codes, items, *, grid=DEFAULT_GRID, mean=0.0, sd=1.0) -> float:
    prior = NormalPrior.of(mean, sd, n_candidates=codes.shape[0])
    theta, se = posterior_mean_and_sd(codes, items, grid=grid, prior=prior)
    exact = eap(codes, items, grid=grid, prior_mean=mean, prior_sd=sd)
    return max(np.abs(theta - exact.theta).max(), np.abs(se - exact.se).max())


@pytest.mark.parametrize("n_items", [5, 60, 200])
def test_single_precision_keeps_four_digits(n_items):
    items = mixed_items(n_items, c=0.2)
    theta = np.random.default_rng(1).normal(0, 1.5, 100)
    complete = simulate_responses(theta, items, seed=2)
    some = simulate_responses(
        theta, items, seed=2, presented=np.random.default_rng(3).random(complete.shape) < 0.6
    )
    assert difference(complete, items) < 1e-4
    assert difference(some, items) < 1e-4


def test_a_thousand_dichotomous_items_keep_four_digits():
    rng = np.random.default_rng(4)
    items = ItemParameters.dichotomous(rng.uniform(0.4, 2.5, 1000), rng.normal(0, 1.3, 1000))
    codes = simulate_responses(rng.normal(0, 2, 100), items, seed=5)
    # So many items make posteriors narrower than the step of the default grid.
    assert difference(codes, items, grid=Grid.uniform(201)) < 1e-4


def test_populations_of_single_candidates_keep_four_digits():
    items = mixed_items(20)
    rng = np.random.default_rng(6)
    codes = simulate_responses(rng.standard_normal(100), items, seed=7)
    grid = Grid.uniform(113, -14, 14)
    assert difference(codes, items, grid=grid, mean=rng.normal(0, 1, 100), sd=rng.uniform(0.3, 2, 100)) < 1e-4
    assert difference(codes, items, grid=grid, mean=9.0, sd=0.5) < 1e-4


def test_chunks_change_nothing():
    items = mixed_items(4)
    codes = simulate_responses(np.linspace(-2, 2, 8192 + 5), items, seed=8)
    assert difference(codes, items) < 1e-5


def test_nobody_is_no_trouble():
    prior = NormalPrior.of(0.0, 1.0, n_candidates=0)
    nobody = np.zeros((0, 4), dtype=np.int8)
    theta, se = posterior_mean_and_sd(nobody, mixed_items(4), grid=DEFAULT_GRID, prior=prior)
    assert theta.size == 0 and se.size == 0

"""Are quantiles and draws those of the posterior?"""

import numpy as np
import pytest

from scoring.irt import DEFAULT_GRID, mean_and_sd, normal_weights, posterior_weights
from scoring.irt.posterior import draw, draw_at, probability_below, quantile


def test_posterior_of_normal_prior_and_normal_likelihood_is_the_textbook_one():
    log_likelihood = -0.5 * ((DEFAULT_GRID.points - 1.0) / 0.5) ** 2
    posterior = posterior_weights(log_likelihood[None, :], normal_weights(DEFAULT_GRID))
    mean, sd = mean_and_sd(posterior, DEFAULT_GRID)
    assert mean[0] == pytest.approx(1 / (1 + 0.25), abs=1e-9)
    assert sd[0] == pytest.approx(np.sqrt(0.25 / 1.25), abs=1e-6)


def test_posterior_survives_likelihoods_no_float_can_hold():
    log_likelihood = np.full((1, 41), -5000.0)
    log_likelihood[0, 30] = -4000.0
    assert posterior_weights(log_likelihood, normal_weights(DEFAULT_GRID))[0, 30] == 1.0


def test_probability_below_and_quantile_are_inverse():
    posterior = normal_weights(DEFAULT_GRID, 0.2, 0.7)
    assert probability_below(posterior, DEFAULT_GRID, 0.2) == pytest.approx(0.5, abs=2e-3)
    assert probability_below(posterior, DEFAULT_GRID, 0.9) == pytest.approx(0.8413, abs=2e-3)
    for probability in (0.15, 0.5, 0.85):
        theta = quantile(posterior, DEFAULT_GRID, probability)
        assert probability_below(posterior, DEFAULT_GRID, theta) == pytest.approx(probability, abs=1e-12)


def test_probability_below_runs_from_0_to_1():
    posterior = normal_weights(DEFAULT_GRID)
    assert probability_below(posterior, DEFAULT_GRID, -9.0) == 0.0
    assert probability_below(posterior, DEFAULT_GRID, 9.0) == 1.0


def test_draws_have_the_mean_and_variance_of_their_posterior():
    posterior = np.repeat(normal_weights(DEFAULT_GRID, -0.6, 0.4)[None, :], 40_000, axis=0)
    values = draw(posterior, DEFAULT_GRID, np.random.default_rng(3))
    # Four standard errors each.
    assert values.mean() == pytest.approx(-0.6, abs=4 * 0.4 / 200)
    assert values.var() == pytest.approx(0.16, abs=4 * 0.16 * np.sqrt(2) / 200)


def test_draws_never_leave_the_cells_that_hold_mass():
    posterior = np.zeros((1000, 41))
    posterior[:, [10, 11]] = 0.5
    values = draw(posterior, DEFAULT_GRID, np.random.default_rng(5))
    assert values.min() >= DEFAULT_GRID.edges[10]
    assert values.max() <= DEFAULT_GRID.edges[12]


def test_draws_at_given_probabilities_are_the_quantiles():
    posterior = np.repeat(normal_weights(DEFAULT_GRID, 0.3, 0.9)[None, :], 2, axis=0)
    values = draw_at(posterior, DEFAULT_GRID, np.array([[0.1, 0.9], [0.5, 0.5], [0.0, 0.975]]))
    assert values.shape == (3, 2)
    assert values[0] == pytest.approx([0.3 - 0.9 * 1.28155, 0.3 + 0.9 * 1.28155], abs=0.01)
    assert values[1] == pytest.approx([0.3, 0.3], abs=0.001)
    assert values[2, 1] == pytest.approx(0.3 + 0.9 * 1.95996, abs=0.01)
    assert values[2, 0] < -4.9

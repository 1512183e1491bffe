"""Is the grid the default one where that serves, and finer or wider where it does not?"""

import numpy as np
import pytest

from scoring.irt.ability.form_grid import form_grid
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.scores import score
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import ItemParameters

SHORT = ItemParameters.dichotomous(1.0, np.linspace(-2, 2, 20))
SHARP = ItemParameters.dichotomous(2.0, np.linspace(-1, 1, 200))


def prior(mean: float = 0.0, sd: float = 1.0) -> NormalPrior:
    return NormalPrior.of(mean, sd, n_candidates=1)


def test_a_short_form_has_the_usual_points():
    np.testing.assert_array_equal(form_grid(SHORT, prior()).points, np.linspace(-6, 6, 49))


def test_a_sharp_form_gets_points_no_farther_apart_than_the_smallest_posterior_sd():
    grid = form_grid(SHARP, prior())
    # 200 items of slope 2 near theta 0 have an information of about 200 there.
    assert 0.05 < grid.spacing < 1 / np.sqrt(140)
    assert (grid.points[0], grid.points[-1]) == (-6, 6)


def test_a_far_population_gets_a_wider_grid():
    grid = form_grid(SHORT, prior(4.0, 1.5))
    assert (grid.points[0], grid.points[-1]) == (-6.0, 13.0)
    assert grid.spacing <= 0.25


def test_sharp_forms_are_scored_as_on_the_finest_grid():
    responses = simulate_responses(np.linspace(-2, 2, 40), SHARP, seed=4)
    finest = score(responses, SHARP, grid=Grid.uniform(2001))
    scores = score(responses, SHARP)
    np.testing.assert_allclose(scores.theta, finest.theta, rtol=0, atol=1e-4)
    np.testing.assert_allclose(scores.se, finest.se, rtol=0, atol=1e-4)
    coarse = score(responses, SHARP, grid=DEFAULT_GRID)
    assert np.abs(coarse.theta - finest.theta).max() > 1e-3


def test_scores_of_a_far_population_are_not_cut_off():
    scores = score([[1] * 20], SHORT, prior_mean=8.0, prior_sd=0.5)
    assert scores.theta[0] == pytest.approx(8.0, abs=0.05)


def test_extreme_patterns_of_a_long_form_are_not_cut_off():
    form = ItemParameters.dichotomous(np.linspace(0.6, 1.8, 60), np.linspace(-2, 2, 60))
    extremes = [[0] * 60, [1] * 60]
    scores = score(extremes, form)
    finest = score(extremes, form, grid=Grid.uniform(801, -10, 10))
    np.testing.assert_allclose(scores.theta, finest.theta, rtol=0, atol=1e-4)
    np.testing.assert_allclose(scores.se, finest.se, rtol=0, atol=1e-4)

"""Is the grid the default one where that serves, and finer or wider where it does not?"""

import numpy as np
import pytest

from scoring.irt.ability.form_grid import form_grid, maximum_grid
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.scores import score
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import ItemParameters

SHORT = ItemParameters.dichotomous(1.0, np.linspace(-2, 2, 20))
NOTHING = SHORT.select(np.zeros(20, dtype=bool))
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
    # All wrong is a posterior that reaches below the sixth sd.
    assert -7 < grid.points[0] < -5
    assert grid.points[-1] == 13.0
    assert grid.spacing <= 0.4


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


@pytest.mark.parametrize(
    ("mean", "sd", "b"), [(7.0, 1.0, 7.0), (0.0, 0.5, 5.0), (0.0, 1.0, 9.0), (3.0, 2.0, -4.0)]
)
def test_sharp_forms_far_from_the_usual_scale_are_scored_to_four_digits(mean, sd, b):
    form = ItemParameters.dichotomous(2.5, np.random.default_rng(7).normal(b, 0.5, 60))
    responses = np.tril(np.ones((61, 60), dtype=np.int8), -1)
    scores = score(responses, form, prior_mean=mean, prior_sd=sd)
    finest = score(responses, form, prior_mean=mean, prior_sd=sd, grid=Grid.uniform(3001, -15, 15))
    np.testing.assert_allclose(scores.theta, finest.theta, rtol=0, atol=1e-4)
    np.testing.assert_allclose(scores.se, finest.se, rtol=0, atol=1e-4)


def test_another_unit_and_zero_ask_for_as_many_points():
    moved = ItemParameters.dichotomous(SHARP.a / 100, SHARP.b * 100 + 500)
    usual, grid = form_grid(SHARP, prior()), form_grid(moved, prior(500.0, 100.0))
    np.testing.assert_allclose((grid.points - 500) / 100, usual.points, rtol=0, atol=1e-9)


def test_what_few_items_can_say_asks_for_fewer_points():
    few, all_items = form_grid(SHARP, prior(), n_presented=20), form_grid(SHARP, prior())
    assert few.size < all_items.size / 2
    assert few.spacing <= 1 / np.sqrt(20 + 1)


def test_a_promise_that_cannot_be_kept_is_not_made():
    with pytest.raises(
        ValueError, match="need 30013 points, more than 8001: score populations apart, or give a"
    ):
        form_grid(NOTHING, NormalPrior.of([0.0, 3.0], 1e-4, n_candidates=2))


@pytest.mark.parametrize(("zero", "unit"), [(0.0, 1.0), (7.0, 1.0), (500.0, 100.0), (500.0, 1.0)])
@pytest.mark.parametrize("method", ["ml", "wle"])
def test_maxima_are_found_wherever_the_scale_lies(method, zero, unit):
    form = ItemParameters.dichotomous(np.linspace(0.3, 2.5, 30) / unit, np.linspace(3, -3, 30) * unit + zero)
    patterns = np.tril(np.ones((31, 30), dtype=np.int8), -1)[:, ::-1]
    patterns = patterns[1:-1] if method == "ml" else patterns
    found = score(patterns, form, method).theta
    far = score(patterns, form, method, grid=Grid.uniform(4001, zero - 60 * unit, zero + 60 * unit)).theta
    np.testing.assert_allclose(found, far, rtol=0, atol=1e-8 * unit)
    assert method == "ml" or found.max() > zero + 7 * unit


def test_who_met_a_flat_item_alone_has_a_weighted_estimate_as_well():
    items = ItemParameters.dichotomous([0.05, 2.0, 2.0], [0.0, 0.5, 1.0])
    theta = score([[1, -1, -1], [0, -1, -1]], items, "wle").theta
    # Haldane's logit of 3/4 over the slope.
    np.testing.assert_allclose(theta, [np.log(3) / 0.05, -np.log(3) / 0.05], rtol=1e-9)


def test_maxima_are_sought_in_every_population():
    populations = NormalPrior(np.array([0.0, 20.0]), np.array([1.0, 2.0]))
    grid = maximum_grid(SHORT, populations)
    assert (grid.points[0], grid.points[-1]) == (-6.0, 32.0)
    assert maximum_grid(NOTHING).points[[0, -1]].tolist() == [-6.0, 6.0]

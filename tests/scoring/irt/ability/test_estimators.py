"""Are the maxima the published ones, the true ones where there are several, and exact to the last digits?"""

import numpy as np
import pytest

from scoring.irt.ability.estimators import ResponseFunctions, maximise
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.response_sums import sum_over_responses
from scoring.irt.probabilities import category_derivatives, category_log_probabilities, item_information
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.score_distribution import score_distribution_at
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import ItemParameters
from tests.scoring.irt import lsat
from tests.scoring.irt.scored_items import (
    LSAT6_PATTERNS,
    LSAT6_SCORES,
    POLYTOMOUS,
    logit,
    mixed_items,
    polytomous_items,
)


def estimates(codes, items, method, *, grid=DEFAULT_GRID, mean=0.0, sd=1.0):
    codes = np.asarray(codes, dtype=np.int8)
    prior = NormalPrior.of(mean, sd, n_candidates=codes.shape[0])
    return maximise(codes, ResponseFunctions.of_items(items), method, grid=grid, prior=prior)


def estimating_function(theta, codes, items, method):
    """The function whose root is sought, for N candidates each at its own theta, as it is defined."""
    p, first, second = category_derivatives(theta, items)
    met = codes >= 0
    place = np.where(met, codes, 0)[:, :, None]
    own_slope = np.take_along_axis(first, place, 2) / np.take_along_axis(p, place, 2)
    value = (own_slope[:, :, 0] * met).sum(axis=1)
    with np.errstate(invalid="ignore"):
        information = (np.nan_to_num(first**2 / p).sum(axis=2) * met).sum(axis=1)
        skew = (np.nan_to_num(first * second / p).sum(axis=2) * met).sum(axis=1)
    return value + {"ml": 0.0, "map": -theta, "wle": skew / (2 * information)}[method]


def test_map_of_all_32_patterns_of_lsat_6_as_published():
    theta, se = estimates(LSAT6_PATTERNS, lsat.items(6), "map", grid=lsat.grid(6))
    published = np.array([row["map"] for row in LSAT6_SCORES["patterns"]])
    np.testing.assert_allclose(theta, published[:, 0], rtol=0, atol=5e-6)
    np.testing.assert_allclose(se, published[:, 1], rtol=0, atol=1e-5)


def test_ml_of_the_30_mixed_patterns_of_lsat_6_as_published():
    theta, se = estimates(LSAT6_PATTERNS, lsat.items(6), "ml", grid=lsat.grid(6))
    published = np.array([row["ml"] for row in LSAT6_SCORES["patterns"][1:-1]])
    np.testing.assert_allclose(theta[1:-1], published[:, 0], rtol=0, atol=5e-6)
    np.testing.assert_allclose(se[1:-1], published[:, 1], rtol=0, atol=5e-5)
    assert theta[[0, -1]].tolist() == [-6.0, 6.0]


def test_wle_of_all_32_patterns_of_lsat_6_as_published():
    theta, se = estimates(LSAT6_PATTERNS, lsat.items(6), "wle", grid=lsat.grid(6))
    np.testing.assert_allclose(theta, [row["wle"] for row in LSAT6_SCORES["patterns"]], rtol=0, atol=5e-6)
    information = item_information(theta, lsat.items(6)).sum(axis=1)
    np.testing.assert_allclose(se, 1 / np.sqrt(information), rtol=1e-9)


@pytest.mark.parametrize("model", ["grm", "gpcm"])
@pytest.mark.parametrize("method", ["map", "ml", "wle"])
def test_items_of_up_to_five_categories_as_another_program_has_them(model, method):
    theta, se = estimates(POLYTOMOUS["responses"], polytomous_items(model), method, grid=lsat.grid(6))
    published = POLYTOMOUS["models"][model][method]
    np.testing.assert_allclose(theta, published["theta"], rtol=0, atol=5e-6)
    if (model, method) != ("grm", "map"):  # where the other takes the observed information
        np.testing.assert_allclose(se, published["se"], rtol=0, atol=5e-6)


def test_equal_items_have_the_estimates_of_a_proportion():
    # n items with a = 1 and b = 0: ml is logit(x / n), wle is Haldane's logit((x + 1/2) / (n + 1)).
    n = 12
    items = ItemParameters.dichotomous(1.0, np.zeros(n))
    codes = np.tril(np.ones((n + 1, n), dtype=np.int8), -1)
    x = np.arange(n + 1)
    ml, ml_se = estimates(codes, items, "ml")
    wle, wle_se = estimates(codes, items, "wle")
    np.testing.assert_allclose(ml[1:-1], logit(x[1:-1] / n), rtol=0, atol=1e-11)
    np.testing.assert_allclose(ml_se[1:-1], np.sqrt(n / (x[1:-1] * (n - x[1:-1]))), rtol=1e-10)
    share = (x + 0.5) / (n + 1)
    np.testing.assert_allclose(wle, logit(share), rtol=0, atol=1e-11)
    np.testing.assert_allclose(wle_se, 1 / np.sqrt(n * share * (1 - share)), rtol=1e-10)


@pytest.mark.parametrize("method", ["ml", "map", "wle"])
@pytest.mark.parametrize(("steepest", "c"), [(1.5, 0.0), (2.0, 0.25), (12.0, 0.0)])
def test_the_estimating_function_is_zero_at_the_estimate(method, steepest, c):
    items = mixed_items(16, steepest=steepest, c=c)
    rng = np.random.default_rng(9)
    codes = simulate_responses(
        rng.normal(0, 1.2, 150), items, seed=10, presented=rng.random((150, 16)) < 0.75
    )
    theta, se = estimates(codes, items, method)
    inside = np.abs(theta) < 5
    assert inside.sum() > 120
    value = estimating_function(theta, codes, items, method)[inside]
    # A step of Newton's method from the estimate would be about this long.
    assert np.abs(value * np.minimum(se[inside], 1) ** 2).max() < 1e-8


def test_of_several_maxima_the_highest_is_found():
    # One of three easy items wrong, all of some hard ones right: an able candidate's slip, or lucky guesses?
    items = ItemParameters.dichotomous(2.0, [-1.5] * 3 + [1.5] * 5, 0.2)
    codes = np.array([[0] + [1] * 5 + [-1] * 2, [0] + [1] * 7], dtype=np.int8)
    fine = np.linspace(-5, 5, 20_001)
    table = category_log_probabilities(fine, items)
    log_likelihood = sum_over_responses(codes, table, items.n_categories).T
    falls = np.diff(np.sign(np.diff(log_likelihood, axis=1)), axis=1) < 0
    assert falls.sum(axis=1).tolist() == [2, 2]
    theta, _ = estimates(codes, items, "ml")
    assert theta[0] < -1 and theta[1] > 1
    np.testing.assert_allclose(theta, fine[log_likelihood.argmax(axis=1)], rtol=0, atol=5e-4)


@pytest.mark.parametrize("method", ["ml", "map", "wle"])
def test_the_spacing_of_the_grid_does_not_matter(method):
    items = mixed_items(12)
    codes = simulate_responses(np.linspace(-2, 2, 40), items, seed=11)
    coarse, _ = estimates(codes, items, method, grid=Grid.uniform(21))
    fine, _ = estimates(codes, items, method, grid=Grid.uniform(161))
    np.testing.assert_allclose(coarse, fine, rtol=0, atol=1e-9)


def test_estimates_beyond_the_grid_are_its_ends_with_the_information_there():
    items = ItemParameters.dichotomous(1.2, [-1.0, 0.0, 1.0])
    theta, se = estimates([[0, 0, 0], [1, 1, 1]], items, "ml")
    assert theta.tolist() == [-5.0, 5.0]
    np.testing.assert_allclose(se, 1 / np.sqrt(item_information([-5.0, 5.0], items).sum(axis=1)), rtol=1e-9)
    theta, _ = estimates([[1, 1, 1]], items, "map", mean=40.0, sd=0.1)
    assert theta.tolist() == [5.0]


def test_where_nothing_was_presented_there_is_the_prior_or_nothing():
    items = ItemParameters.dichotomous(1.0, [0.0, 1.0])
    theta, se = estimates([[-1, -1], [1, 0]], items, "map", mean=[0.37, 0.0], sd=[0.8, 1.0])
    assert theta[0] == pytest.approx(0.37, abs=1e-12)
    assert se[0] == pytest.approx(0.8, abs=1e-12)
    for method in ("ml", "wle"):
        theta, se = estimates([[-1, -1], [1, 0]], items, method)
        assert np.isnan([theta[0], se[0]]).all()
        assert np.isfinite([theta[1], se[1]]).all()


def test_wle_has_next_to_no_bias_where_ml_leans_outward_and_map_inward():
    # Exact: the total of equally steep items says all, so 21 patterns stand for every one.
    items = ItemParameters.dichotomous(1.0, np.linspace(-2, 2, 20))
    theta = np.array([-1.5, -0.5, 0.5, 1.5])
    totals = score_distribution_at(theta, items, [[0, 1]] * 20)
    patterns = np.tril(np.ones((21, 20), dtype=np.int8), -1)
    bias = {method: totals @ estimates(patterns, items, method)[0] - theta for method in ("ml", "map", "wle")}
    assert np.abs(bias["wle"]).max() < 0.001
    assert (np.sign(theta) * bias["ml"] > 0.01).all()
    assert (np.sign(theta) * bias["map"] < -0.1).all()


@pytest.mark.parametrize("method", ["ml", "map", "wle"])
def test_a_response_far_out_of_place_still_pulls(method):
    # A candidate who fails a very easy graded item, at abilities where nearly nobody does.
    items = ItemParameters.graded_response([4.0] + [2.0] * 30, [[-4.6, -4.4]] + [[3.0]] * 30)
    codes = np.ones((2, 31), dtype=np.int8)
    codes[:, 0] = [0, 2]
    codes[:, 1:6] = 0
    theta, _ = estimates(codes, items, method)
    value = estimating_function(theta, codes, items, method)
    np.testing.assert_allclose(value, 0.0, atol=1e-9)
    assert theta[0] < theta[1] - 0.1

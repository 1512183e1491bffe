"""Is the table of totals the published one, and does a total say what its patterns say?"""

from itertools import product

import numpy as np
import pytest

from scoring.irt.ability.scores import score
from scoring.irt.ability.summed_scores import category_numbers, summed_scores
from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.score_distribution import score_distribution_at
from scoring.irt.types import ItemParameters
from tests.scoring.irt import lsat
from tests.scoring.irt.scored_items import mixed_items, rescaled

METHODS = ["eap", "map", "ml", "wle"]
FINE = Grid.uniform(10_001)


def test_totals_of_lsat_6_as_published():
    table = summed_scores(lsat.items(6), grid=lsat.grid(6))
    rows = lsat.section(6)["summed_scores"]
    assert table.total.tolist() == [row["score"] for row in rows]
    np.testing.assert_allclose(table.theta, lsat.column(rows, "theta"), rtol=0, atol=1e-6)
    np.testing.assert_allclose(table.se, lsat.column(rows, "se"), rtol=0, atol=1e-6)
    expected = 1000 * table.probability
    np.testing.assert_allclose(expected, lsat.column(rows, "expected_candidates"), rtol=0, atol=3e-6)


@pytest.mark.parametrize("method", METHODS)
def test_with_equal_slopes_a_total_says_as_much_as_its_pattern(method):
    items = ItemParameters.partial_credit([1.3] * 5, [[-1.0], [0.4, -0.2], [0.0], [1.0, 0.3, 1.5], [2.0]])
    patterns = [[0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 2, 1, 0, 0], [1, 1, 0, 3, 0], [1, 2, 1, 3, 0]]
    totals = np.sum(patterns, axis=1)
    by_total, by_pattern = summed_scores(items, method=method), score(patterns, items, method)
    np.testing.assert_allclose(by_total.theta[totals], by_pattern.theta, rtol=0, atol=1e-5)
    np.testing.assert_allclose(by_total.se[totals], by_pattern.se, rtol=0, atol=1e-5)


def test_eap_of_a_total_is_the_mean_over_its_patterns():
    items = mixed_items(4, seed=2, c=0.2)
    points = np.array([[0, 2, 0, 0, 0], [0, 1, 2, 0, 0], [0, 0, 1, 2, 0], [0, 1, 1, 3, 4]])
    patterns = list(product(*(range(n) for n in items.n_categories)))
    p = category_probabilities(DEFAULT_GRID.points, items)
    weights = normal_weights(DEFAULT_GRID, 0.3, 0.9)
    likelihood = np.array([np.prod([p[:, j, k] for j, k in enumerate(row)], axis=0) for row in patterns])
    probability = likelihood @ weights
    theta = likelihood @ (weights * DEFAULT_GRID.points) / probability
    total = np.array([sum(points[j, k] for j, k in enumerate(row)) for row in patterns])
    table = summed_scores(items, points, prior_mean=0.3, prior_sd=0.9, grid=DEFAULT_GRID)
    for value in table.total:
        own = probability[total == value]
        assert table.probability[value] == pytest.approx(own.sum(), rel=1e-12)
        assert table.theta[value] == pytest.approx(own @ theta[total == value] / own.sum(), abs=1e-12)


@pytest.mark.parametrize("method", ["map", "ml"])
def test_the_maximum_for_a_total_is_where_its_probability_is_greatest(method):
    items = mixed_items(9, seed=3, c=0.2)
    log_p = np.log(score_distribution_at(FINE.points, items, category_numbers(items)))
    if method == "map":
        log_p -= FINE.points[:, None] ** 2 / 2
    table = summed_scores(items, method=method, grid=FINE)
    np.testing.assert_allclose(table.theta, FINE.points[log_p.argmax(axis=0)], rtol=0, atol=6e-4)


def test_error_of_ml_comes_from_the_information_in_the_total():
    items = mixed_items(9, seed=3)
    table = summed_scores(items, method="ml")
    middle, step = table.theta[10], 1e-4
    below, here, above = score_distribution_at(
        [middle - step, middle, middle + step], items, category_numbers(items)
    )
    information = (((above - below) / (2 * step)) ** 2 / here).sum()
    assert table.se[10] == pytest.approx(1 / np.sqrt(information), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_theta_rises_with_the_total(method):
    items = mixed_items(12)
    theta = summed_scores(items, method=method).theta
    assert np.isfinite(theta).all()
    assert (np.diff(theta) > 0).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("zero", "unit"), [(7.0, 1.0), (500.0, 100.0)])
def test_totals_on_another_scale_have_the_same_theta(method, zero, unit):
    items = mixed_items(12)
    here = summed_scores(items, method=method)
    there = summed_scores(
        rescaled(items, factor=unit, shift=zero), method=method, prior_mean=zero, prior_sd=unit
    )
    # Where there is no maximum, the end of the range says how far one looked.
    rows = slice(1, -1) if method == "ml" else slice(None)
    np.testing.assert_allclose((there.theta[rows] - zero) / unit, here.theta[rows], rtol=0, atol=1e-5)
    np.testing.assert_allclose(there.probability, here.probability, rtol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_totals_that_cannot_be_have_no_theta(method):
    items = ItemParameters.dichotomous(1.0, [0.0, 0.5])
    table = summed_scores(items, [[0, 2], [0, 2]], method)
    assert table.probability[[1, 3]].tolist() == [0.0, 0.0]
    assert np.isnan(table.theta[[1, 3]]).all() and np.isnan(table.se[[1, 3]]).all()
    assert np.isfinite(table.theta[[0, 2, 4]]).all()
    assert table.probability.sum() == pytest.approx(1.0)


def test_bad_input_is_named():
    items = ItemParameters.dichotomous(1.0, [0.0, 0.5])
    with pytest.raises(ValueError, match="method must be one of eap, map, ml, wle, not 'sum'"):
        summed_scores(items, None, "sum")
    with pytest.raises(ValueError, match="item 1: points must start at 0"):
        summed_scores(items, [[0, 1], [1, 1]])
    with pytest.raises(ValueError, match="prior_sd must be finite and positive"):
        summed_scores(items, prior_sd=-1.0)

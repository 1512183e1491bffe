"""Are the categories of a graded item as likely as Samejima's model says, and their slopes exact far out?"""

import numpy as np
import pytest

from scoring.irt.logistic import probability
from scoring.irt.probabilities import category_derivatives, category_log_probabilities, category_probabilities
from scoring.irt.types import ItemParameters

ITEMS = ItemParameters.graded_response([1.0, 1.7, 0.8], [[0.3], [-1.0, 0.2, 1.1], [-0.4, 0.9]])
THETA = np.linspace(-4, 4, 17)


def test_categories_by_hand():
    # a = 1 and steps at -log 3 and log 3: at theta 0 reached with probability 3/4 and 1/4.
    item = ItemParameters.graded_response([1.0], [[-np.log(3), np.log(3)]])
    np.testing.assert_allclose(category_probabilities([0.0], item)[0, 0], [1 / 4, 1 / 2, 1 / 4], rtol=1e-14)


def test_a_category_or_higher_is_reached_as_a_dichotomous_item_is_solved():
    p = category_probabilities(THETA, ITEMS)
    at_least = p[:, 1, ::-1].cumsum(axis=1)[:, ::-1]
    np.testing.assert_allclose(at_least[:, 1:], probability(THETA, 1.7, [-1.0, 0.2, 1.1]), rtol=1e-12)


def test_two_categories_are_the_two_parameter_model():
    p = category_probabilities(THETA, ITEMS)[:, 0, 1]
    np.testing.assert_allclose(p, probability(THETA, 1.0, 0.3)[:, 0], rtol=1e-13)


def test_derivatives_are_those_of_the_probabilities():
    step = 1e-5
    below, here, above = (category_derivatives(THETA + shift, ITEMS) for shift in (-step, 0.0, step))
    np.testing.assert_allclose(here.first, (above.p - below.p) / (2 * step), rtol=0, atol=1e-10)
    np.testing.assert_allclose(here.second, (above.first - below.first) / (2 * step), rtol=0, atol=1e-10)


@pytest.mark.parametrize("theta", [-12.0, 12.0])
def test_slope_of_the_least_likely_category_keeps_its_digits(theta):
    item = ItemParameters.graded_response([3.0], [[-0.5, 0.5]])
    at = category_derivatives([theta], item)
    rare = 2 if theta < 0 else 0
    assert at.p[0, 0, rare] < 1e-14
    # Out there its probability goes as exp(-a |theta|).
    assert at.first[0, 0, rare] / at.p[0, 0, rare] == pytest.approx(-np.sign(theta) * 3.0, rel=1e-12)
    assert at.second[0, 0, rare] / at.p[0, 0, rare] == pytest.approx(9.0, rel=1e-12)


def test_log_probabilities_are_finite_however_far_theta_lies():
    log_p = category_log_probabilities([-400.0, 400.0], ITEMS)
    own = np.arange(4) < np.array([2, 4, 3])[:, None]
    assert np.isfinite(log_p[:, own]).all()
    assert (log_p[:, ~own] == -np.inf).all()
